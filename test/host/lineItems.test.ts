import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DecimalSum } from '../../src/records/decimal.ts';
import { activeTab, type Connected, connectSample, contentOf, refusal } from './support.ts';

const CHARGES = { provider: 'onetime', type: 'billinglineitems' } as const;

interface Invoice {
  id: string;
  currencyCode: string;
  totalCharges: number;
}

describe('azureBilling.openLineItems', () => {
  let connected: Connected;
  let alone: Connected;
  let modern: Invoice;
  let legacy: Invoice;

  before(async () => {
    connected = await connectSample({ customers: 40 }, ['partnerCenter', 'graph']);
    alone = await connectSample({ customers: 40 }, ['partnerCenter']);
    const answer = await fetch(`${connected.service.endpoints.partnerCenter}/v1/invoices`);
    const { items } = (await answer.json()) as { items: Invoice[] };
    const newest = (letter: string) => {
      const found = items.find(({ id }) => id.startsWith(letter));
      assert.ok(found);
      return found;
    };
    modern = newest('G');
    legacy = newest('D');
  });

  after(() => Promise.all([connected.remove(), alone.remove()]));

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const open = async (argument: Record<string, unknown>): Promise<vscode.Uri> => {
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openLineItems', argument);
    assert.ok(uri, 'openLineItems returned nothing');
    return uri;
  };

  /** A row as the tree gives it to a command. */
  const row = (fields: Record<string, unknown>) => ({
    id: 'x/y',
    label: 'Line items',
    connection: connected.name,
    parent: undefined,
    ...fields,
  });

  /** The sum of a column of lines of JSON, and how many lines there are. */
  const summary = (text: string, amount: string) => {
    const lines = text.trimEnd().split('\n');
    const sum = new DecimalSum();
    for (const line of lines) {
      sum.add(new RegExp(`"${amount}":"?([-\\d.]+)`).exec(line)?.[1] ?? '0');
    }
    return { rows: lines.length, total: Number(sum.toString()) };
  };

  /** Takes the first choice of every question until it is done. */
  const answering = async <T>(run: Thenable<T>): Promise<T> => {
    let done = false;
    const result = Promise.resolve(run).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (!done) {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      }
    }
    return result;
  };

  it('opens the charges of an invoice, which add up to it, from the billing export', async () => {
    const uri = await open({
      connection: connected.name,
      invoice: modern.id,
      ...CHARGES,
      format: 'ndjson',
    });
    assert.equal((await activeTab(uri)).label, `charges invoice ${modern.id}.ndjson`);
    const text = await contentOf(uri);
    assert.match(text, /^\{"PartnerId":.*"ChargeStartDate":/);
    assert.equal(summary(text, 'Subtotal').total, modern.totalCharges);
  });

  it('opens the same charges from line items where the connection has no Microsoft Graph', async () => {
    const uri = await open({
      connection: alone.name,
      invoice: modern.id,
      ...CHARGES,
      format: 'ndjson',
    });
    const text = await contentOf(uri);
    assert.match(text, /^\{"partnerId":.*"chargeStartDate":/);
    assert.equal(summary(text, 'subtotal').total, modern.totalCharges);
  });

  it('opens each kind of lines of a legacy invoice', async () => {
    const common = { connection: connected.name, invoice: legacy.id, format: 'ndjson' };
    const azure = await contentOf(await open({ ...common, provider: 'azure', type: 'billinglineitems' }));
    const office = await contentOf(
      await open({ ...common, provider: 'office', type: 'billinglineitems', label: 'Fabrikam' }),
    );
    const total = summary(azure, 'pretaxCharges').total + summary(office, 'subtotal').total;
    assert.ok(Math.abs(total - legacy.totalCharges) < 0.005, `${total} of ${legacy.totalCharges}`);
    assert.equal(
      vscode.window.tabGroups.activeTabGroup.activeTab?.label,
      `Fabrikam licence charges invoice ${legacy.id}.ndjson`,
    );
    const daily = await contentOf(await open({ ...common, provider: 'azure', type: 'usagelineitems' }));
    assert.match(daily, /^\{"partnerId":.*"usageDate":"\d{4}-\d\d-\d\dT00:00:00"/);
  });

  it('opens what has no invoice yet, by currency, as CSV with a header', async () => {
    const uri = await open({
      connection: connected.name,
      ...CHARGES,
      currency: 'usd',
      format: 'csv',
    });
    assert.equal((await activeTab(uri)).label, 'charges unbilled current USD.csv');
    assert.match(await contentOf(uri), /^ChargeStartDate,ChargeEndDate,CustomerName,/);
  });

  it('opens the lines that a row of the tree stands for, in the words of the invoice', async () => {
    const uri = await open(
      row({
        invoice: modern.id,
        lineProvider: 'one_time',
        lineType: 'billing_line_items',
        currency: modern.currencyCode,
      }),
    );
    assert.match(uri.query, /provider=onetime&type=billinglineitems/);
    assert.ok((await contentOf(uri)).length > 0);
  });

  it('asks which lines of an invoice row are meant', async () => {
    const uri = await answering(open(row({ invoice: legacy.id })));
    assert.match(uri.query, new RegExp(`^invoice=${legacy.id}&currency=\\w{3}&provider=azure&type=billinglineitems$`));
  });

  it('builds a document again from its address alone', async () => {
    const uri = await open({
      connection: connected.name,
      invoice: legacy.id,
      provider: 'office',
      type: 'billinglineitems',
    });
    const text = await contentOf(uri);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await contentOf(vscode.Uri.parse(uri.toString())), text);
  });

  it('gives the call behind a document', async () => {
    const copied = async (argument: Record<string, unknown>) =>
      vscode.commands.executeCommand<string>('azureBilling.copyRequest', {
        document: (await open(argument)).toString(),
        style: 'rest',
      });
    const exported = await copied({
      connection: connected.name,
      invoice: modern.id,
      ...CHARGES,
    });
    assert.match(exported, /^POST \S+\/v1\.0\/reports\/partners\/billing\/reconciliation\/billed\/export/);
    assert.match(exported, new RegExp(`"invoiceId":\\s*"${modern.id}"`));
    const listed = await copied({
      connection: connected.name,
      invoice: legacy.id,
      provider: 'office',
      type: 'billinglineitems',
    });
    assert.match(
      listed,
      new RegExp(`^GET \\S+/v1/invoices/${legacy.id}/lineitems\\?provider=office&invoicelineitemtype=billinglineitems`),
    );
  });

  it('refuses an argument that is wrong, and names the field', async () => {
    const { name: connection } = connected;
    const wrong: [object, RegExp][] = [
      [{ connection: 'Nobody', ...CHARGES, invoice: 'G1' }, /^connection: there is no connection 'Nobody'/],
      [{ connection, invoice: 'G1', type: 'billinglineitems' }, /^provider: is missing; use onetime/],
      [{ connection, invoice: 'G1', provider: 'amazon', type: 'billinglineitems' }, /^provider: 'amazon' is not known/],
      [{ connection, invoice: 'G1', provider: 'onetime' }, /^type: is missing; use billinglineitems/],
      [{ connection, invoice: 'D0123', provider: 'office', type: 'usagelineitems' }, /^type: licences have no usage/],
      [
        { connection, invoice: 'D0123', ...CHARGES },
        /^provider: 'D0123' is an invoice of legacy commerce; use azure or office/,
      ],
      [
        { connection, invoice: 'G0123', provider: 'azure', type: 'billinglineitems' },
        /^provider: 'G0123' is an invoice of new commerce/,
      ],
      [
        { connection, provider: 'azure', type: 'billinglineitems' },
        /^provider: legacy commerce has nothing unbilled; give the id of an invoice/,
      ],
      [{ connection, ...CHARGES }, /^currency: is missing/],
      [{ connection, ...CHARGES, currency: 'Euro' }, /^currency: 'Euro' is not a currency/],
      [{ connection, ...CHARGES, currency: 'EUR', period: 'next' }, /^period: 'next' is not known; use current, last/],
      [{ connection, ...CHARGES, invoice: 'G1', period: 'current' }, /^period: an invoice has its own period/],
      [{ connection, ...CHARGES, invoice: '../users' }, /^invoice: '..\/users' is no id/],
      [{ connection, ...CHARGES, invoice: 'G1', format: 'xlsx' }, /^format: 'xlsx' is not known/],
      [{ connection, ...CHARGES, invoice: 'G1', label: 7 }, /^label: has to be a text/],
      [{ connection, ...CHARGES, invoice: 'G1', subscriptionId: 'plan' }, /^customerId: is missing/],
    ];
    for (const [argument, message] of wrong) {
      assert.match(await refusal('azureBilling.openLineItems', argument), message);
    }
  });

  it('takes the export for a document whose address was kept as text', async () => {
    const uri = await open({ ...CHARGES, connection: connected.name, invoice: modern.id, format: 'csv' });
    const text = await contentOf(uri);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const kept = vscode.Uri.parse(uri.toString());
    assert.equal(kept.authority, connected.name.toLowerCase());
    assert.equal(await contentOf(kept), text);
  });

  it('says what the service says of an invoice that it does not know', async () => {
    const message = await refusal('azureBilling.openLineItems', {
      connection: connected.name,
      invoice: 'D0NOTHERE1',
      provider: 'office',
      type: 'billinglineitems',
    });
    assert.match(message, /^List invoice line items failed with HTTP 404/);
  });
});
