import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Connected, connectSample, contentOf, refusal } from './support.ts';

describe('rows of Partner Center, and what can be done with them', () => {
  let connected: Connected;
  let folder: string;

  before(async () => {
    connected = await connectSample({}, ['partnerCenter']);
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-statement-'));
    await showTree();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await connected.remove();
  });
  afterEach(async () => {
    connected.service.setFault(undefined);
    connected.service.partnerCenter.reset();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const run = <T>(command: string, argument: unknown) =>
    vscode.commands.executeCommand<T>(`azureBilling.${command}`, argument);
  const root = () => `connection:${encodeURIComponent(connected.name).toLowerCase()}`;
  const partnerCenter = () => `${root()}/partnerCenter:partnercenter`;
  const customers = () => `${partnerCenter()}/partnerCustomers:customers`;
  const stories = () => connected.service.partnerCenter.stories;

  /** The connection is a row once the view was drawn. */
  async function showTree(): Promise<void> {
    await vscode.commands.executeCommand('azureBilling.explorer.focus');
    const ready = async () => !/there is no row/.test(await refusal('azureBilling.copyId', { id: root() }));
    for (let i = 0; i < 200 && !(await ready()); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Opens the rows on the way, each as `kind:key`, and gives the id of the last. */
  async function open(...steps: string[]): Promise<string> {
    let id = root();
    await run('loadMore', { id });
    for (const step of steps) {
      id = `${id}/${step.toLowerCase().replace(/^[^:]+/, step.split(':')[0] ?? '')}`;
      if (step !== steps.at(-1)) {
        await run('loadMore', { id });
      }
    }
    return id;
  }

  /** The row of a customer in Partner Center, as the tree hands it to a command. */
  const customerRow = (customer: string) => ({
    id: `${customers()}/partnerCustomer:${customer}`,
    connection: connected.name,
    label: 'A customer',
    kind: 'partnerCustomer',
    customer,
    parent: { id: customers(), connection: connected.name, label: 'Customers' },
  });

  it('copies the id that a row has in Partner Center, and the one that Azure knows it by', async () => {
    const { customer, commerceId, entitlementId } = stories().transferred;
    const legacy = await open(
      'partnerCenter:partnerCenter',
      'partnerCustomers:customers',
      `partnerCustomer:${customer}`,
      `partnerLegacyAzure:${commerceId}`,
    );
    await run('loadMore', { id: legacy });
    assert.equal(await run('copyId', { id: legacy }), commerceId);
    assert.equal(await vscode.env.clipboard.readText(), commerceId);
    const azure = `${legacy}/partnerAzureSubscription:${entitlementId.toLowerCase()}`;
    assert.equal(await run('copyId', { id: azure }), entitlementId);
    assert.notEqual(commerceId, entitlementId);
  });

  it('copies the request of a row, without a token', async () => {
    const { customer, planId } = stories().azurePlan;
    const plan = await open(
      'partnerCenter:partnerCenter',
      'partnerCustomers:customers',
      `partnerCustomer:${customer}`,
      `partnerAzurePlan:${planId}`,
    );
    const text = String(await run('copyRequest', { id: plan, style: 'curl' }));
    const base = `${connected.service.endpoints.partnerCenter}/v1/customers/${customer}`;
    assert.ok(text.includes(`${base}/subscriptions/${planId}/azureEntitlements`), text);
    assert.doesNotMatch(text, /eyJ|Bearer [A-Za-z0-9]{8}/);
    const budget = `${plan.slice(0, plan.lastIndexOf('/'))}/partnerBudget:budget`;
    assert.ok(String(await run('copyRequest', { id: budget, style: 'rest' })).includes(`${base}/usagebudget`));
  });

  it('opens a row as JSON with the digits of the service', async () => {
    const { customer } = stories().azurePlan;
    const id = await open('partnerCenter:partnerCenter', 'partnerCustomers:customers', `partnerCustomer:${customer}`);
    await run('loadMore', { id });
    const whole = JSON.parse(await contentOf(await run('openJson', { id }))) as Record<string, unknown>;
    assert.equal(String(whole.id).toLowerCase(), customer.toLowerCase());
    assert.ok('billingProfile' in whole, 'the list leaves this out');
    const costs = await contentOf(await run('openJson', { id: `${id}/partnerServiceCosts:servicecosts` }));
    const answer = await fetch(
      `${connected.service.endpoints.partnerCenter}/v1/customers/${customer}/servicecosts/mostrecent`,
    );
    const [digits] = /"afterTaxTotal":-?[\d.]+/.exec(await answer.text()) ?? [];
    assert.ok(costs.replaceAll(' ', '').includes(digits ?? 'no amount'), costs);
  });

  describe('filterCustomers', () => {
    afterEach(() => run('filterCustomers', { connection: connected.name, text: '' }));

    const lastList = () =>
      connected.service
        .requests()
        .filter(({ path: address }) => address === '/v1/customers')
        .at(-1)?.query;

    it('narrows the list down by the server, in the tree and in the request of the row', async () => {
      const id = await open('partnerCenter:partnerCenter', 'partnerCustomers:customers');
      await run('loadMore', { id });
      assert.equal(
        await run('filterCustomers', { connection: connected.name.toUpperCase(), text: ' hollow ' }),
        'hollow',
      );
      await run('loadMore', { id });
      const request = String(await run('copyRequest', { id, style: 'curl' }));
      assert.match(decodeURIComponent(request), /"Field":"CompanyName","Value":"hollow","Operator":"starts_with"/);
      assert.equal(await run('filterCustomers', { connection: connected.name, text: '' }), undefined);
      const without = String(await run('copyRequest', { id, style: 'curl' }));
      assert.doesNotMatch(decodeURIComponent(without), /starts_with/);
      await run('refresh', { id });
      await run('loadMore', { id });
      assert.doesNotMatch(decodeURIComponent(lastList() ?? ''), /starts_with/);
    });

    it('takes a row of the tree for its connection', async () => {
      const row = { ...customerRow('x'), text: 'bright' };
      assert.equal(await run('filterCustomers', row), 'bright');
    });

    it('refuses what is no filter, naming the field', async () => {
      const wrong = (argument: unknown) => refusal('azureBilling.filterCustomers', argument);
      const { name: connection } = connected;
      assert.match(await wrong({ connection: 'Nowhere', text: 'a' }), /^connection: there is no connection 'Nowhere'/);
      assert.match(await wrong({ connection, text: 5 }), /^text: has to be the beginning of a name/);
      assert.match(await wrong({ connection, text: 'x'.repeat(201) }), /^text: .*200 characters/);
      const alone = await connectSample();
      try {
        assert.match(await wrong({ connection: alone.name, text: 'a' }), /^connection: .* with a Partner Center/);
      } finally {
        await alone.remove();
      }
    });
  });

  describe('the spending budget', () => {
    interface Budget {
      amount?: unknown;
    }
    const argument = (more: object = {}) => ({
      connection: connected.name,
      customerId: stories().azurePlan.customer,
      ...more,
    });
    const amount = async () => {
      const found = await run<Budget>('getSpendingBudget', argument());
      return found.amount === undefined || found.amount === null ? undefined : String(found.amount);
    };

    it('is read from the plain argument and from a row', async () => {
      const plain = await run<Budget>('getSpendingBudget', argument());
      assert.equal(String(plain.amount), '6500');
      assert.deepEqual(await run<Budget>('getSpendingBudget', customerRow(stories().azurePlan.customer)), plain);
    });

    it('is set with all digits, cleared with null, and answers with what the service holds then', async () => {
      const set = await run<Budget>('setSpendingBudget', argument({ amount: '123456789012345.1234567891' }));
      assert.equal(String(set.amount), '123456789012345.1234567891');
      assert.equal(await amount(), '123456789012345.1234567891');
      await run('setSpendingBudget', argument({ amount: 0 }));
      assert.equal(await amount(), '0');
      await run('setSpendingBudget', argument({ amount: null }));
      assert.equal(await amount(), undefined);
      await run('setSpendingBudget', argument({ amount: 6500 }));
      assert.equal(await amount(), '6500');
    });

    it('is left alone when it is not what was expected, and says what it is', async () => {
      const writes = () => connected.service.requests().filter(({ method }) => method === 'PATCH').length;
      const before = writes();
      const wrong = (expected: unknown) =>
        refusal('azureBilling.setSpendingBudget', argument({ amount: 7000, expected }));
      assert.match(await wrong(6000), /it is 6500 by now/);
      assert.match(await wrong(null), /it is 6500 by now.*changed by somebody else/);
      assert.equal(writes(), before);
      await run('setSpendingBudget', argument({ amount: 7000, expected: '6500.00' }));
      assert.equal(await amount(), '7000');
      await run('setSpendingBudget', argument({ amount: 6500, expected: 7000 }));
    });

    it('refuses amounts that are none, and customers that cannot be asked for, naming the field', async () => {
      const sent = connected.service.requests().length;
      const wrong = (more: object) => refusal('azureBilling.setSpendingBudget', argument(more));
      assert.match(await wrong({ amount: -1 }), /^amount: '-1' is no amount/);
      assert.match(await wrong({ amount: '12,50' }), /^amount: '12,50' is no amount.*point before the decimals/);
      assert.match(await wrong({ amount: Number.NaN }), /^amount: 'NaN'/);
      assert.match(await wrong({ amount: true }), /^amount: is neither/);
      assert.match(await wrong({ amount: 5, expected: 'much' }), /^expected: 'much' is no amount/);
      assert.match(await wrong({ amount: 5, customerId: '' }), /^customerId: is missing/);
      assert.match(await wrong({ amount: 5, customerId: '../x' }), /^customer: '..\/x' is not the id of a customer/);
      assert.match(await wrong({ amount: 5, connection: undefined }), /^connection: is missing/);
      assert.equal(connected.service.requests().length, sent, 'nothing of this was sent');
      assert.match(await wrong({ amount: 5, customerId: stories().foreign }), /no commerce relationship/);
      assert.match(await wrong({ amount: 5, connection: 'Nowhere' }), /^connection: there is no connection 'Nowhere'/);
    });

    it('is not there in a cloud without Azure spending, and says so', async () => {
      connected.service.partnerCenter.set({ cloud: 'china' });
      assert.match(await refusal('azureBilling.getSpendingBudget', argument()), /failed with HTTP 40\d/);
    });
  });

  describe('downloadStatement', () => {
    const invoice = async (): Promise<string> => {
      const answer = await fetch(`${connected.service.endpoints.partnerCenter}/v1/invoices`);
      const { items } = (await answer.json()) as { items: { id: string }[] };
      return items.at(-1)?.id ?? assert.fail('no invoice');
    };
    const isPdf = (file: string) => assert.match(readFileSync(file, 'latin1'), /^%PDF-/);

    it('saves the PDF from the plain argument and from a row', async () => {
      const id = await invoice();
      const file = path.join(folder, 'plain.pdf');
      const plain = await run<{ file: string; bytes: number }>('downloadStatement', {
        connection: connected.name,
        invoice: id,
        file,
      });
      assert.equal(plain.file, file);
      assert.equal(plain.bytes, readFileSync(file).length);
      isPdf(file);
      const row = { ...customerRow('x'), kind: 'partnerInvoice', invoice: id, file: path.join(folder, 'row.pdf') };
      await run('downloadStatement', row);
      isPdf(path.join(folder, 'row.pdf'));
    });

    it('refuses what is missing or unknown, and leaves no file behind', async () => {
      const file = path.join(folder, 'never.pdf');
      const wrong = (more: object) =>
        refusal('azureBilling.downloadStatement', { connection: connected.name, invoice: 'G000', file, ...more });
      assert.match(await wrong({ invoice: undefined }), /^invoice: is missing/);
      assert.match(await wrong({ connection: undefined }), /^connection: is missing/);
      assert.match(await wrong({ file: 'relative.pdf' }), /^file: /);
      assert.match(await wrong({ invoice: 'a/b' }), /^invoice: 'a\/b' is not the id of an invoice/);
      assert.match(await wrong({}), /HTTP 404/);
      connected.service.partnerCenter.set({ signIn: 'appOnly' });
      assert.match(await wrong({ invoice: await invoice() }), /refuses this to an application on its own/);
      assert.throws(() => readFileSync(file), /ENOENT/);
    });
  });
});
