import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { digits, listed, row, sum, takingTheFirst } from './partnerSupport.ts';
import { activeTab, type Connected, connectSample, contentOf, refusal } from './support.ts';

interface Line {
  customerId: string;
  subscriptionId: string;
  billingPreTaxTotal: number;
}

describe('azureBilling.openRatedUsage (Partner Center)', () => {
  let connected: Connected;
  let customerId: string;
  let subscriptionId: string;
  let currency: string;
  let invoice: string;

  before(async () => {
    connected = await connectSample({ graph: { polls: 0 } }, ['partnerCenter', 'graph']);
    const { customer, planId } = connected.service.partnerCenter.stories.azurePlan;
    [customerId, subscriptionId] = [customer, planId];
    const usage = await listed<{ currencyCode: string }>(connected, `customers/${customer}/subscriptions/usagerecords`);
    currency = usage.items[0]?.currencyCode ?? assert.fail();
    const invoices = await listed<{ id: string; currencyCode: string; invoiceDate: string }>(connected, 'invoices');
    invoice =
      invoices.items
        .filter((each) => each.id.startsWith('G') && each.currencyCode === currency)
        .sort((a, b) => (a.invoiceDate < b.invoiceDate ? 1 : -1))[0]?.id ?? assert.fail();
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.partnerCenter.reset();
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const open = async (more: object): Promise<vscode.Uri> => {
    const argument = { connection: connected.name, ...more };
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openRatedUsage', argument);
    return uri ?? assert.fail('it returned nothing');
  };
  const refused = (more: object) => refusal('azureBilling.openRatedUsage', { connection: connected.name, ...more });
  /** What the line items of Partner Center tell of the same, digits as they were sent. */
  const truth = async (of: string, more = '') => {
    const path = `invoices/${of}/lineitems?provider=onetime&invoicelineitemtype=usagelineitems&currencycode=${currency}${more}&size=2000`;
    const { items, text } = await listed<Line>(connected, path);
    const totals = digits(text, 'billingPreTaxTotal');
    assert.equal(totals.length, items.length);
    const own = items.flatMap((item, at) =>
      item.customerId.toLowerCase() === customerId.toLowerCase() ? (totals[at] ?? []) : [],
    );
    return { all: { rows: totals.length, sum: sum(totals) }, own: { rows: own.length, sum: sum(own) } };
  };
  const summary = (text: string) => {
    const totals = digits(text, 'BillingPreTaxTotal');
    return { rows: text.trimEnd().split('\n').length, sum: sum(totals) };
  };

  it('opens what a plan has without an invoice as NDJSON, sums those of the service', async () => {
    const uri = await open({
      customerId,
      subscriptionId,
      currency,
      period: 'current',
      format: 'ndjson',
      label: 'Mill',
    });
    assert.equal((await activeTab(uri)).label, `Mill rated usage unbilled current ${currency}.ndjson`);
    assert.deepEqual(summary(await contentOf(uri)), (await truth('unbilled', '&period=current')).own);
  });

  it('opens an invoice of all customers as CSV', async () => {
    const uri = await open({ invoice, format: 'csv' });
    assert.equal((await activeTab(uri)).label, `rated usage invoice ${invoice}.csv`);
    const [header = '', ...rows] = (await contentOf(uri)).trimEnd().split('\n');
    assert.match(header, /^UsageDate,CustomerName,.*BillingPreTaxTotal,BillingCurrency/);
    // Line items leave out the row that brings an invoice to its total.
    const usage = rows.filter((each) => !each.includes('Rounding adjustment'));
    assert.equal(usage.length, (await truth(invoice)).all.rows);
    assert.equal(rows.length - usage.length, 1);
  });

  it('opens the rows of one customer of an invoice as JSON', async () => {
    const uri = await open({ invoice, customerId, format: 'json' });
    const text = await contentOf(uri);
    const { own } = await truth(invoice);
    assert.deepEqual(
      { rows: (JSON.parse(text) as unknown[]).length, sum: sum(digits(text, 'BillingPreTaxTotal')) },
      own,
    );
  });

  it('opens fewer attributes when they are asked for', async () => {
    const uri = await open({ invoice, customerId, fragment: 'basic', format: 'ndjson' });
    const text = await contentOf(uri);
    assert.doesNotMatch(text, /"ResourceGroup"/);
    assert.equal(summary(text).sum, (await truth(invoice)).own.sum);
  });

  it('takes the line items of Partner Center where the connection has no Microsoft Graph', async () => {
    const { service } = connected;
    const name = 'Without Graph';
    const { resourceManager, partnerCenter } = service.endpoints;
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name,
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager, partnerCenter },
    });
    try {
      const uri = await open({ connection: name, invoice, customerId, format: 'ndjson' });
      const text = await contentOf(uri);
      assert.match(text, /"billingPreTaxTotal"/);
      assert.equal(sum(digits(text, 'billingPreTaxTotal')), (await truth(invoice)).own.sum);
    } finally {
      await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: name });
    }
  });

  it('asks on the row of a plan which usage, and knows its currency', async () => {
    const fields = {
      customer: customerId,
      subscription: subscriptionId,
      subscriptionKind: 'azurePlan',
      title: 'Mill plan',
    };
    const uri = await takingTheFirst<vscode.Uri>('azureBilling.openRatedUsage', row(connected, fields));
    assert.equal(
      (await activeTab(uri ?? assert.fail())).label,
      `Mill plan rated usage unbilled current ${currency}.csv`,
    );
  });

  it('opens from the row of an invoice without a question', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>(
      'azureBilling.openRatedUsage',
      row(connected, { invoice, currency, title: `Invoice 2026-10 ${invoice}` }),
    );
    assert.equal((await activeTab(uri)).label, `Invoice 2026-10 ${invoice} rated usage.csv`);
  });

  it('builds the same content again from the address alone, and asks nothing of an invoice twice', async () => {
    const uri = await open({ invoice, customerId, format: 'csv' });
    const first = await contentOf(uri);
    const before = connected.service.requests().length;
    await open({ invoice, customerId, format: 'csv' });
    assert.equal(connected.service.requests().length, before);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await contentOf(vscode.Uri.parse(uri.toString())), first);
  });

  it('copies the request of a document: the export that it begins with', async () => {
    const uri = await open({ invoice, customerId });
    const text = await vscode.commands.executeCommand('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'rest',
    });
    assert.match(String(text), /^POST .*\/reports\/partners\/billing\/usage\/billed\/export/);
    assert.match(String(text), new RegExp(`"invoiceId": ?"${invoice}"`));
  });

  it('names the field of what is wrong', async () => {
    const { foreign } = connected.service.partnerCenter.stories;
    for (const [more, sentence] of [
      [{}, /^currency: is missing; give the ISO code of the billing currency/],
      [{ currency: 'Euro' }, /^currency: 'Euro' is not a currency/],
      [{ currency, period: 'previous' }, /^period: 'previous' is not known; use current, last/],
      [{ invoice, period: 'last' }, /^period: an invoice has its own period; leave it out/],
      [{ invoice: 'unbilled' }, /^invoice: 'unbilled' is no invoice/],
      [{ invoice: '../G1' }, /^invoice: '\.\.\/G1' is no id/],
      [{ currency, subscriptionId }, /^customerId: is missing/],
      [{ currency, customerId: foreign }, /^customerId: '[\w-]+' is refused\. .*20002.* check the tenant id/],
      [
        { currency, customerId, subscriptionId: 'not-one-of-them' },
        /^subscriptionId: 'not-one-of-them' is refused\. .*20003.* Use the id of an Azure plan as Partner Center lists it/,
      ],
      [{ connection: 'Nowhere', currency }, /^connection: there is no connection 'Nowhere'/],
    ] as const) {
      assert.match(await refused(more), sentence);
    }
  });
});
