import assert from 'node:assert/strict';
import { lineItemsSpec } from '../../src/choices/lineItemArguments.ts';
import { partnerLabel } from '../../src/choices/partnerLabels.ts';
import type { LineItemsSpec } from '../../src/choices/partnerSpecs.ts';
import { parsePartnerUri, partnerUri } from '../../src/documents/partnerUri.ts';

/** Without members that are undefined: they say the same as no member. */
const bare = (spec: object | undefined) => spec && JSON.parse(JSON.stringify(spec));

describe('line items: arguments and addresses', () => {
  const charges = { provider: 'onetime', type: 'billinglineitems' };
  const spec = (given: object) => lineItemsSpec({ ...charges, ...given }, 'Contoso', 'csv');

  it('take the words of requests and of answers, in any case', () => {
    const wanted = spec({ invoice: 'G016907411' });
    assert.deepEqual(spec({ invoice: ' G016907411 ', provider: 'One_Time', type: 'billing_line_items' }), wanted);
    assert.equal(wanted.provider, 'onetime');
    assert.equal(wanted.period, undefined);
  });

  it('are those of the running month where neither an invoice nor a period is given', () => {
    assert.equal(spec({ currency: ' eur ' }).period, 'current');
    assert.equal(spec({ currency: 'EUR', period: 'Last' }).period, 'last');
    assert.equal(spec({}).currency, undefined);
  });

  it('come back from the address of their document, and from no other', () => {
    const cases: LineItemsSpec[] = [
      spec({ invoice: 'OneTime-G016907411', fragment: 'basic', format: 'json' }),
      spec({ currency: 'JPY', period: 'last', provider: 'all', type: 'usagelineitems', customerId: 'c-1' }),
      spec({ invoice: 'D02005YFHI', provider: 'office', format: 'ndjson', customerId: 'c-1', subscriptionId: 's-1' }),
    ];
    for (const wanted of cases) {
      const uri = partnerUri(wanted, partnerLabel(wanted, undefined));
      assert.deepEqual(bare(parsePartnerUri(uri)), bare(wanted));
      for (const [from, to] of [
        ['provider=', 'provider=x'],
        ['type=', 'type=x'],
        [/provider=\w+&?/, ''],
        [/type=\w+&?/, ''],
        [/(invoice|period)=[^&]+&?/, ''],
        [/$/, '&more=1'],
        [/(invoice|period)=/, 'invoice=../'],
      ] as const) {
        const query = uri.query.replace(from, to);
        assert.equal(parsePartnerUri({ ...uri, query }), undefined, query);
      }
    }
  });

  it('have names that a person tells apart', () => {
    const label = (given: object) => partnerLabel(spec(given), undefined);
    assert.equal(label({ invoice: 'G1' }), 'charges invoice G1');
    assert.equal(label({ currency: 'EUR' }), 'charges unbilled current EUR');
    assert.equal(label({ invoice: 'G1', type: 'usagelineitems' }), 'daily rated usage invoice G1');
    assert.equal(label({ invoice: 'D1', provider: 'azure' }), 'Azure charges invoice D1');
    assert.equal(label({ invoice: 'D1', provider: 'azure', type: 'usagelineitems' }), 'Azure usage invoice D1');
    assert.equal(label({ invoice: 'D1', provider: 'office' }), 'licence charges invoice D1');
    assert.equal(partnerLabel(spec({ invoice: 'G1' }), 'Fabrikam'), 'Fabrikam charges invoice G1');
  });
});
