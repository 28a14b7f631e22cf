import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import type { ProxyAddress } from './proxyAddress.ts';
import { socksRefusal, socksSignIn, wrongProtocol } from './proxyFailures.ts';
import type { Target } from './settings.ts';

const VERSION = 5;
const WITHOUT_SIGN_IN = 0;
const WITH_PASSWORD = 2;
const CONNECT = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 };

/**
 * Asks a SOCKS proxy for a tunnel (RFC 1928; RFC 1929 for user name and password). Names are looked up at the proxy. After that the
 * socket leads to the target.
 *
 * @throws ConnectFailure when the proxy refuses; the socket's own error
 */
export async function askSocks(socket: Socket, proxy: ProxyAddress, target: Target): Promise<void> {
  const { credentials } = proxy;
  const methods = credentials === undefined ? [WITHOUT_SIGN_IN] : [WITHOUT_SIGN_IN, WITH_PASSWORD];
  socket.write(Buffer.of(VERSION, methods.length, ...methods));
  const [version, method] = await read(socket, 2);
  if (version !== VERSION) {
    throw wrongProtocol(proxy);
  }
  if (method === WITH_PASSWORD && credentials !== undefined) {
    const { username, password } = credentials;
    socket.write(Buffer.concat([Buffer.of(1), sized(username), sized(password)]));
    const [, status] = await read(socket, 2);
    if (status !== 0) {
      throw socksSignIn(proxy);
    }
  } else if (method !== WITHOUT_SIGN_IN) {
    throw socksSignIn(proxy);
  }
  const port = Buffer.alloc(2);
  port.writeUInt16BE(target.port);
  socket.write(Buffer.concat([Buffer.of(VERSION, CONNECT, 0), addressOf(target.host), port]));
  const [, reply = 1, , kind] = await read(socket, 4);
  if (reply !== 0) {
    throw socksRefusal(proxy, target, reply);
  }
  // The address at the proxy's other end, which nobody needs.
  const [length = 0] = kind === ADDRESS.name ? await read(socket, 1) : [kind === ADDRESS.ipv6 ? 16 : 4];
  await read(socket, length + 2);
}

function addressOf(host: string): Buffer {
  switch (isIP(host)) {
    case 4:
      return Buffer.of(ADDRESS.ipv4, ...host.split('.').map(Number));
    case 6:
      return Buffer.concat([Buffer.of(ADDRESS.ipv6), ipv6Bytes(host)]);
    default:
      return Buffer.concat([Buffer.of(ADDRESS.name), sized(host)]);
  }
}

/** In the short form: eight groups of hexadecimal digits, of which `::` leaves out those that are zero. */
function ipv6Bytes(host: string): Buffer {
  const [head = [], tail = []] = host.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** One byte for the length: what is longer is cut, and then refused by the proxy. */
function sized(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').subarray(0, 255);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

async function read(socket: Socket, size: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(size);
    if (bytes !== null && bytes.length === size) {
      return bytes;
    }
    if (bytes !== null || socket.readableEnded || socket.destroyed) {
      throw Object.assign(new Error('Closed.'), { code: 'ECONNRESET' });
    }
    const heard = new AbortController();
    try {
      const { signal } = heard;
      await Promise.race([once(socket, 'readable', { signal }), once(socket, 'close', { signal })]);
    } finally {
      heard.abort();
    }
  }
}
