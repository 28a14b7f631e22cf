import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service whose answers to writes can get lost. */
export interface LossyService {
  /** Its address, without a trailing slash. */
  base: string;
  /** `answer`: the next write is done and its connection breaks then; `request`: it breaks before anything is done. */
  loseNext: 'answer' | 'request' | undefined;
  close(): Promise<void>;
}

/** Passes everything on to another service, but what it is told to lose. */
export async function startLossyService(to: string): Promise<LossyService> {
  const server = createServer((incoming, outgoing) => {
    const isWrite = incoming.method === 'PUT' || incoming.method === 'DELETE';
    const lost = isWrite ? lossy.loseNext : undefined;
    lossy.loseNext = isWrite ? undefined : lossy.loseNext;
    if (lost === 'request') {
      incoming.socket.destroy();
      return;
    }
    const { method, headers, url } = incoming;
    const passed = forward(`${to}${url}`, { method, headers: { ...headers, host: new URL(to).host } }, (answer) => {
      if (lost === 'answer') {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => incoming.socket.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lossy: LossyService = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseNext: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return lossy;
}
