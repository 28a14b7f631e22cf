import { createArmClient } from '../../src/api/arm/armClient.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { readStored } from '../../src/store/readStored.ts';
import { Store } from '../../src/store/store.ts';
import { ASKER, usageOf } from './storedUsage.ts';

/** What a process of its own reads through a store. */
export interface StoreOrder {
  base: string;
  folder: string;
  scope: string;
  months: readonly { from: string; to: string }[];
  now: string;
  /** It goes on holding what it read until it is killed. */
  holds?: boolean;
}

/** A process that may be killed. Prints a line when it begins, and one with the sums of the months when it is done. */
const { base, folder, scope, months, now, holds } = JSON.parse(process.argv[2] ?? '') as StoreOrder;
const transport = createUndiciTransport();
const arm = createArmClient({ transport, base });
const present = new Date(now);
const store = new Store({ folder, now: () => present, limit: 1e9, producedBy: { name: 'test', version: '1' } });
console.log('{}');
const sums: object[] = [];
for (const period of months) {
  const usage = await readStored(store, ASKER, usageOf(scope, period), { arm }, present);
  const [table] = usage?.tables ?? [];
  sums.push({ rows: table?.facts.rows, totals: table?.totals, fetched: usage?.fetched });
  if (holds !== true) {
    await usage?.release();
  }
}
console.log(JSON.stringify(sums));
if (holds === true) {
  setInterval(() => {}, 1000);
} else {
  await transport.close();
}
