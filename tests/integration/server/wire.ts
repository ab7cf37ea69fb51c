// A wire between the server and its database (or provider) that a test can cut and join again.
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Wire {
  /** The same address as was given, but over this wire. */
  readonly url: string;
  cut(): Promise<void>;
  join(): Promise<void>;
}

export async function wireTo(address: string): Promise<Wire> {
  const target = new URL(address);
  const open = new Set<Socket>();
  let server = serve();
  const port = await listen(server, 0);
  const over = new URL(address);
  over.hostname = '127.0.0.1';
  over.port = String(port);

  function serve(): Server {
    return createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.pipe(other);
        // Whichever end goes first takes the other with it; the reason is the test's own.
        one.on('error', () => other.destroy());
        one.on('close', () => {
          open.delete(one);
          other.destroy();
        });
      }
    });
  }

  return {
    url: over.href,
    cut: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of open) socket.destroy();
      await closed;
    },
    join: async () => {
      server = serve();
      await listen(server, port);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
