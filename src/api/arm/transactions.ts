import * as v from 'valibot';
import type { Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, nextCall, readAs } from './armClient.ts';
import { bytePages } from './bytePages.ts';
import { type DayPeriod, requirePeriod } from './dayPeriod.ts';
import { type ListOptions, listQuery } from './listOptions.ts';
import { type BillingParent, customerAtAccount, parentPath } from './parent.ts';
import { nameSegment } from './scope.ts';
import { sinceNewest } from './sinceNewest.ts';
import { money, optionalNumber, optionalText, resource, wireNumber } from './wire.ts';

const transaction = v.looseObject({
  ...resource,
  properties: v.looseObject({
    /** ISO date-times, UTC. */
    date: optionalText,
    servicePeriodStartDate: optionalText,
    servicePeriodEndDate: optionalText,
    /** Name of the invoice, or `pending`. */
    invoice: optionalText,
    /** 2024-04-01 only. */
    invoiceId: optionalText,
    /** Purchase, Usage Charge, Cancel, …; free text from 2024-04-01 on. */
    transactionType: optionalText,
    transactionAmount: v.nullish(money),
    subTotal: v.nullish(money),
    /** Nothing until there is an invoice. */
    tax: v.nullish(money),
    azureCreditApplied: v.nullish(money),
    effectivePrice: v.nullish(money),
    marketPrice: v.nullish(money),
    /** ISO 4217. */
    billingCurrency: optionalText,
    pricingCurrency: optionalText,
    /** From the pricing to the billing currency. */
    exchangeRate: optionalNumber,
    discount: optionalNumber,
    quantity: optionalNumber,
    units: optionalNumber,
    unitOfMeasure: optionalText,
    unitType: optionalText,
    productFamily: optionalText,
    productType: optionalText,
    productDescription: optionalText,
    customerId: optionalText,
    customerDisplayName: optionalText,
    billingProfileId: optionalText,
    billingProfileDisplayName: optionalText,
    invoiceSectionId: optionalText,
  }),
});

/** A line that is, or will be, on an invoice: purchase, refund or usage charge (REST reference: Transactions). */
export type Transaction = v.InferOutput<typeof transaction>;

const transactionPage = v.looseObject({ value: v.array(transaction), nextLink: v.nullish(v.string()) });

const TYPES = ['Billed', 'Unbilled', 'Other'] as const;

/** Whether a transaction is on an invoice; `Other` from 2024-04-01 on. */
export type TransactionType = (typeof TYPES)[number];

export interface TransactionQuery extends ListOptions {
  period: DayPeriod;
  /** Required from 2024-04-01 on. Older versions list all in one; what was not asked for is left out here. */
  type?: TransactionType | undefined;
}

/** Whether the transaction waits for its invoice. */
export function isUnbilled({ properties }: Transaction): boolean {
  const invoice = properties.invoice?.trim().toLowerCase() ?? '';
  return invoice === '' || invoice === 'pending';
}

/**
 * The transactions of a period at a billing account (versions before 2024-04-01 only), billing profile, invoice section or
 * customer. From 2024-04-01 on a customer's are listed below its billing profile.
 *
 * @throws BillingError of kind `argument` for a parent or type that the version does not have
 */
export function listTransactions(
  arm: ArmClient,
  parent: BillingParent,
  query: TransactionQuery,
): PageWalk<Transaction[]> {
  const { type } = query;
  const unbilled = type === 'Unbilled';
  const all = arm.versions === 'newest' || type === undefined;
  return walk(arm, listCall(arm, parent, query), (item) => all || isUnbilled(item) === unbilled);
}

/**
 * The same list as the bytes of each page. Versions before 2024-04-01 list all types in one: their rows are to be filtered, see
 * {@link isUnbilled}.
 */
export function transactionPages(arm: ArmClient, parent: BillingParent, query: TransactionQuery): PageWalk<Uint8Array> {
  return bytePages(arm, listCall(arm, parent, query));
}

function listCall(arm: ArmClient, parent: BillingParent, { period, type, ...options }: TransactionQuery): Call {
  requirePeriod(period);
  requireType(arm, type);
  requireProfile(arm, parent);
  const newest = arm.versions === 'newest';
  const path = `${parentPath(newest ? parent : customerAtAccount(parent))}/transactions`;
  // The description of the dates says MM-DD-YYYY; every example has ISO dates.
  const query = { periodStartDate: period.from, periodEndDate: period.to, type: newest ? type : undefined };
  return callOf(armPath(arm, 'billing', path, { ...query, ...listQuery(arm, options) }));
}

