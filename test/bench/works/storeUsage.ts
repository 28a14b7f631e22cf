import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createArmClient } from '../../../src/api/arm/armClient.ts';
import { createUndiciTransport } from '../../../src/api/http/undiciTransport.ts';
import { readStored } from '../../../src/store/readStored.ts';
import type { StoredUsage } from '../../../src/store/readTypes.ts';
import { Store } from '../../../src/store/store.ts';
import { writeStored } from '../../../src/store/writeStored.ts';
import type { WorkDone, WorkInput } from './work.ts';

const PRESENT = new Date('2026-11-21T12:00:00Z');

async function withUsage(
  { base, scope, period, folder }: WorkInput,
  use: (store: Store, usage: StoredUsage) => Promise<WorkDone>,
): Promise<WorkDone> {
  const transport = createUndiciTransport();
  const arm = createArmClient({ transport, base });
  await mkdir(folder, { recursive: true });
  const store = new Store({
    folder: path.join(folder, 'store'),
    now: () => PRESENT,
    limit: 1e12,
    producedBy: { name: 'bench', version: '0' },
  });
  const source = { kind: 'usageDetails' as const, scopes: [{ scope }], period };
  const usage = await readStored(
    store,
    { connection: 'bench', origin: base, sameness: async () => 'same' },
    source,
    { arm },
    PRESENT,
  );
  if (usage === undefined) {
    throw new Error('it is not kept');
  }
  const done = await use(store, usage);
  await usage.release();
  await transport.close();
  return done;
}

const sizeOf = ({ tables }: StoredUsage): WorkDone => ({
  rows: tables.reduce((sum, { facts }) => sum + facts.rows, 0),
  bytes: tables.reduce((sum, { entry }) => sum + entry.bytes, 0),
});

/** The first look: everything is fetched into an empty store. */
export async function storeFirst(input: WorkInput): Promise<WorkDone> {
  await rm(path.join(input.folder, 'store'), { recursive: true, force: true });
  return withUsage(input, async (_store, usage) => sizeOf(usage));
}

/** The second look, in a process that has not seen the files; they are there. */
export function storeSecond(input: WorkInput): Promise<WorkDone> {
  return withUsage({ ...input, base: input.base }, async (_store, usage) => {
    if (usage.fetched > 0) {
      throw new Error('something was fetched');
    }
    return sizeOf(usage);
  });
}

/** The same, and a CSV document made of it. */
export function storeSecondCsv(input: WorkInput): Promise<WorkDone> {
  return withUsage(input, async (store, usage) => {
    const { rows, bytes } = await writeStored(store, usage, 'csv', { borrows: true, write() {} });
    return { rows, bytes };
  });
}
