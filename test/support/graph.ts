import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { createGraphClient, type GraphClient, type GraphClientOptions } from '../../src/api/graph/graphClient.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { FastClock } from './fastClock.ts';
import { type StubAnswer, type StubService, startStubService } from './stubService.ts';

/** A Graph client over the real transport, with a clock that does not wait; `close` ends its connections. */
export function connectGraph(
  base: string,
  options: Partial<GraphClientOptions> = {},
): { graph: GraphClient; clock: FastClock; close(): Promise<void> } {
  const transport = createUndiciTransport();
  const clock = new FastClock();
  return { graph: createGraphClient({ transport, base, clock, ...options }), clock, close: () => transport.close() };
}

/** A client, and the stub service that it talks to. */
export interface GraphStub {
  graph: GraphClient;
  service: StubService;
  clock: FastClock;
}

/** Runs a test against a stub service, and ends both. */
export async function withGraphStub<T>(
  answer: StubAnswer,
  run: (stub: GraphStub) => Promise<T>,
  options: Partial<GraphClientOptions> = {},
): Promise<T> {
  const service = await startStubService(answer);
  const { graph, clock, close } = connectGraph(service.base, options);
  try {
    return await run({ graph, service, clock });
  } finally {
    await close();
    await service.close();
  }
}

/** All rows, as text. */
export async function rowTexts(batches: AsyncIterable<Uint8Array[]>): Promise<string[]> {
  const rows: string[] = [];
  for await (const batch of batches) {
    rows.push(...batch.map((row) => Buffer.from(row).toString('utf8')));
  }
  return rows;
}

/** Text as a gzip file. */
export function packed(text: string): Buffer {
  return gzipSync(Buffer.from(text));
}

/** Waits for a failure of ours. */
export async function failureOf(run: Promise<unknown>): Promise<BillingError> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    return error;
  }
  return assert.fail('it did not fail');
}
