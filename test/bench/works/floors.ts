import { Agent } from 'undici';
import { firstPage, type WorkDone, type WorkInput } from './work.ts';

const LINK = Buffer.from(',"nextLink":"');

/** Reads all pages one after the other. `read` gives the bytes of a page, or of its end: the link is there. */
async function walk(
  input: WorkInput,
  read: (body: Awaited<ReturnType<Agent['request']>>['body']) => Promise<{ bytes: number; next: string | undefined }>,
): Promise<WorkDone> {
  const agent = new Agent();
  let bytes = 0;
  let next: string | undefined = firstPage(input).href;
  while (next !== undefined) {
    const url: URL = new URL(next);
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
    });
    if (statusCode !== 200) throw new Error(`${url.pathname} was answered with ${statusCode}`);
    const page = await read(body);
    bytes += page.bytes;
    next = page.next;
  }
  await agent.close();
  return { bytes };
}

/** Floor: every body as bytes, nothing else. */
export function readBodies(input: WorkInput): Promise<WorkDone> {
  return walk(input, async (body) => {
    const bytes = await body.bytes();
    return { bytes: bytes.length, next: linkIn(bytes) };
  });
}

/** Floor below that: every chunk is looked at and dropped, not even put together. */
export function drainBodies(input: WorkInput): Promise<WorkDone> {
  return walk(input, async (body) => {
    let bytes = 0;
    let end: Buffer = Buffer.alloc(0);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      end = chunk.length < TAIL ? Buffer.concat([end.subarray(-TAIL), chunk]) : chunk;
    }
    return { bytes, next: linkIn(end) };
  });
}

/** Floor: every body as objects, nothing else. */
export async function parseBodies(input: WorkInput): Promise<WorkDone> {
  let rows = 0;
  const { bytes } = await walk(input, async (body) => {
    const page = (await body.json()) as { value: unknown[]; nextLink?: string };
    rows += page.value.length;
    return { bytes: 0, next: page.nextLink };
  });
  return { rows, bytes };
}

const TAIL = 8 * 1024;

function linkIn(bytes: Uint8Array): string | undefined {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-TAIL);
  const at = end.lastIndexOf(LINK);
  return at === -1 ? undefined : (JSON.parse(`{${end.toString('utf8', at + 1)}`) as { nextLink: string }).nextLink;
}
