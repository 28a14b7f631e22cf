import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { firstPage, type WorkDone, type WorkInput } from './work.ts';

/** Longest of all headers that name a wait; seconds. */
function waitIn(headers: Readonly<Record<string, unknown>>): number {
  const told = Object.entries(headers).filter(([name]) => name.endsWith('retry-after'));
  return Math.max(1, ...told.map(([, value]) => Number(value)));
}

/** Peer: one call after the other along the links, as scripts and the official client do it; a refused one after its wait again. */
export async function walkSequentially(input: WorkInput): Promise<WorkDone> {
  const agent = new Agent();
  let rows = 0;
  let bytes = 0;
  let next: string | undefined = firstPage(input).href;
  while (next !== undefined) {
    const url: URL = new URL(next);
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
    });
    const text = await body.text();
    if (statusCode === 429) {
      await delay(waitIn(headers) * 1000);
      continue;
    }
    if (statusCode !== 200) throw new Error(`${url.pathname} was answered with ${statusCode}`);
    const page = JSON.parse(text) as { value: unknown[]; nextLink?: string };
    rows += page.value.length;
    bytes += text.length;
    next = page.nextLink;
  }
  await agent.close();
  return { rows, bytes };
}
