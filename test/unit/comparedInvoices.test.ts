import assert from 'node:assert/strict';
import type { CompareCostsArgument, ComparedSideArgument } from '../../src/contributions.ts';
import { comparedItems, comparedSides } from '../../src/insights/comparedSides.ts';
import {
  invoiceBefore,
  type ListedInvoice,
  listedInvoice,
  listedPartnerInvoice,
  newestFirst,
  olderFirst,
} from '../../src/insights/listedInvoices.ts';
import { monthsWanted } from '../../src/stored/usageWanted.ts';
import { refusal } from '../support/refusal.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/a:b';
const PROFILE = `${ACCOUNT}/billingProfiles/P1`;
const INVOICE = `${PROFILE}/invoices/G000000002`;
const CONNECTIONS = { find: (name: unknown) => (name === 'Contoso' ? 'Contoso' : undefined) };

const sides = (before: ComparedSideArgument, after: ComparedSideArgument, more: Partial<CompareCostsArgument> = {}) =>
  comparedSides({ connection: 'Contoso', before, after, ...more }, CONNECTIONS, NOW);

describe('sides of a comparison that are invoices', () => {
  it('have all their days, and are called by their number or label', () => {
    const { before, after } = sides({ scope: INVOICE }, { partnerInvoice: ' G000000003 ', label: 'October' });
    assert.deepEqual(before.side, { label: 'Invoice G000000002' });
    assert.equal(before.unnamedInvoice, 'G000000002');
    assert.deepEqual(before.rows, { usage: { connection: 'Contoso', scopes: [INVOICE], metric: undefined } });
    assert.deepEqual(after, {
      rows: { connection: 'Contoso', partnerInvoice: 'G000000003' },
      side: { label: 'October' },
    });
  });

  it('stand beside months, which keep their days', () => {
    const { before, after } = sides({ scope: PROFILE, period: '2026-10' }, { scope: INVOICE });
    assert.deepEqual(before.side, { label: '2026-10', from: '2026-10-01', to: '2026-10-31' });
    assert.equal(after.side.from, undefined);
  });

  it('take no period, part or other scope, and say which field is wrong', () => {
    const month = { scope: ACCOUNT, period: '2026-10' };
    const refused = (side: ComparedSideArgument, more: Partial<CompareCostsArgument> = {}) =>
      refusal(() => sides(month, side, more)).message;
    assert.match(refused({ scope: INVOICE, period: '2026-10' }), /^after\.period: an invoice has its own period/);
    assert.match(refused({ scope: INVOICE, billed: true }), /^after\.billed: the side is an invoice already/);
    assert.match(refused({ scope: INVOICE, invoice: 'G1' }), /^after\.invoice: the side is an invoice already/);
    assert.match(refused({ scope: [INVOICE, `${ACCOUNT}x`] }), /^after\.scope: an invoice has its own period/);
    assert.match(refused({ partnerInvoice: 'G1', period: '2026-10' }), /^after\.period: an invoice has its own period/);
    assert.match(refused({ partnerInvoice: 'G1', scope: INVOICE }), /^after\.scope: stands beside partnerInvoice/);
    assert.match(refused({ partnerInvoice: '' }), /^after\.partnerInvoice: '' is no invoice/);
    assert.match(refused({ partnerInvoice: 'unbilled' }), /^after\.partnerInvoice: 'unbilled' is no invoice/);
    assert.match(refused({ partnerInvoice: 'G1' }, { metric: 'AmortizedCost' }), /^metric: an invoice of Partner/);
    assert.match(refused({}), /^after\.scope: is missing/);
    assert.match(
      refused({ partnerInvoice: 'G1' }, { connection: 'Nobody' }),
      /^connection: there is no connection 'Nobody'/,
    );
  });

  it('are told apart by whose the rows are', () => {
    const items = (before: ComparedSideArgument, after: ComparedSideArgument) => {
      const both = sides(before, after);
      return comparedItems(both.before, both.after);
    };
    const all = ['customer', 'subscription', 'resourceGroup', 'service'];
    assert.deepEqual(items({ scope: INVOICE }, { scope: INVOICE.replace(/2$/, '3') }), all);
    assert.deepEqual(items({ scope: INVOICE }, { scope: `${ACCOUNT}/customers/c`, period: '2026-10' }), all);
    assert.deepEqual(items({ partnerInvoice: 'G1' }, { scope: INVOICE }), [...all, 'product']);
    assert.deepEqual(items({ scope: ACCOUNT }, { scope: `${ACCOUNT}/customers/c` }), ['service']);
    assert.deepEqual(items({ scope: '/subscriptions/s' }, { scope: '/subscriptions/s' }), ['resourceGroup', 'service']);
  });

  it('are refused by what needs months', () => {
    const argument = { connection: 'Contoso', scope: INVOICE };
    assert.match(refusal(() => monthsWanted(argument, CONNECTIONS, NOW)).message, /^scope: an invoice has no months/);
    assert.equal(monthsWanted({ ...argument, scope: PROFILE }, CONNECTIONS, NOW).period.from, '2026-09-01');
  });
});

