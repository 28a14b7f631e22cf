import assert from 'node:assert/strict';
import { cleanOptions, cleanPicture } from '../../src/charts/cleanSpend.ts';
import { samplePicture } from '../support/spendPictures.ts';

describe('what a page of spend is told', () => {
  it('names what has no name', () => {
    assert.deepEqual(
      cleanOptions([
        { id: '', label: '' },
        { id: 'rg-1', label: ' ' },
        { id: '', label: 'Nothing: one sum' },
      ]),
      [
        { id: '', label: '(none)' },
        { id: 'rg-1', label: 'rg-1' },
        { id: '', label: 'Nothing: one sum' },
      ],
    );
  });

  const facts = (scope: string) => cleanPicture(samplePicture({ scope })).facts.at(-1) ?? '';

  it('says of a customer whose figures it has: two services know customers', () => {
    const account = '/providers/Microsoft.Billing/billingAccounts/a:b_2019-05-31';
    assert.match(facts(`${account}/customers/c`), /^These are the costs that Cost Management has/);
    assert.match(facts(`${account}/billingProfiles/p/customers/c`), /^These are the costs that Cost Management has/);
    assert.match(
      facts('/partnerCenter/customers/4a94c7a6-4ffd-4b32-9785-31eea3f45e02'),
      /^These are the estimates of Partner Center/,
    );
    assert.doesNotMatch(facts(account), /^These are/);
  });
});
