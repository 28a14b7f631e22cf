import type { Period } from '../usage/period.ts';
import { amountText } from './amounts.ts';
import { type BudgetLines, budgetLines } from './budgetLines.ts';
import { comparedSums } from './comparedSums.ts';
import { comparison } from './comparison.ts';
import { forecastLine } from './forecastLine.ts';
import { groupLabel, labelsOfGroups } from './groupNames.ts';
import { type AmountOf, amountOfCurrency, currenciesOf, type GroupSum, groupSums } from './groupSums.ts';
import type { SpendMonth } from './spendCache.ts';
import { openFrom, periodWords, stepsOf, utcDay } from './spendPeriod.ts';
import { SPREAD_DAYS } from './spendPlan.ts';
import type { SpendRead, SpendSlice } from './spendRead.ts';
import type { SpendPicture, SpendSeries } from './spendShapes.ts';
import {
  comparisonNote,
  decimalsOf,
  moneyWriter,
  partialText,
  spendFacts,
  spendSummary,
  staleText,
} from './spendTexts.ts';
import { hasCost, stateOf } from './stepStates.ts';
import { cumulated, sum, sumsByStep, textOrNull } from './stepSums.ts';

export interface SpendPictureOptions {
  /** The present moment; days are UTC. */
  now: Date;
  /** How sentences write amounts, such as `de-DE`. */
  locale: string;
}

/**
 * What was read as a picture, in one currency. Nothing is asked for, so another top N, view, filter of the groups or currency is as fast
 * as this is. Sums are exact: series add up to the totals, and these to the total.
 */
export function spendPicture(read: SpendRead, { now, locale }: SpendPictureOptions): SpendPicture {
  const { question, granularity, compared } = read;
  const { period, missing, months } = read.now;
  const currencies =
    question.currency === 'usd'
      ? ['USD']
      : currenciesOf(compared === undefined ? [read.now] : [read.now, compared.before]);
  const wanted = currencies.find((code) => code === question.code);
  const currency = wanted ?? currencies[0] ?? '';
  const decimals = decimalsOf(currency);
  const amountOf = amountOfCurrency(question.currency, currency);
  const days = stepsOf({ from: period.from, to: read.until }, granularity);
  const groups = groupSums(read.now, days, amountOf).sort(bySize);
  const earlier = comparedSums(read, amountOf);
  const labels = labelsOfGroups([...groups, ...goneGroups(groups, earlier?.before ?? [])], question.groupBy);

  const total = sum(groups.map((group) => group.total));
  const ofSteps = sumsByStep(groups, days.length);
  const today = utcDay(now);
  const open = openFrom(now);
  const steps = days.map((step, at) => {
    const isReported = step.to >= today && hasCost(groups, at);
    return { ...step, open: step.to >= open, state: stateOf(step, missing, isReported, today, open) };
  });
  const totals = steps.map(({ state }, at) => {
    const isTold = state === 'final' || state === 'open' || (state === 'today' && hasCost(groups, at));
    return isTold ? (ofSteps[at] ?? 0n) : undefined;
  });
  const series = seriesOf(groups, totals, question.top, question.groupBy === '', labels);
  const periodLabel = periodWords(period);
  const money: Money = { currency, decimals, amountOf, now };
  const { lines, left } = budgetsOf(read, days, currencies, money);
  const forecast = forecastOf(read, days, totals, money);
  const partial = partialText(read);
  const stale = staleText(read);
  return {
    question,
    period,
    periodLabel,
    groupLabel: groupLabel(question.groupBy),
    currency,
    currencies,
    decimals,
    steps,
    series,
    totals: totals.map(textOrNull),
    total: amountText(total),
    cumulative: {
      actual: cumulated(totals).map(textOrNull),
      budgets: lines,
      ...forecast,
      ...(earlier?.line && { previous: earlier.line(days.length) }),
    },
    ...(earlier && {
      comparison: comparison(
        earlier.now,
        earlier.before,
        earlier.periods,
        labels,
        comparisonNote(earlier.periods, period, now),
      ),
    }),
    facts: spendFacts(read, currencies, currency, groups.length, left, now),
    summary: spendSummary(
      { steps, periodLabel, series, totals, total },
      read,
      moneyWriter(currency, decimals, locale),
      now,
    ),
    fetchedAt: oldest(months.values(), now).toISOString(),
    ...(partial !== undefined && { partial }),
    ...(stale !== undefined && { stale }),
  };
}

interface Money {
  currency: string;
  decimals: number;
  amountOf: AmountOf;
  now: Date;
}

