import type { AvailableBalance } from '../../api/arm/availableBalance.ts';
import type { BillingPermission } from '../../api/arm/billingPermissions.ts';
import type { ChargeSummary } from '../../api/arm/charges.ts';
import type { Product } from '../../api/arm/products.ts';
import { isUnbilled, type Transaction } from '../../api/arm/transactions.ts';
import { digitsOf } from '../../json/exact.ts';
import { formatGlance, formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { placeOf } from './folders.ts';
import { facts, lines } from './tooltip.ts';

/** Something bought that is no Azure subscription. */
export function productNode({ id, name, properties }: Product, parent: ExplorerNode, locale: string): ChildNode {
  const label = displayText(properties.displayName, name);
  const status = displayText(properties.status, 'Active');
  const charge = formatMoney(properties.lastCharge, locale);
  const { quantity } = properties;
  return {
    key: name,
    kind: 'product',
    label,
    description: facts(
      charge,
      parent.customer === undefined && properties.customerDisplayName,
      status !== 'Active' && status,
    ),
    tooltip: lines(
      label,
      `Product ${name}`,
      properties.productType,
      properties.skuDescription,
      properties.customerDisplayName && `Customer: ${properties.customerDisplayName}`,
      quantity !== undefined && quantity !== null && `Quantity: ${digitsOf(quantity)}`,
      charge && `Last charge: ${[charge, day(properties.lastChargeDate)].filter(Boolean).join(' on ')}`,
      properties.purchaseDate && `Bought: ${day(properties.purchaseDate)}`,
      properties.endDate && `Ends: ${day(properties.endDate)}`,
      properties.billingFrequency && `Billed: ${properties.billingFrequency}`,
      `Status: ${status}`,
    ),
    expandable: false,
    resourceId: id,
    alarm: status === 'Active' || status === 'AutoRenew' ? undefined : status === 'PastDue' ? 'warning' : 'muted',
  };
}

const MONTHS = 36;

/**
 * The rows of the folder "Transactions": what is not billed yet, then the months, newest first. They need no request.
 *
 * @param index 0 is what is not billed yet
 * @returns undefined behind the last month
 */
export function transactionPeriodNode(node: ExplorerNode, today: Date, index: number): ChildNode | undefined {
  if (index > MONTHS) {
    return undefined;
  }
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const dayAt = (months: number, date: number) =>
    new Date(Date.UTC(year, month + months, date)).toISOString().slice(0, 10);
  const billed = index > 0;
  // What is not billed yet may be of last month, whose invoice comes some days into this one.
  const period = billed
    ? { from: dayAt(1 - index, 1), to: dayAt(2 - index, 0), billed }
    : { from: dayAt(-1, 1), to: dayAt(1, 0), billed };
  const label = billed ? period.from.slice(0, 7) : 'Not billed yet';
  return {
    key: label,
    kind: 'transactionPeriod',
    label,
    tooltip: billed
      ? `Transactions from ${period.from} to ${period.to} (UTC, inclusive)`
      : 'Lines of the next invoices',
    title: [node.title, 'transactions', billed ? label : 'not billed'].filter(Boolean).join(' '),
    expandable: true,
    period,
    abilities: ['transactions'],
    ...placeOf(node),
  };
}

/** A line that is, or will be, on an invoice: its amount first, since a narrow side bar cuts what comes late. */
export function transactionNode(transaction: Transaction, parent: ExplorerNode, locale: string): ChildNode {
  const { id, name, properties } = transaction;
  const product = displayText(properties.productDescription || properties.productType, name);
  const sum = properties.transactionAmount ?? properties.subTotal;
  const amount = formatMoney(sum, locale);
  const { quantity } = properties;
  const from = day(properties.servicePeriodStartDate);
  const to = day(properties.servicePeriodEndDate);
  return {
    key: name,
    kind: 'transaction',
    label: displayText(sum && formatGlance(sum, locale), product),
    description: facts(product, day(properties.date), parent.customer === undefined && properties.customerDisplayName),
    tooltip: lines(
      product,
      `Transaction ${name}`,
      properties.transactionType && `Type: ${properties.transactionType}`,
      amount && `Amount: ${amount}`,
      properties.tax && `Tax: ${formatMoney(properties.tax, locale) ?? 'not told'}`,
      quantity !== undefined &&
        quantity !== null &&
        `Quantity: ${digitsOf(quantity)} ${properties.unitOfMeasure ?? ''}`,
      from && to && `Service period: ${from} to ${to}`,
      properties.customerDisplayName && `Customer: ${properties.customerDisplayName}`,
      isUnbilled(transaction) ? 'Not on an invoice yet' : `Invoice: ${properties.invoice ?? ''}`,
    ),
    expandable: false,
    resourceId: id,
  };
}

/** The sums of one billing period. */
export function chargeNode({ name, properties }: ChargeSummary, locale: string): ChildNode {
  const from = day(properties.usageStart);
  const to = day(properties.usageEnd);
  const [azure, marketplace, separate] = [
    properties.azureCharges,
    properties.marketplaceCharges,
    properties.chargesBilledSeparately,
  ].map((sum) => formatMoney(sum, locale));
  const open = properties.isInvoiced === false;
  return {
    key: name,
    kind: 'charge',
    label: displayText(from?.slice(0, 7), name),
    description: facts(azure && `${open ? '≈ ' : ''}${azure}`, open && 'not invoiced yet'),
    tooltip: lines(
      from && to && `Period: ${from} to ${to} (UTC, inclusive)`,
      azure && `Azure: ${azure}`,
      marketplace && `Marketplace: ${marketplace}`,
      separate && `Billed separately: ${separate}`,
      open ? 'An estimate: not invoiced yet' : 'Invoiced',
    ),
    expandable: false,
  };
}

/** What can still be used to pay invoices. */
export function balanceNode({ id, properties }: AvailableBalance, locale: string): ChildNode {
  const amount = formatMoney(properties.amount, locale);
  const paid = formatMoney(properties.totalPaymentsOnAccount, locale);
  return {
    key: 'amount',
    kind: 'balanceAmount',
    label: amount ?? 'None told',
    tooltip: lines(amount && `Available to pay invoices: ${amount}`, paid && `Payments on account: ${paid}`),
    expandable: false,
    resourceId: id,
  };
}

/** The actions of one permission, a row each. */
export function permissionNodes({ actions, notActions }: BillingPermission): ChildNode[] {
  const row = (action: string, allowed: boolean): ChildNode => ({
    key: `${allowed ? '' : 'not '}${action}`,
    kind: 'permission',
    label: displayText(action, 'Unnamed'),
    description: allowed ? undefined : 'not allowed',
    tooltip: `${action}\n${allowed ? 'Allowed' : 'Not allowed'}`,
    expandable: false,
    alarm: allowed ? undefined : 'muted',
  });
  return [...(actions ?? []).map((one) => row(one, true)), ...(notActions ?? []).map((one) => row(one, false))];
}

function day(time: string | null | undefined): string | undefined {
  return time ? time.slice(0, 10) : undefined;
}
