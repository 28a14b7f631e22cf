import { writeUtilization } from '../../src/usage/partner/writeUtilization.ts';
import { expiringSignIn, transportBetween } from './between.ts';
import { FastClock } from './fastClock.ts';
import { connectPartnerCenter } from './partnerCenter.ts';
import { UtilizationAudit } from './utilizationAudit.ts';
import type { UtilizationReading, UtilizationToRead } from './utilizationReading.ts';

/**
 * `node --expose-gc test/support/utilizationReader.ts <json>`: writes the utilization of a window as CSV to nowhere, checks it row by
 * row on the way, and prints what it found and how much memory that took. A process of its own, where nothing else fills memory.
 */
const {
  base,
  mostRows,
  tokenEndsAt = Number.POSITIVE_INFINITY,
  ...request
} = JSON.parse(process.argv[2] ?? '') as UtilizationToRead;
const { token, between } = expiringSignIn((_request, number) => number >= tokenEndsAt);
const { transport, seen } = transportBetween(between);
const { client } = connectPartnerCenter(base, { transport, token, clock: new FastClock() });
const audit = new UtilizationAudit(mostRows);
let keptMemory = 0;

function measure(): void {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  keptMemory = Math.max(keptMemory, heapUsed + arrayBuffers);
}

const report = await writeUtilization(client, { ...request, granularity: 'hourly', showDetails: true }, 'csv', audit, {
  onProgress({ pages }) {
    if (pages % 100 === 0) {
      measure();
    }
  },
});
await transport.close();
const reading: UtilizationReading = {
  rows: report.rows,
  pages: report.pages,
  requests: seen.requests.length,
  totals: report.totals,
  found: audit.rows,
  doubled: audit.doubled,
  quantities: audit.quantities(),
  peakMemory: process.resourceUsage().maxRSS * 1024,
  keptMemory,
};
console.log(JSON.stringify(reading));
