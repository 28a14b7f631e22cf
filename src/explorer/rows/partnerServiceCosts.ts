import type { ServiceCosts } from '../../api/partnerCenter/serviceCosts.ts';
import { formatGlance, formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { commerceOf } from './commerce.ts';
import { facts, lines } from './tooltip.ts';

type Sums = NonNullable<NonNullable<ServiceCosts['details']>[number]['summary']>;

/** What a customer cost in the last closed period: a row for each type of invoice, their sum, and the lines behind them. */
export function serviceCostNodes(costs: ServiceCosts, parent: ExplorerNode, locale: string): ChildNode[] {
  const parts = (costs.details ?? []).map(({ invoiceType, summary }) => ({
    about: commerceOf(invoiceType),
    // The whole has what a part lacks.
    sums: { ...costs, ...summary },
  }));
  const currencies = new Set(parts.map(({ sums }) => sums.currencyCode?.toUpperCase()));
  // Currencies are never added, and one part is the whole.
  const total = parts.length !== 1 && currencies.size <= 1 ? [{ about: 'total', sums: costs }] : [];
  return [...parts, ...total].map(({ about, sums }) => sumNode(about, sums, parent, locale)).concat(linesNode(parent));
}

function sumNode(about: string, sums: Sums, { title, customer }: ExplorerNode, locale: string): ChildNode {
  const money = (value: Sums['tax']) => formatMoney({ value, currency: sums.currencyCode }, locale);
  const [before, tax, after] = [sums.pretaxTotal, sums.tax, sums.afterTaxTotal].map(money);
  const [from, to] = [day(sums.billingStartDate), day(sums.billingEndDate)];
  const glance = formatGlance({ value: sums.afterTaxTotal ?? sums.pretaxTotal, currency: sums.currencyCode }, locale);
  return {
    key: about,
    kind: 'partnerServiceCost',
    label: displayText(`${about.charAt(0).toUpperCase()}${about.slice(1)}`, ''),
    // Rounded: with all its decimals an amount leaves no room for its currency.
    description: facts(glance ? `≈ ${glance}` : 'amount not told', after === undefined && glance && 'before tax'),
    tooltip: lines(
      before && `Before tax: ${before}`,
      tax && `Tax: ${tax}`,
      after && `After tax: ${after}`,
      from && to && `Period: ${from} to ${to}, closed`,
    ),
    title,
    expandable: false,
    customer,
  };
}

function linesNode({ title, customer }: ExplorerNode): ChildNode {
  return {
    key: 'lines',
    kind: 'partnerServiceCostLines',
    label: 'Line items',
    description: 'as JSON',
    tooltip: 'The charges that the service costs are the sum of, as JSON',
    title: lines(title && `${title} service costs`),
    expandable: false,
    customer,
    aside: true,
  };
}

/** The day as the service counts it; empty dates are those of year 1. */
function day(date: string | null | undefined): string | undefined {
  return date?.startsWith('0001-') ? undefined : date?.slice(0, 10);
}
