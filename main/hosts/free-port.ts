// Looks whether a port can be listened on.
import { type AddressInfo, createServer } from 'node:net';

/** The port itself when it is free, another one when it is not. */
export async function freePort(host: string, wanted: number): Promise<number> {
  return (await listenOnce(host, wanted)) ?? (await listenOnce(host, 0)) ?? wanted;
}

function listenOnce(host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(port, host, () => {
      const found = (server.address() as AddressInfo).port;
      server.close(() => resolve(found));
    });
  });
}
