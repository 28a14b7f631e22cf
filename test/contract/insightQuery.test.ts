import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { allRows } from '../../src/engine/allRows.ts';
import type { DimensionName } from '../../src/insight/costColumns.ts';
import { driverTables } from '../../src/insight/driverTables.ts';
import type { Side } from '../../src/insight/side.ts';
import { answerSums, sideQuery } from '../../src/insight/sideQuery.ts';
import { type Cells, SideRows } from '../../src/insight/sideSums.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { COST_HEADER, costRows } from '../support/insightRows.ts';

const BY: DimensionName[] = ['customer', 'service', 'resourceGroup'];
const SIDES: Side[] = [
  { label: 'all' },
  { label: 'October', from: '2026-10-01', to: '2026-10-31' },
  { label: 'unbilled', only: [{ dimension: 'invoice', values: [''] }] },
  { label: 'others', only: [{ dimension: 'customer', values: ['C-1'], not: true }] },
];
const DECIMALS = new Set(['quantity', 'effectivePrice', 'costInBillingCurrency', 'costInPricingCurrency']);

const cell = (text: string | null) => `"${(text ?? '').replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe('sums of a side by the engine', function () {
  this.timeout(120_000);
  let test: TestEngine;
  let files = 0;

  before(async () => {
    test = await startEngine();
  });
  after(() => test.close());

  /** A file of the rows, and a view of it whose numbers are texts or decimals. */
  async function table(rows: readonly Cells[], isDecimal: boolean) {
    const csv = test.at(`rows-${files++}.csv`);
    await writeFile(csv, [COST_HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join(''));
    const columns = COST_HEADER.map((name) =>
      isDecimal && DECIMALS.has(name) ? `CAST(nullif("${name}", '') AS DECIMAL(38, 20)) AS "${name}"` : `"${name}"`,
    );
    const sql = `SELECT ${columns.join(', ')} FROM read_csv(${literal(csv)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
    return {
      ground: { files: [csv], views: [{ name: 'us"age', sql }] },
      table: {
        name: 'us"age',
        columns: COST_HEADER.map((name) => ({ name, isDecimal: isDecimal && DECIMALS.has(name) })),
      },
    };
  }

  async function compare(rows: readonly Cells[], isDecimal: boolean, sides: readonly [Side, Side]) {
    const { ground, table: of } = await table(rows, isDecimal);
    const read = sides.map((side) => {
      const reader = new SideRows(COST_HEADER, side, BY);
      for (const row of rows) {
        reader.add(row);
      }
      return reader.sums;
    });
    const answered = await Promise.all(
      sides.map(async (side) => {
        const { sql, parameters } = sideQuery(side, BY, of);
        return answerSums(side, BY, await allRows(test.engine, { sql, params: parameters, ground }));
      }),
    );
    const [a, b] = read;
    const [c, d] = answered;
    assert.ok(a !== undefined && b !== undefined && c !== undefined && d !== undefined);
    assert.deepEqual([c.rows, c.unread, d.rows, d.unread], [a.rows, a.unread, b.rows, b.unread]);
    assert.deepEqual(driverTables(c, d), driverTables(a, b));
  }

  const pairs = fc.tuple(fc.constantFrom(...SIDES), fc.constantFrom(...SIDES));

  it('give the driver tables that adding up the rows gives, numbers as texts', () =>
    fc.assert(
      fc.asyncProperty(costRows, pairs, (rows, sides) => compare(rows, false, sides)),
      { numRuns: 40 },
    ));

  it('give them with numbers as decimals', () => {
    const numbers = costRows.map((rows) => rows.filter((row) => !row.includes('none')));
    return fc.assert(
      fc.asyncProperty(numbers, pairs, (rows, sides) => compare(rows, true, sides)),
      { numRuns: 40 },
    );
  });
});
