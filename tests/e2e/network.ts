// The wire between a counter and the server, as a test holds it: a real TCP relay that can be cut and joined again.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Wire {
  /** What the counter is told the server's address is. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  join(): Promise<void>;
  /** Leads to another server from the next connection on. */
  leadTo(targetUrl: string): void;
  close(): Promise<void>;
}

export async function openWire(targetUrl: string): Promise<Wire> {
  let target = new URL(targetUrl);
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    // A cut wire resets both sides; that is what it is for.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  };
  const relay = (near: Socket) => {
    const far = connect(Number(target.port), target.hostname);
    keep(near);
    keep(far);
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  };
  const listen = (port: number) =>
    new Promise<Server>((done, fail) => {
      const made = createServer(relay);
      made.once('error', fail);
      made.listen(port, '127.0.0.1', () => done(made));
    });
  const end = (server: Server) =>
    new Promise<void>((done) => {
      server.close(() => done());
      for (const socket of open) socket.destroy();
    });
  let server: Server | null = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut: async () => {
      if (server !== null) await end(server);
      server = null;
    },
    join: async () => {
      server ??= await listen(port);
    },
    leadTo: (url) => {
      target = new URL(url);
    },
    close: async () => {
      if (server !== null) await end(server);
      server = null;
    },
  };
}
