import type { Money } from '../../api/arm/wire.ts';
import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import type { UsageBudget } from '../../api/partnerCenter/usageBudget.ts';
import { usageCurrency } from '../../api/partnerCenter/usageCurrency.ts';
import type { UsageSummary } from '../../api/partnerCenter/usageSummaries.ts';
import { digitsOf } from '../../json/exact.ts';
import { formatGlance, formatMoney } from '../../workbench/money.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { budgetLevel, percent, shareOf } from './share.ts';
import { facts, lines } from './tooltip.ts';

/**
 * The spending budget of a customer.
 *
 * @param usage the estimate of the open period that it is compared with; left out where there is none or it may not be read
 */
export function partnerBudgetState(
  { amount }: Pick<UsageBudget, 'amount'>,
  usage: UsageSummary | undefined,
  { title, customer }: ExplorerNode,
  locale: string,
): ChildNode {
  const currency = usage && usageCurrency(usage);
  const limit: Money = { value: amount, currency };
  const used: Money = { value: usage?.totalCost, currency };
  const share = shareOf(usage?.totalCost, amount);
  const level = budgetLevel(share);
  const period = usage && [usage.billingStartDate, usage.billingEndDate].map(day);
  return {
    key: 'state',
    kind: 'partnerBudgetState',
    label: formatMoney(limit, locale) ?? 'No spending budget',
    description: facts(
      share !== undefined && `${percent(share)} used`,
      usage === undefined ? 'usage not told' : formatGlance(used, locale),
    ),
    tooltip: lines(
      `Spending budget: ${formatMoney(limit, locale) ?? 'none'}`,
      usage && `Used: ${formatMoney(used, locale) ?? 'not told'} (estimate of the open period)`,
      period?.[0] && period[1] && `Period: ${period[0]} up to, without, ${period[1]}`,
      "In the currency of the customer's usage. Nothing stops when it is reached.",
    ),
    title,
    expandable: false,
    customer,
    spendingBudget: { amount: amount === undefined || amount === null ? undefined : digitsOf(amount), currency },
    abilities: ['spendingBudget'],
    alarm: level && (level.level === 'over' ? 'error' : 'warning'),
    decoration: level && `/${level.level}/${level.percent}`,
  };
}

/** The day as the service counts it, in its own zone: the billing day of legacy Azure is not one of UTC. */
function day(date: string | null | undefined): string | undefined {
  return partnerMoment(date) === undefined ? undefined : date?.slice(0, 10);
}
