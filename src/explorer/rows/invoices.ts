import type { Invoice } from '../../api/arm/invoices.ts';
import { matchScope } from '../../api/arm/scope.ts';
import { formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { BillingPlace, ChildNode } from '../node.ts';
import { lines } from './tooltip.ts';

const ALARMING_INVOICES = new Set(['overdue', 'pastdue']);

/**
 * An invoice; its lines are below it.
 *
 * @param place where it was listed
 * @param scope where its usage can be opened
 */
export function invoiceNode(
  { id, name, properties }: Invoice,
  place: BillingPlace,
  scope: string | undefined,
  locale: string,
): ChildNode {
  const from = properties.invoicePeriodStartDate?.slice(0, 10);
  const to = properties.invoicePeriodEndDate?.slice(0, 10);
  const status = displayText(properties.status, 'Unknown');
  const total = formatMoney(properties.totalAmount ?? properties.billedAmount, locale);
  const profile = displayText(properties.billingProfileDisplayName, '');
  const profileScope = matchScope(properties.billingProfileId ?? '');
  const alarming = ALARMING_INVOICES.has(status.toLowerCase());
  return {
    key: name,
    kind: 'invoice',
    label: displayText(from?.slice(0, 7), name),
    description: displayText([total, status, from && name].filter(Boolean).join(' · '), ''),
    tooltip: lines(
      `Invoice ${name}`,
      from && to && `Period: ${from} to ${to} (UTC, inclusive)`,
      total && `Total: ${total}`,
      formatMoney(properties.amountDue, locale) && `Due: ${formatMoney(properties.amountDue, locale)}`,
      properties.dueDate && `Due date: ${properties.dueDate.slice(0, 10)}`,
      `Status: ${status}`,
      profile && `Billing profile: ${profile}`,
    ),
    expandable: true,
    resourceId: id,
    scope,
    account: place.account,
    profile: profileScope?.kind === 'billingProfile' ? profileScope.profile : place.profile,
    invoice: name,
    invoiceDate: (properties.invoiceDate ?? properties.invoicePeriodEndDate)?.slice(0, 10),
    abilities: [
      'invoicePdf',
      ...(profileScope?.kind === 'billingProfile' ? ['priceSheet'] : []),
      ...(place.account === undefined ? [] : ['transactions']),
    ],
    title: displayText(`Invoice ${[from?.slice(0, 7), name].filter(Boolean).join(' ')}`, ''),
    alarm: alarming ? 'warning' : status === 'Void' ? 'muted' : undefined,
  };
}