function seriesOf(
  groups: readonly GroupSum[],
  totals: readonly (bigint | undefined)[],
  top: number,
  isOne: boolean,
  labels: ReadonlyMap<string, string>,
): SpendSeries[] {
  const written = (kind: SpendSeries['kind'], key: string, label: string, sums: readonly GroupSum[]): SpendSeries => {
    const values = sumsByStep(sums, totals.length);
    return {
      key,
      label,
      kind,
      total: amountText(sum(sums.map(({ total }) => total))),
      values: totals.map((known, at) => (known === undefined ? null : amountText(values[at] ?? 0n))),
    };
  };
  if (isOne) {
    return groups.length === 0 ? [] : [written('none', '', 'Cost', groups)];
  }
  const rest = groups.slice(top);
  const series = groups
    .slice(0, top)
    .map((group) => written('group', group.key, labels.get(group.key) ?? group.key, [group]));
  return rest.length === 0 ? series : [...series, written('others', '', `Others (${rest.length})`, rest)];
}

/** Budgets are of a whole scope: they say nothing of a part of its cost, or of one of its currencies. */
function budgetsOf(
  { budgets, question, now: { period } }: SpendRead,
  steps: readonly Period[],
  currencies: readonly string[],
  { currency, decimals }: Money,
): BudgetLines {
  if (budgets === undefined || question.view !== 'cumulative') {
    return { lines: [], left: 0 };
  }
  return question.filters.length > 0 || currencies.length > 1
    ? { lines: [], left: budgets.length }
    : budgetLines(budgets, period.from, steps, currency, decimals);
}

/** The forecast of an open period; only beside the whole of its cost, because it goes on from there. */
function forecastOf(
  { question, forecast, spread, now: slice }: SpendRead,
  steps: readonly Period[],
  totals: readonly (bigint | undefined)[],
  { currency, decimals, amountOf, now }: Money,
): Pick<SpendPicture['cumulative'], 'forecast' | 'noForecast'> {
  if (question.view !== 'cumulative' || forecast === undefined) {
    return {};
  }
  if (forecast.none !== undefined) {
    return { noForecast: forecast.none };
  }
  if (slice.missing.length > 0 || spread === undefined || spread.missing.length > 0) {
    return {};
  }
  if (forecast.currency !== currency) {
    return { noForecast: `The service's forecast is in ${forecast.currency}.` };
  }
  const today = utcDay(now);
  const month = `${today.slice(0, 7)}-01`;
  const daily = dailyCosts(spread, amountOf);
  const ofMonth = [...daily].filter(([day]) => day >= month && day >= slice.period.from).map(([, cost]) => cost);
  const ofMonthsBefore = totals.filter((_, at) => (steps[at]?.to ?? today) < month).map((cost) => cost ?? 0n);
  const actual = cumulated(totals);
  const line = forecastLine({
    days: forecast.days,
    spent: sum(ofMonthsBefore) + sum(ofMonth),
    joint: actual[steps.findLastIndex(({ to }) => to < today)],
    spread: [...daily.values()].slice(-SPREAD_DAYS),
    today,
    steps,
    decimals,
  });
  return line === undefined
    ? { noForecast: "The service's forecast does not reach the end of the period." }
    : { forecast: line };
}

/** The cost of each day of a slice, days without any included. */
function dailyCosts(slice: SpendSlice, amountOf: AmountOf): Map<string, bigint> {
  const days = stepsOf(slice.period, 'daily');
  const groups = groupSums(slice, days, amountOf);
  const sums = sumsByStep(groups, days.length);
  return new Map(days.map(({ from }, at) => [from, sums[at] ?? 0n]));
}

/** Groups of the earlier period that are in the later one no more. */
function goneGroups(now: readonly GroupSum[], before: readonly GroupSum[]): GroupSum[] {
  const keys = new Set(now.map(({ key }) => key));
  return before.filter(({ key }) => !keys.has(key));
}

/** The largest first; credits by their size. */
function bySize(one: GroupSum, other: GroupSum): number {
  const [a, b] = [sizeOf(one), sizeOf(other)];
  return a === b ? (one.key < other.key ? -1 : 1) : a > b ? -1 : 1;
}

function sizeOf({ total }: GroupSum): bigint {
  return total < 0n ? -total : total;
}

function oldest(months: Iterable<SpendMonth>, now: Date): Date {
  return [...months].reduce((old, { fetchedAt }) => (fetchedAt < old ? fetchedAt : old), now);
}
