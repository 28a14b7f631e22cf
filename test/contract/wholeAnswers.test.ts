import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { Rooms } from '../../src/api/http/room.ts';
import type { WireResponse } from '../../src/api/http/transport.ts';
import { createUndiciTransport, type UndiciTransport } from '../../src/api/http/undiciTransport.ts';

/** What the server does with a connection once a request has come. */
type Answering = (socket: Socket) => void | Promise<void>;

describe('an answer in one piece', () => {
  let server: Server;
  let origin: string;
  let answering: Answering;
  let transport: UndiciTransport;

  beforeEach(async () => {
    server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('data', () => void answering(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    transport = createUndiciTransport();
  });

  afterEach(async () => {
    await transport.close();
    server.close();
  });

  function send(signal = new AbortController().signal, whole: (bytes: number) => Uint8Array = Buffer.alloc) {
    return transport.send({ method: 'GET', origin, path: '/', headers: {}, signal, whole });
  }

  async function chunksOf({ body }: WireResponse): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      chunks.push(chunk);
    }
    return chunks;
  }

  const answer = (head: string, ...parts: (string | Uint8Array)[]): Answering => {
    return async (socket) => {
      socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
      for (const part of parts) {
        await new Promise((written) => socket.write(part, written));
      }
    };
  };

  it('is the body, however the network cuts it, with its length announced or in chunks of its own', async () => {
    const bodies = fc.tuple(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(bodies, async ([parts, isAnnounced]) => {
        const body = Buffer.concat(parts);
        answering = isAnnounced
          ? answer(`200 OK\r\ncontent-length: ${body.length}`, ...parts)
          : answer(
              '200 OK\r\ntransfer-encoding: chunked',
              ...parts.map((part) =>
                Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
              ),
              '0\r\n\r\n',
            );
        assert.deepEqual((await chunksOf(await send())).map(Buffer.from), [body]);
      }),
      { numRuns: 300 },
    );
  });

  it('tells status and headers, those of an answer that only announces another one not', async () => {
    answering = answer(
      '103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 404 Not Found\r\nx-twice: a\r\nx-twice: b\r\ncontent-length: 2',
      '{}',
    );
    const response = await send();
    assert.equal(response.status, 404);
    assert.equal(response.headers['x-twice'], 'a, b');
    assert.equal(response.headers.link, undefined);
    assert.equal(Buffer.concat(await chunksOf(response)).toString(), '{}');
  });

  it('may have no body at all', async () => {
    answering = answer('204 No Content');
    assert.equal(Buffer.concat(await chunksOf(await send())).length, 0);
  });

  it('fails when the connection ends before the announced length, or before the last chunk', async () => {
    for (const head of ['200 OK\r\ncontent-length: 10', '200 OK\r\ntransfer-encoding: chunked']) {
      answering = async (socket) => {
        await answer(head, head.endsWith('10') ? '12345' : '5\r\n12345\r\n')(socket);
        socket.destroy();
      };
      await assert.rejects(async () => chunksOf(await send()), Error, head);
    }
  });

  it('takes no memory for a length that is beyond belief', async () => {
    const asked: number[] = [];
    answering = async (socket) => {
      await answer('200 OK\r\ncontent-length: 1000000000000', 'x')(socket);
      socket.destroy();
    };
    const room = (bytes: number) => {
      asked.push(bytes);
      return Buffer.alloc(bytes);
    };
    await assert.rejects(async () => chunksOf(await send(undefined, room)));
    assert.deepEqual(asked, []);
  });

  it('stands in the memory that it is given, and ends where it ends', async () => {
    const room = new Rooms().open().take;
    for (const body of ['a long body', 'short', '', 'the longest body of them all']) {
      answering = answer(`200 OK\r\ncontent-length: ${body.length}`, body);
      assert.equal(Buffer.concat(await chunksOf(await send(undefined, room))).toString(), body);
    }
  });

  it('ends with the reason of who gives up: before it is sent, before its head, within its body', async () => {
    const reason = new Error('given up');
    await assert.rejects(send(AbortSignal.abort(reason)), reason);

    const beforeHead = new AbortController();
    answering = () => beforeHead.abort(reason);
    await assert.rejects(send(beforeHead.signal), reason);

    const within = new AbortController();
    answering = answer('200 OK\r\ncontent-length: 10', '12345');
    const response = await send(within.signal);
    const body = chunksOf(response);
    within.abort(reason);
    await assert.rejects(body, reason);
  });

  it('leaves nothing behind when its body is not read', async () => {
    answering = async (socket) => {
      await answer('200 OK\r\ncontent-length: 10', '12345')(socket);
      socket.destroy();
    };
    const { status } = await send();
    assert.equal(status, 200);
    // An unhandled rejection would end the process.
    await new Promise((turn) => setTimeout(turn, 50));
  });

  it('says what is wrong with a request that cannot be sent', async () => {
    const signal = new AbortController().signal;
    const request = { method: 'GET', origin, path: 'no path', headers: {}, signal, whole: Buffer.alloc };
    await assert.rejects(transport.send(request), /path/);
  });
});
