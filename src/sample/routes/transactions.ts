import { type Answer, badRequest, json, notFound, type SampleRequest } from '../answers.ts';
import { firstDay } from '../calendar.ts';
import { dateFilter } from '../dateFilter.ts';
import type { BillingAccount, BillingProfile } from '../directory.ts';
import { listOf, listPage } from '../lists.ts';
import { periodOf } from '../periods.ts';
import { Products } from '../products.ts';
import { projectTransaction, projectTransactionSummary, type TransactionPlace } from '../projections/transactions.ts';
import { type Transaction, type TransactionOwner, Transactions } from '../transactions.ts';
import { type BillingVersion, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, type Handler, type Route } from './table.ts';

const FIRST = ['2019-10-01-preview'] as const;
const NEWEST = ['2024-04-01'] as const;
const FIRST_AND_NEWEST = [...FIRST, ...NEWEST] as const;
const BY_ACCOUNT = ['2020-05-01', ...NEWEST] as const;
const TYPES = ['Billed', 'Unbilled', 'Other'] as const;
/** The name under which what has no invoice yet is listed. */
const PENDING = 'pending';

/**
 * Transactions (REST reference: Transactions). Who lists them differs by version: an account and `customers/…` below it
 * only in 2019-10-01-preview, `billingProfiles/…/customers/…` only in 2024-04-01, profiles and sections in both; invoices
 * below their profile in the first version and below the account later.
 */
