import { type ArmClient, type ArmClientOptions, createArmClient } from '../../src/api/arm/armClient.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import type { Sink } from '../../src/records/output.ts';

/** A client over the real transport; `close` ends its connections. */
export function connect(
  base: string,
  options: Partial<ArmClientOptions> = {},
): { arm: ArmClient; close(): Promise<void> } {
  const transport = createUndiciTransport();
  return { arm: createArmClient({ transport, base, ...options }), close: () => transport.close() };
}

/** Every item of a list. */
export async function collect<T>(walk: PageWalk<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of walk.rest()) {
    items.push(...page.value);
  }
  return items;
}

/** Keeps what is written. */
export class MemorySink implements Sink {
  readonly chunks: Uint8Array[] = [];

  write(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}
