import type { PageWalk } from '../../src/api/http/paging.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import {
  createPartnerCenterClient,
  type PartnerCenterClient,
  type PartnerCenterClientOptions,
} from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { FastClock } from './fastClock.ts';
import { type StubAnswer, type StubService, startStubService } from './stubService.ts';

/** A Partner Center client over the real transport; `close` ends its connections. */
export function connectPartnerCenter(
  base: string,
  options: Partial<PartnerCenterClientOptions> = {},
): { client: PartnerCenterClient; close(): Promise<void> } {
  const transport = createUndiciTransport();
  return {
    client: createPartnerCenterClient({ transport, base, ...options }),
    close: () => transport.close(),
  };
}

/** A client whose clock does not wait, and the stub service that it talks to. */
export interface PartnerStub {
  client: PartnerCenterClient;
  service: StubService;
  clock: FastClock;
}

/** Runs a test against a stub service, and ends both. */
export async function withStub<T>(
  answer: StubAnswer,
  run: (stub: PartnerStub) => Promise<T>,
  options: Partial<PartnerCenterClientOptions> = {},
): Promise<T> {
  const service = await startStubService(answer);
  const clock = new FastClock();
  const { client, close } = connectPartnerCenter(service.base, { clock, ...options });
  try {
    return await run({ client, service, clock });
  } finally {
    await close();
    await service.close();
  }
}

/** Every page of a list as it came. */
export async function collectPages(walk: PageWalk<Uint8Array>): Promise<Buffer[]> {
  const pages: Buffer[] = [];
  for await (const { value } of walk.rest()) {
    pages.push(Buffer.from(value));
  }
  return pages;
}
