import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Connected, connectSample, openUsage, refusal } from './support.ts';

describe('bad input to azureBilling.openUsage', () => {
  let connected: Connected;
  let scope: string;

  before(async () => {
    connected = await connectSample();
    scope = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });

  after(() => connected.remove());

  const argument = (more: Record<string, unknown>) => ({
    connection: connected.name,
    scope,
    period: '2026-10',
    format: 'csv',
    ...more,
  });

  for (const [what, more, sentence] of [
    ['a missing scope', { scope: undefined }, /^scope: is missing\./],
    [
      'a wrong scope',
      { scope: '/customers/1' },
      /^scope: '\/customers\/1' is not a scope with usage\. Use the path of a billing account/,
    ],
    [
      'an unknown connection',
      { connection: 'Nowhere' },
      /^connection: there is no connection 'Nowhere'\. Use one of: .*Test/,
    ],
    ['a month that is none', { period: '2026-13' }, /^period: '2026-13' is not a period\./],
    [
      'days in the wrong order',
      { period: { from: '2026-10-31', to: '2026-10-01' } },
      /^period: 'from' \(2026-10-31\) is after 'to'/,
    ],
    [
      'a day that is none',
      { period: { from: '2026-02-30', to: '2026-03-01' } },
      /^period\.from: '2026-02-30' is not a day/,
    ],
    ['a period that is a number', { period: 202610 }, /^period/],
    ['a label that is no text', { label: 7 }, /^label: has to be a text/],
    ['an unknown format', { format: 'xlsx' }, /^format: 'xlsx' is not one of csv, json, ndjson/],
    [
      'an unknown customer',
      { scope: '/providers/Microsoft.Billing/billingAccounts/x/customers/y' },
      /^List usage details failed with HTTP 404/,
    ],
  ] as const) {
    it(`${what} gets one sentence`, async () => {
      assert.match(await refusal('azureBilling.openUsage', argument(more)), sentence);
    });
  }

  for (const [fault, sentence] of [
    ['html', /^List usage details failed: the answer is a web page, not data\. A proxy or a sign-in page/],
    ['not-an-object', /^List usage details failed: .*it is not an object/],
    ['wrong-shape', /^List usage details failed: .*expected a list/],
    [
      'foreign-next-link',
      /^List usage details failed: the service sent a link to 'https:\/\/management\.azure\.com\.example\.net'.* No token was sent there/,
    ],
    ['repeating-next-link', /^List usage details failed: the link on page 1 leads back/],
    ['403', /^List usage details failed with HTTP 403 RBACAccessDenied/],
    ['401', /^List usage details failed with HTTP 401 InvalidAuthenticationToken/],
  ] as const) {
    it(`the fault ${fault} gets one sentence, and the next try works`, async function () {
      this.timeout(60_000);
      connected.service.setFault(fault);
      assert.match(await refusal('azureBilling.openUsage', argument({})), sentence);
      connected.service.setFault(undefined);
      await openUsage(argument({ label: fault }));
    });
  }

  for (const fault of ['429*2', '503*1', 'truncated*1', 'reset*1', 'empty-body*1']) {
    it(`the passing fault ${fault} is waited out`, async function () {
      this.timeout(60_000);
      connected.service.setFault(fault);
      const uri = await openUsage(argument({ label: fault.replace('*', ' ') }));
      assert.equal(uri.scheme, 'azure-billing');
    });
  }

  it('a service that is down gets one sentence', async () => {
    const gone = await connectSample();
    await gone.service.close();
    const sentence = await refusal('azureBilling.openUsage', argument({ connection: gone.name }));
    assert.match(
      sentence,
      /^List usage details failed: nothing listens at 127\.0\.0\.1:\d+\. Check the endpoint, or that the service runs\.$/,
    );
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: gone.name });
  });

  it('a row that the editor lost while it drew its level anew is no wish to be asked for a connection', async () => {
    await assert.rejects(
      async () => vscode.commands.executeCommand('azureBilling.openUsage', null, undefined),
      /The row was just being drawn anew, so nothing was done\. Choose it again\./,
    );
  });
});