describe('invoices to compare with', () => {
  const modern = (number: string, date: string, profile = 'P1', more: object = {}) =>
    listedInvoice({
      id: `${ACCOUNT}/invoices/${number}`,
      name: number,
      properties: {
        invoiceDate: `${date}T00:00:00Z`,
        billingProfileId: `${ACCOUNT}/billingProfiles/${profile}`,
        totalAmount: { value: 5, currency: 'EUR' },
        status: 'Due',
        ...more,
      },
    }) ?? assert.fail();

  const ofPartner = (number: string, date: string, more: object = {}) =>
    listedPartnerInvoice({
      id: number,
      invoiceDate: `${date}T00:00:00`,
      totalCharges: 7,
      currencyCode: 'EUR',
      documentType: 'invoice',
      invoiceDetails: [{ billingProvider: 'one_time', invoiceLineItemType: 'billing_line_items' }],
      ...more,
    });

  const numbers = (invoices: readonly ListedInvoice[]) => invoices.map(({ number }) => number);

  it('are called by number and day, and know what reads them', () => {
    assert.deepEqual(modern('G2', '2026-11-05').side, {
      scope: `${PROFILE}/invoices/G2`,
      label: 'Invoice G2 2026-11-05',
    });
    assert.deepEqual(ofPartner('D2', '2026-11-05').side, { partnerInvoice: 'D2', label: 'Invoice D2 2026-11-05' });
    assert.equal(ofPartner('D2', '0001-01-01').side.label, 'Invoice D2');
    const legacy = [
      { billingProvider: 'azure', invoiceLineItemType: 'billing_line_items' },
      { billingProvider: 'azure', invoiceLineItemType: 'usage_line_items' },
      { billingProvider: 'office', invoiceLineItemType: 'billing_line_items' },
    ];
    assert.deepEqual(ofPartner('D2', '2026-11-05', { invoiceDetails: legacy }).providers, ['azure', 'office']);
  });

  it('whose id names no scope with usage are none', () => {
    const id = '/providers/Microsoft.Billing/billingAccounts/default/billingSubscriptions/s/invoices/E1';
    assert.equal(listedInvoice({ id, name: 'E1', properties: {} }), undefined);
  });

  it('come newest first, and the one before is of the same profile, or currency and kind', () => {
    const [one, before] = [modern('G4', '2026-11-05'), modern('G2', '2026-10-05')];
    const all = [modern('G1', '2026-09-05'), before, one, modern('G3', '2026-10-06', 'P2')];
    assert.deepEqual(numbers(all.toSorted(newestFirst)), ['G4', 'G3', 'G2', 'G1']);
    assert.equal(invoiceBefore(all, one), before);
    assert.equal(invoiceBefore([one], one), undefined);
    const [mine, fore] = [ofPartner('G9', '2026-11-05'), ofPartner('G5', '2026-10-05')];
    const others = [
      ofPartner('G6', '2026-10-06', { currencyCode: 'USD' }),
      ofPartner('G7', '2026-10-07', { invoiceDetails: [] }),
      ofPartner('G8', '2026-10-08', { documentType: 'void_note' }),
    ];
    assert.equal(invoiceBefore([mine, ...others, fore], mine), fore);
  });

  it('are never preceded by what takes an invoice back, which says what it is', () => {
    const note = modern('G3', '2026-10-20', 'P1', { status: 'Paid', documentType: 'CreditNote' });
    const taken = modern('G2', '2026-10-10', 'P1', { status: 'Void', documentType: 'Invoice' });
    const [one, before] = [modern('G4', '2026-11-05'), modern('G1', '2026-10-05', 'P1', { documentType: 'Invoice' })];
    assert.equal(invoiceBefore([one, note, taken, before], one), before);
    assert.deepEqual(
      [note, taken, before, ofPartner('G8', '2026-10-08', { documentType: 'void_note' }), ofPartner('G5', '')].map(
        ({ state }) => state,
      ),
      ['credit note', 'Void', 'Due', 'void note', ''],
    );
  });

  it('stand older first; where a day is not known they stay', () => {
    const [old, young, unknown] = [{ until: '2026-10-05' }, { until: '2026-11-05' }, { until: '' }];
    assert.deepEqual(olderFirst(young, old), [old, young]);
    assert.deepEqual(olderFirst(old, young), [old, young]);
    assert.deepEqual(olderFirst(young, unknown), [young, unknown]);
  });
});
