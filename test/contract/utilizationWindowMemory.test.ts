import assert from 'node:assert/strict';
import { DecimalSum } from '../../src/records/decimal.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { readUtilization, type UtilizationReading } from '../support/utilizationReading.ts';

/** 400 days. */
const WINDOW = { start: '2025-10-15T00:00:00Z', end: '2026-11-19T00:00:00Z' };
const FEW = 100_000;
/** Where half a minute is too long, `UTILIZATION_ROWS=300000` reads less. */
const MANY = Number(process.env.UTILIZATION_ROWS ?? 1_000_000);

/** What goes wrong on the way. */
interface Faults {
  /** Answers that the data is not ready. */
  notReady?: number;
  /** The request with which the token runs out. */
  tokenEndsAt?: number;
}

/** Reads a window of about so many hourly records in pages of a thousand, and checks it against what the service knows. */
async function readWhole(rows: number, { notReady = 0, tokenEndsAt }: Faults = {}): Promise<UtilizationReading> {
  const center = await SamplePartnerCenter.start({
    customers: 20,
    usageRows: 2_000,
    partnerCenter: { utilizationRows: rows, notReady },
  });
  try {
    const { customer, commerceId: subscription } = center.story('legacy');
    const base = center.service.endpoints.partnerCenter;
    // The same in each run, so that its room is no difference between them.
    const mostRows = Math.ceil(MANY * 1.2);
    const reading = await readUtilization({ base, customer, subscription, ...WINDOW, mostRows, tokenEndsAt });
    const truth = center.service.partnerCenter.utilizationTruth(subscription, {
      start: new Date(WINDOW.start),
      end: new Date(WINDOW.end),
      granularity: 'Hourly',
      showDetails: true,
    });
    assert.ok(truth.rows > rows * 0.9, `the service has ${truth.rows} rows`);
    assert.deepEqual([reading.rows, reading.found, reading.doubled], [truth.rows, truth.rows, 0]);
    assert.deepEqual(
      new Map(Object.entries(reading.quantities)),
      new Map([...truth.quantities].map(([m, q]) => [m, plain(q)])),
    );
    assert.equal(sum(Object.values(reading.totals)), plain(truth.total));
    assert.ok(reading.pages >= truth.rows / 1000);
    const faults = notReady + (tokenEndsAt === undefined ? 0 : 1);
    assert.ok(reading.requests >= reading.pages + faults, 'the faults have happened');
    return reading;
  } finally {
    await center.service.close();
  }
}

function sum(digits: Iterable<string>): string {
  const total = new DecimalSum();
  for (const each of digits) {
    total.add(each);
  }
  return total.toString();
}

/** Without zeros behind the last digit that counts. */
function plain(digits: string): string {
  return sum([digits]);
}

describe('utilization of 400 days by hour', function () {
  this.timeout(600_000);

  it('is whole and exact under faults, and takes no more memory with ten times the rows', async () => {
    const few = await readWhole(FEW);
    const many = await readWhole(MANY, { notReady: 5, tokenEndsAt: Math.min(500, MANY / 2000) });
    const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;
    const told = `${few.rows} rows: ${megabytes(few.keptMemory)} kept, ${megabytes(few.peakMemory)} at most; ${many.rows} rows: ${megabytes(many.keptMemory)} kept, ${megabytes(many.peakMemory)} at most`;
    if (process.env.UTILIZATION_ROWS !== undefined) {
      console.log(`      ${told}`);
    }
    // What may wait of four pieces is bounded, but a window of few rows never fills it.
    assert.ok(many.keptMemory < few.keptMemory * 2, told);
    assert.ok(many.peakMemory < few.peakMemory * 2.5, told);
  });
});
