import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import type { InvoiceSummary } from '../../api/partnerCenter/invoiceSummaries.ts';
import { formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode } from '../node.ts';
import { commerceOf } from './commerce.ts';
import { facts, lines } from './tooltip.ts';

/**
 * What the partner owes in one currency.
 *
 * @param only why there is no row for any other currency
 */
export function partnerBalanceNode(summary: InvoiceSummary, locale: string, only?: string): ChildNode {
  const { balanceAmount, currencyCode, details, lastPaymentAmount } = summary;
  const money = (value: InvoiceSummary['lastPaymentAmount']) => formatMoney({ value, currency: currencyCode }, locale);
  const latest = day(summary.latestInvoiceDate);
  const paid = day(summary.lastPaymentDate);
  return {
    key: currencyCode ?? '',
    kind: 'partnerBalanceAmount',
    label: displayText(money(balanceAmount), 'Amount not told'),
    description: only ? 'one currency only' : latest && `latest invoice ${latest}`,
    tooltip: lines(
      `Owed: ${money(balanceAmount)}`,
      ...(details ?? []).map(
        ({ invoiceType, summary: part }) => part && `Of ${commerceOf(invoiceType)}: ${money(part.balanceAmount)}`,
      ),
      latest && `Latest invoice: ${latest}`,
      paid && `Last payment: ${facts(money(lastPaymentAmount), paid)}`,
      day(summary.accountingDate) && `As of: ${day(summary.accountingDate)}`,
      only && `Other currencies: ${only}`,
    ),
    expandable: false,
  };
}

function day(date: string | null | undefined): string | undefined {
  return partnerMoment(date) === undefined ? undefined : date?.slice(0, 10);
}