/**
 * The transactions of one invoice.
 *
 * @param parent the billing account; before 2024-04-01 also the billing profile
 */
export function listInvoiceTransactions(
  arm: ArmClient,
  parent: Pick<BillingParent, 'account' | 'profile'>,
  invoice: string,
): PageWalk<Transaction[]> {
  return walk(arm, invoiceCall(arm, parent, invoice), () => true);
}

/** The same list as the bytes of each page. */
export function invoiceTransactionPages(
  arm: ArmClient,
  parent: Pick<BillingParent, 'account' | 'profile'>,
  invoice: string,
): PageWalk<Uint8Array> {
  return bytePages(arm, invoiceCall(arm, parent, invoice));
}

function invoiceCall(arm: ArmClient, parent: Pick<BillingParent, 'account' | 'profile'>, invoice: string): Call {
  if (arm.versions === 'seed' && parent.profile === undefined) {
    throw profileMissing('the api-version of this connection finds the transactions of an invoice below its profile.');
  }
  const anchor = { account: parent.account, profile: arm.versions === 'seed' ? parent.profile : undefined };
  const path = `${parentPath(anchor)}/invoices/${nameSegment('invoice', invoice)}/transactions`;
  return callOf(armPath(arm, 'billing', path));
}

const transactionSummary = v.looseObject({
  /** ISO 4217, of all amounts. */
  billingCurrency: optionalText,
  subTotal: optionalNumber,
  tax: optionalNumber,
  azureCreditApplied: optionalNumber,
  consumptionCommitmentDecremented: optionalNumber,
  /** The one member that a summary is nothing without. */
  total: v.nullable(wireNumber),
});

/** Sums of an invoice, as the service counts them (REST reference: Transactions - Get Transaction Summary By Invoice). */
export type TransactionSummary = v.InferOutput<typeof transactionSummary>;

/** The sums of an invoice's transactions. Exists from 2024-04-01 on, and is sent with that version. */
export function getTransactionSummary(
  arm: ArmClient,
  account: string,
  invoice: string,
  { filter, search }: Omit<ListOptions, 'orderBy'> = {},
  options?: SendOptions,
): Promise<TransactionSummary> {
  const path = `${parentPath({ account })}/invoices/${nameSegment('invoice', invoice)}/transactionSummary`;
  const address = armPath(sinceNewest(arm), 'billing', path, { filter, search });
  return getOne(arm, { operation: 'Get the transaction summary', method: 'GET', address }, transactionSummary, options);
}

function callOf(address: string): Call {
  return { operation: 'List transactions', method: 'GET', address };
}

function walk(arm: ArmClient, call: Call, keep: (item: Transaction) => boolean): PageWalk<Transaction[]> {
  return new PageWalk(arm.http, call, (answer, current) => {
    if (answer.status === 204) {
      return { value: [] };
    }
    const { value, nextLink } = readAs(transactionPage, answer);
    return { value: value.filter(keep), next: nextCall(current, nextLink) };
  });
}

function requireType(arm: ArmClient, type: TransactionType | undefined): void {
  const accepted: readonly (TransactionType | undefined)[] =
    arm.versions === 'newest' ? TYPES : [undefined, 'Billed', 'Unbilled'];
  if (!accepted.includes(type)) {
    const problem = type === undefined ? 'is missing' : `'${type}' is not a type of transaction in this api-version`;
    throw new BillingError('argument', `type: ${problem}.`, {
      advice: `Use ${accepted.filter((word) => word !== undefined).join(', ')}.`,
    });
  }
}

function requireProfile(arm: ArmClient, parent: BillingParent): void {
  if (parent.profile !== undefined) {
    return;
  }
  if (parent.invoiceSection !== undefined) {
    throw profileMissing('an invoice section belongs to one.');
  }
  if (arm.versions === 'newest') {
    throw profileMissing('transactions of an account or a customer are listed by billing profile since 2024-04-01.');
  }
}

function profileMissing(why: string): BillingError {
  return new BillingError('argument', `profile: the billing profile is missing; ${why}`, {
    advice: 'Give the name of a billing profile of the account.',
  });
}
