import assert from 'node:assert/strict';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { queryLines, querySchema } from '../../src/records/queryRows.ts';

const answer = (columns: object[], rows: string, order: 'columns' | 'rows' = 'columns') => {
  const members = [`"columns":${JSON.stringify(columns)}`, `"rows":${rows}`];
  return Buffer.from(
    `{"id":"q","properties":{"nextLink":null,${(order === 'rows' ? members.reverse() : members).join()}}}`,
  );
};

const COLUMNS = [
  { name: 'CostUSD', type: 'Number' },
  { name: 'Cost', type: 'Number' },
  { name: 'UsageDate', type: 'Number' },
  { name: 'Service "Name"', type: 'String' },
  { name: 'Currency', type: 'String' },
];

describe('rows of a cost query', () => {
  it('are objects with the digits that were sent', () => {
    const page = answer(
      COLUMNS,
      '[[ 1.10, 0.12345678901234567890 ,20261001,"a\\u00e4,\\n",  "EUR"],[0,1e-7,20261002,null,"EUR"]]',
    );
    assert.equal(
      Buffer.from(queryLines(page)).toString(),
      '{"CostUSD":1.10,"Cost":0.12345678901234567890,"UsageDate":20261001,"Service \\"Name\\"":"a\\u00e4,\\n","Currency":"EUR"}\n' +
        '{"CostUSD":0,"Cost":1e-7,"UsageDate":20261002,"Service \\"Name\\"":null,"Currency":"EUR"}\n',
    );
  });

  it('are the same when the rows stand before the columns', () => {
    const rows = '[[1,2,20261001,"x","EUR"]]';
    assert.deepEqual(queryLines(answer(COLUMNS, rows, 'rows')), queryLines(answer(COLUMNS, rows)));
  });

  it('have the columns of the answer, and add up the cost by currency', () => {
    const { columns, cost } = querySchema(answer(COLUMNS, '[]'));
    assert.deepEqual(
      columns.map(({ name }) => name),
      COLUMNS.map(({ name }) => name),
    );
    assert.deepEqual(cost, { amount: 'Cost', currency: 'Currency' });
  });

  it('are none where the service has none', () => {
    assert.equal(queryLines(new Uint8Array()).length, 0);
    assert.equal(queryLines(answer(COLUMNS, '[]')).length, 0);
    assert.deepEqual(querySchema(new Uint8Array()).columns, []);
  });

  it('refuse a row that does not fit its columns', () => {
    assert.throws(() => queryLines(answer(COLUMNS, '[[1,2]]')), JsonSyntaxError);
  });
});
