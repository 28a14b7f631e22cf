import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import type { Format } from '../../src/records/formats.ts';
import { FilesDocument } from '../../src/usage/filesDocument.ts';
import { MemorySink } from '../support/arm.ts';

async function document(format: Format, ...files: string[]) {
  const sink = new MemorySink();
  const written = new FilesDocument(format, sink);
  for (const file of files) {
    await written.write(new TextEncoder().encode(file));
    written.endFile();
  }
  await written.end();
  assert.equal(written.bytes, Buffer.byteLength(sink.text));
  return { text: sink.text, written };
}

const FIRST =
  '\ufeffdate,SubscriptionId,quantity,CostInBillingCurrency,billingCurrency,tags\r\n' +
  '10/01/2026,0012,1.50,0.12345678901234567890,EUR,"{""env"": ""a,b""}"\r\n' +
  '10/02/2026,13,,-2E-3,USD,\r\n';
const SECOND =
  'date,subscriptionId,quantity,costInBillingCurrency,billingCurrency,tags\n10/03/2026,7,1,.5x,,"line\nbreak"\n';

describe('documents of cost files', () => {
  it('are, as CSV, the rows byte for byte under one header', async () => {
    const { text } = await document('csv', FIRST, SECOND.replace('.5x', '0.5'));
    assert.equal(
      text,
      'date,SubscriptionId,quantity,CostInBillingCurrency,billingCurrency,tags\n' +
        '10/01/2026,0012,1.50,0.12345678901234567890,EUR,"{""env"": ""a,b""}"\n' +
        '10/02/2026,13,,-2E-3,USD,\n' +
        '10/03/2026,7,1,0.5,,"line\nbreak"\n',
    );
  });

  it('have, as JSON, numbers with the digits of the file where columns hold numbers, and text elsewhere', async () => {
    for (const format of ['json', 'ndjson'] as const) {
      const { text } = await document(format, FIRST, SECOND.replace('.5x', '0.5'));
      const records = format === 'json' ? text : `[${text.trimEnd().split('\n').join(',')}]`;
      assert.deepEqual(JSON.parse(JSON.stringify(parseJson(records))), [
        {
          date: '10/01/2026',
          SubscriptionId: '0012',
          quantity: 1.5,
          CostInBillingCurrency: 0.12345678901234568,
          billingCurrency: 'EUR',
          tags: '{"env": "a,b"}',
        },
        {
          date: '10/02/2026',
          SubscriptionId: '13',
          quantity: null,
          CostInBillingCurrency: -0.002,
          billingCurrency: 'USD',
          tags: '',
        },
        {
          date: '10/03/2026',
          SubscriptionId: '7',
          quantity: 1,
          CostInBillingCurrency: 0.5,
          billingCurrency: '',
          tags: 'line\nbreak',
        },
      ]);
      assert.match(text, /"CostInBillingCurrency": ?0\.12345678901234567890,/);
      assert.match(text, /"quantity": ?1\.50,/);
    }
  });

  it('keep as text what a number column has that is no number of JSON', async () => {
    const { text } = await document('ndjson', 'quantity,PayGPrice,unitPrice\n007,+1,1.\n');
    assert.equal(text, '{"quantity":"007","PayGPrice":"+1","unitPrice":"1."}\n');
  });

  it('add up the cost exactly per currency, and count rows without one', async () => {
    const none = 'date,SubscriptionId,quantity,CostInBillingCurrency,billingCurrency,tags\n10/03/2026,7,1,,EUR,\n';
    const { written } = await document('csv', FIRST, FIRST, none);
    assert.deepEqual(written.totals, { EUR: '0.2469135780246913578', USD: '-0.004' });
    assert.deepEqual([written.rows, written.rowsWithoutCost], [5, 1]);
  });

  it('know the cost by its other names: enrolments, FOCUS', async () => {
    assert.deepEqual((await document('csv', 'Cost,BillingCurrencyCode\n1.5,EUR\n')).written.totals, { EUR: '1.5' });
    assert.deepEqual((await document('csv', 'BilledCost,BillingCurrency\n2,USD\n')).written.totals, { USD: '2' });
    const { written } = await document('csv', 'quantity\n2\n');
    assert.deepEqual([written.totals, written.rowsWithoutCost], [{}, 1]);
  });

  it('are empty and whole where there is no file, or only headers', async () => {
    assert.match((await document('csv')).text, /^invoiceId,previousInvoiceId,[^\n]*,benefitName,provider\n$/);
    assert.deepEqual([(await document('json')).text, (await document('ndjson')).text], ['[]\n', '']);
    assert.deepEqual((await document('json', 'a,b\n')).text, '[]\n');
  });

  it('fail with one sentence for what is no cost file', async () => {
    for (const [files, message] of [
      [[SECOND], /Reading the cost details failed: '\.5x' is not a number\.$/],
      [['a,b\n1,2\n', 'a,c\n'], /the parts have different columns: column 2/],
      [['a,b\n1'], /row 2 has 1 cells, its header 2/],
    ] as const) {
      await assert.rejects(document('csv', ...files), (error: unknown) => {
        return error instanceof BillingError && error.kind === 'malformed' && message.test(error.message);
      });
    }
  });
});
