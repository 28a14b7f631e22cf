import assert from 'node:assert/strict';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { queryCost } from '../../src/api/arm/costQuery.ts';
import { readCostTable, type WholeCostTable } from '../../src/api/arm/costTable.ts';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';

/** The table of an answer whose rows are this text. */
async function tableOf(rows: string): Promise<WholeCostTable> {
  const bytes = new TextEncoder().encode(
    `{"properties":{"nextLink":null,"columns":[{"name":"Cost"},{"name":"Currency"}],"rows":${rows}}}`,
  );
  const arm = createArmClient({
    base: 'http://127.0.0.1:1',
    transport: {
      async send() {
        return {
          status: 200,
          headers: { 'content-type': 'application/json', 'content-length': String(bytes.length) },
          body: (async function* () {
            yield bytes;
          })(),
        };
      },
      async close() {},
    },
  });
  const scope = { kind: 'subscription', subscription: 's' } as const;
  return readCostTable(queryCost(arm, scope, { type: 'ActualCost', timeframe: 'MonthToDate', dataset: {} }));
}

describe('a cost table', () => {
  it('has texts, numbers with their digits, truths and nothing as they were sent', async () => {
    const { rows } = await tableOf('[[0.12345678901234567890,"EUR"],[1e-7,null],[true,"\\u00e4"]]');
    assert.equal(digitsOf(rows[0]?.[0] as JsonNumber), '0.12345678901234567890');
    assert.deepEqual(rows.slice(1), [
      [1e-7, null],
      [true, 'ä'],
    ]);
    assert.deepEqual((await tableOf('null')).rows, []);
  });

  for (const rows of ['[[1,{}]]', '[[1,[]]]', '[{"Cost":1}]', '[1,2]', '{"0":[1,"EUR"]}', '"EUR"', '[[1]]']) {
    it(`is refused where its rows are ${rows}`, async () => {
      await assert.rejects(tableOf(rows), { kind: 'malformed' });
    });
  }
});
