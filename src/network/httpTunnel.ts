import type { Socket } from 'node:net';
import type { ProxyAddress } from './proxyAddress.ts';
import { proxyRefusal, wrongProtocol } from './proxyFailures.ts';
import type { Target } from './settings.ts';
import { shownTarget } from './target.ts';

/** The head of a proxy's answer is some hundred bytes; without a limit it could fill the memory. */
const LONGEST_HEAD = 64 * 1024;

/**
 * Asks an http proxy for a tunnel (RFC 9110, "CONNECT"). After that the socket leads to the target.
 *
 * @throws ConnectFailure when the proxy refuses; the socket's own error
 */
export async function askHttp(socket: Socket, proxy: ProxyAddress, target: Target): Promise<void> {
  socket.write(connectRequest(proxy, target));
  const { status, headers, rest } = await readHead(socket, proxy);
  if (status < 200 || status > 299) {
    throw proxyRefusal(proxy, target, status, headers);
  }
  if (rest.length > 0) {
    socket.unshift(rest);
  }
}

function connectRequest(proxy: ProxyAddress, target: Target): string {
  const authority = shownTarget(target);
  const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`;
}

interface Head {
  status: number;
  /** Names in lower case; repeated ones joined with a comma. */
  headers: ReadonlyMap<string, string>;
  /** Bytes of the tunnel that came with the head. */
  rest: Buffer;
}

function readHead(socket: Socket, proxy: ProxyAddress): Promise<Head> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const finish = (end: () => void) => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      socket.pause();
      end();
    };
    const onError = (error: Error) => finish(() => reject(error));
    const onClose = () => finish(() => reject(Object.assign(new Error('Closed.'), { code: 'ECONNRESET' })));
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0 && bytes.length < LONGEST_HEAD && looksLikeHttp(bytes)) {
        return;
      }
      const head = end < 0 ? undefined : parseHead(bytes.subarray(0, end).toString('latin1'));
      finish(() =>
        head === undefined ? reject(wrongProtocol(proxy)) : resolve({ ...head, rest: bytes.subarray(end + 4) }),
      );
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
  });
}

function looksLikeHttp(bytes: Buffer): boolean {
  return 'HTTP/1.'.startsWith(bytes.subarray(0, 7).toString('latin1'));
}

function parseHead(text: string): Omit<Head, 'rest'> | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) {
    return undefined;
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
    const key = name.toLowerCase();
    const known = headers.get(key);
    headers.set(key, known === undefined ? value : `${known}, ${value}`);
  }
  return { status: Number(status), headers };
}
