import { grainStart } from '../../api/arm/budgetRules/periodRules.ts';
import { GRAIN_MONTHS } from '../../api/arm/budgetRules/words.ts';
import type { Budget } from '../../api/arm/budgets.ts';
import { addMonths, dayOf } from '../../api/arm/days.ts';
import { matchScope } from '../../api/arm/scope.ts';
import type { Money } from '../../api/arm/wire.ts';
import { amountCurrency } from '../../budgeting/amountCurrency.ts';
import { type AlertGap, GAP_TEXTS, gapsOf } from '../../budgeting/coverage.ts';
import { formatGlance, formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { placeOf } from './folders.ts';
import { budgetLevel, glanceOf, percent, shareOf } from './share.ts';
import { facts, lines } from './tooltip.ts';

/** A budget: how much of it is spent and foreseen, as of its last evaluation, and how long its period still is. */
export function budgetNode(budget: Budget, parent: ExplorerNode, today: string, locale: string): ChildNode {
  const { id, name, properties } = budget;
  const { amount, currentSpend, forecastSpend, timePeriod } = properties;
  const scope = matchScope(parent.costScope ?? '');
  const known = currentSpend?.unit ?? forecastSpend?.unit ?? undefined;
  const unit = known ?? (scope && scope.kind !== 'invoice' ? amountCurrency(scope, undefined) : undefined);
  const money = (value: Money['value']): Money => ({ value, currency: unit });
  const [share, foreseen] = [shareOf(currentSpend?.amount, amount), shareOf(forecastSpend?.amount, amount)];
  const [start, end] = [dayOf(timePeriod?.startDate), dayOf(timePeriod?.endDate)];
  const grain = displayText(properties.timeGrain, '');
  const gaps = gapsOf(budget, today);
  const silent = gaps.filter((gap) => SILENT.has(gap));
  const expired = gaps.includes('ended');
  const period = timeLeft(properties.timeGrain ?? '', end, today);
  const spent = glanceOf(money(currentSpend?.amount), money(amount), locale);
  const alertCount = Object.keys(properties.notifications ?? {}).length;
  const level = expired ? ({ level: 'expired' } as const) : budgetLevel(share, foreseen);
  return {
    key: name,
    kind: 'budget',
    label: displayText(name, 'Unnamed'),
    description: expired
      ? `expired on ${end}`
      : facts(
          share !== undefined && percent(share),
          spent,
          foreseen !== undefined && `forecast ${formatGlance(money(forecastSpend?.amount), locale)}`,
          gaps.includes('notStarted') ? `begins on ${start}` : period?.words,
          silent.length > 0 && 'alerts nobody',
        ),
    tooltip: lines(
      `Budget ${name}`,
      `Amount: ${formatMoney(money(amount), locale) ?? 'none'}${grain && `, ${grain.toLowerCase()}`}`,
      currentSpend &&
        `Spent: ${withShare(formatMoney(money(currentSpend.amount), locale), share)} (last evaluation, about once a day)`,
      forecastSpend && `Forecast: ${withShare(formatMoney(money(forecastSpend.amount), locale), foreseen)}`,
      !expired && period && `The period ends on ${period.last}: ${period.words}`,
      timePeriod && `Runs from ${start ?? '?'} to ${end ?? '?'}${expired ? ': expired' : ''}`,
      alertCount > 0 && `Notifications: ${alertCount}`,
      ...silent.map((gap) => `Alerts nobody: ${GAP_TEXTS[gap]}`),
    ),
    expandable: false,
    resourceId: id,
    costScope: parent.costScope,
    title: [parent.title, name].filter(Boolean).join(' '),
    budget: name,
    alarm: level && ALARMS[level.level],
    decoration: level && `/${level.level}/${'percent' in level ? level.percent : ''}`,
    ...placeOf(parent),
  };
}

const ALARMS = { over: 'error', near: 'warning', foreseen: 'warning', expired: 'muted' } as const;

/** Why a budget in force tells nobody. */
const SILENT: ReadonlySet<AlertGap> = new Set(['noNotifications', 'allOff', 'noContacts', 'thresholdTooHigh']);

function withShare(amount: string | undefined, share: number | undefined): string {
  return amount === undefined ? 'not told' : share === undefined ? amount : `${amount}, ${percent(share)}`;
}

/** The last day of the running period, or of the budget where that comes first, and how far it is in words. UTC. */
function timeLeft(grain: string, end: string | undefined, today: string): { last: string; words: string } | undefined {
  const months = GRAIN_MONTHS.get(grain);
  const next = months === undefined ? undefined : addMonths(grainStart(today, months), months);
  const lastOfPeriod = next && new Date(Date.parse(`${next}T00:00:00Z`) - DAY).toISOString().slice(0, 10);
  const last = [lastOfPeriod, end].filter((day) => day !== undefined).sort()[0];
  if (last === undefined || last < today) {
    return undefined;
  }
  const days = Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY);
  return { last, words: days === 0 ? 'last day' : days === 1 ? '1 day left' : `${days} days left` };
}

const DAY = 86_400_000;