export function transactionRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const transactions = new Transactions(tenant);
  const products = new Products(tenant);

  const project = (
    transaction: Transaction,
    account: BillingAccount,
    version: BillingVersion,
    place: TransactionPlace,
  ) => {
    const facts = transactions.facts(transaction);
    const plan = facts.customer ? products.planName(facts.customer) : '';
    return projectTransaction(facts, account, version, place, plan);
  };

  const page = (
    request: SampleRequest,
    version: BillingVersion,
    account: BillingAccount,
    all: readonly Transaction[],
    place: TransactionPlace = 'profile',
  ): Answer =>
    listPage(request, version, listOf(filtered(transactions, request, version, all)), {
      project: (transaction) => project(transaction, account, version, place),
    });

  const ofPeriod = (
    request: SampleRequest,
    version: BillingVersion,
    account: BillingAccount,
    owners: readonly TransactionOwner[],
    place: TransactionPlace = 'profile',
  ): Answer => {
    const period = periodOf(request, ['periodStartDate', 'periodEndDate'], true);
    const type = version === '2024-04-01' ? typeOf(request) : undefined;
    const all = transactions.of(owners, period).filter((transaction) => {
      if (type === undefined) return true;
      return type === (transactions.isPending(transaction) ? 'Unbilled' : 'Billed');
    });
    return page(request, version, account, all, place);
  };

  /** All of an invoice; for `pending` what the owners have in the open month. */
  const ofInvoice = (profiles: readonly BillingProfile[], name: string): Transaction[] => {
    if (name.toLowerCase() === PENDING) {
      const owners = profiles.map((profile) => ({ profile }));
      return transactions.of(owners, { from: firstDay(tenant.ledger.openMonth), to: tenant.ledger.window.to });
    }
    const invoice = find.invoice(name);
    if (!invoice || !profiles.includes(invoice.profile)) throw notFound('invoice', name);
    return transactions.ofInvoice(invoice);
  };

  const list = (path: string, handler: Handler): Route => get('transactions.list', `${path}/transactions`, handler);
  return [
    list(PATHS.account, (request, [name = '']) => {
      const version = versionOf(request, FIRST, 'billingAccounts/transactions');
      const account = find.account(name);
      return ofPeriod(
        request,
        version,
        account,
        account.profiles.map((profile) => ({ profile })),
      );
    }),
    list(PATHS.profile, (request, [name = '', profile = '']) => {
      const version = versionOf(request, FIRST_AND_NEWEST, 'billingAccounts/billingProfiles/transactions');
      const account = find.account(name);
      return ofPeriod(request, version, account, [{ profile: find.profile(account, profile) }]);
    }),
    list(PATHS.section, (request, [name = '', profileName = '', section = '']) => {
      const type = 'billingAccounts/billingProfiles/invoiceSections/transactions';
      const version = versionOf(request, FIRST_AND_NEWEST, type);
      const account = find.account(name);
      const profile = find.profileOfSection(account, profileName, section);
      return ofPeriod(request, version, account, [{ profile, own: true }]);
    }),
    list(PATHS.customer, (request, [name = '', customerName = '']) => {
      const version = versionOf(request, FIRST, 'billingAccounts/customers/transactions');
      const account = find.account(name);
      const customer = find.customer(account, customerName);
      return ofPeriod(request, version, account, [{ profile: customer.profile, customer }], 'customer');
    }),
    list(PATHS.profileCustomer, (request, [name = '', profile = '', customerName = '']) => {
      const version = versionOf(request, NEWEST, 'billingAccounts/billingProfiles/customers/transactions');
      const account = find.account(name);
      const customer = find.customerOfProfile(account, profile, customerName);
      return ofPeriod(request, version, account, [{ profile: customer.profile, customer }], 'customer');
    }),
    list(PATHS.profileInvoice, (request, [name = '', profile = '', invoice = '']) => {
      const version = versionOf(request, FIRST, 'billingAccounts/billingProfiles/invoices/transactions');
      const account = find.account(name);
      const all = ofInvoice([find.profile(account, profile)], invoice);
      return page(request, version, account, all);
    }),
    list(PATHS.invoice, (request, [name = '', invoice = '']) => {
      const version = versionOf(request, BY_ACCOUNT, 'billingAccounts/invoices/transactions');
      const account = find.account(name);
      return page(request, version, account, ofInvoice(account.profiles, invoice));
    }),
    get(
      'transactions.get',
      `${PATHS.profile}/transactions/*`,
      (request, [accountName = '', profile = '', name = '']) => {
        const version = versionOf(request, FIRST, 'billingAccounts/billingProfiles/transactions');
        const account = find.account(accountName);
        const period = periodOf(request, ['periodStartDate', 'periodEndDate'], true);
        const found = transactions
          .of([{ profile: find.profile(account, profile) }], period)
          .find((transaction) => transactions.name(transaction) === name.toLowerCase());
        if (!found) throw notFound('transaction', name);
        return json(project(found, account, version, 'profile'));
      },
    ),
    get('transactions.summary', `${PATHS.invoice}/transactionsummary`, (request, [name = '', invoiceName = '']) => {
      const version = versionOf(request, NEWEST, 'billingAccounts/invoices/transactionSummary');
      const { invoice } = find.invoiceOfAccount(name, invoiceName);
      const all = filtered(transactions, request, version, transactions.ofInvoice(invoice));
      const total = all.reduce((sum, transaction) => sum + transactions.facts(transaction).amount, 0n);
      return json(projectTransactionSummary(invoice.profile.currency, total));
    }),
  ];
}

/** Required by 2024-04-01; the sample has no transaction of type Other. */
function typeOf(request: SampleRequest): (typeof TYPES)[number] {
  const text = request.parameters.get('type');
  if (!text) throw badRequest(`The query parameter type is required: use ${TYPES.join(', ')}.`);
  const type = TYPES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (!type) throw badRequest(`The value '${text}' of type is not valid: use ${TYPES.join(', ')}.`);
  return type;
}

/** What `filter` (dates) and, in 2024-04-01, `search` (words of the description) leave. */
function filtered(
  transactions: Transactions,
  request: SampleRequest,
  version: BillingVersion,
  all: readonly Transaction[],
): readonly Transaction[] {
  const newest = version === '2024-04-01';
  const conditions = dateFilter(request.parameters.get(newest ? 'filter' : '$filter'), ['date']);
  const word = newest ? request.parameters.get('search')?.toLowerCase() : undefined;
  if (conditions.length === 0 && !word) return all;
  return all.filter((transaction) => {
    if (!conditions.every(({ test }) => test(transactions.day(transaction)))) return false;
    if (!word) return true;
    const { description, family, productType, type } = transactions.facts(transaction);
    return [description, family, productType, type].some((text) => text.toLowerCase().includes(word));
  });
}
