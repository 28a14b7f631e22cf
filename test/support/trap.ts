import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A port where nobody should ever connect. */
export interface Trap {
  port: number;
  /** The first line of every connection, as far as one came. */
  visits: string[];
  close(): Promise<void>;
}

/** Takes every connection, writes down how it began, and ends it. */
export async function startTrap(): Promise<Trap> {
  const visits: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const visit = visits.push('') - 1;
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.once('data', (bytes) => {
      visits[visit] = bytes.toString('latin1').split('\r\n')[0] ?? '';
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    visits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) {
          socket.destroy();
        }
      }),
  };
}
