import { type Period, periodState, splitMonths } from '../usage/period.ts';
import { amountText, percentText } from './amounts.ts';
import { groupLabel } from './groupNames.ts';
import { addDays, type ComparedPeriods, monthEnd, periodWords, utcDay } from './spendPeriod.ts';
import type { SpendRead } from './spendRead.ts';
import type { SpendFilter, SpendPicture, SpendSeries } from './spendShapes.ts';

/** Usage of a day arrives until about a day later ("Understand Cost Management data"). */
const INCOMPLETE_DAYS = 2;

/** Below this many percent nothing rises or falls. */
const STEADY = 5n;

/** Writes an amount for people. */
export type WriteMoney = (units: bigint) => string;

/**
 * Amounts as a locale writes them, rounded to what the currency has behind the point, halves away from 0, then its code. Sums have every
 * digit beside the sentence.
 */
export function moneyWriter(currency: string, decimals: number, locale: string): WriteMoney {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (units) => `${format.format(amountText(units) as `${number}`)} ${currency}`;
}

/** Digits behind the point of a currency (ISO 4217); 2 for what is no currency. */
export function decimalsOf(currency: string): number {
  let decimals = DECIMALS.get(currency);
  if (decimals === undefined) {
    decimals = decimalsByName(currency);
    DECIMALS.set(currency, decimals);
  }
  return decimals;
}

/** Asked for with each picture. There are few currencies. */
const DECIMALS = new Map<string, number>();

function decimalsByName(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** What has to be known to read a picture right, a sentence each. */
export function spendFacts(
  { question, noBudgets, notes = [], compared, now: { period, missing, months } }: SpendRead,
  currencies: readonly string[],
  currency: string,
  groups: number,
  leftBudgets: number,
  now: Date,
): string[] {
  const facts: string[] = [];
  const priced = question.currency === 'pricing' ? ', the pricing currency of the usage rows that are added up' : '';
  if (question.currency === 'usd') {
    facts.push('Amounts are in US dollars as the service converts them, before taxes.');
  } else if (currencies.length > 1) {
    facts.push(
      `Amounts are in ${currency}${priced}, before taxes. There are costs in ${listed(currencies)}; each is shown on its own.`,
    );
  } else {
    facts.push(`Amounts are in ${currency}${priced}, before taxes.`);
  }
  if (question.metric === 'amortized') {
    facts.push('Purchases of reservations and savings plans are spread over their term.');
  }
  facts.push(...openFacts(period, now), ...notes);
  const withoutCost = [...months.values()].reduce((rows, month) => rows + (month.withoutCost ?? 0), 0);
  if (withoutCost > 0) {
    facts.push(
      `${count(withoutCost, 'usage row of these months has', 'usage rows of these months have')} no cost in a pricing currency and ${withoutCost === 1 ? 'is' : 'are'} in no sum.`,
    );
  }
  const { compareWith } = question;
  if (compareWith !== undefined) {
    const note = compared
      ? comparisonNote({ now: compared.now.period, before: compared.before.period }, period, now)
      : 'There is nothing to compare yet: the period has no day that is over.';
    facts.push(...(note === undefined ? [] : [note]));
  }
  if (groups > question.top) {
    facts.push(
      `The ${question.top} largest of ${groups} groups by ${groupLabel(question.groupBy).toLowerCase()} are shown; Others adds up the rest.`,
    );
  }
  facts.push(...question.filters.map(filterFact));
  if (noBudgets !== undefined) {
    facts.push(noBudgets);
  }
  if (leftBudgets > 0) {
    facts.push(
      `${count(leftBudgets, 'budget is', 'budgets are')} not drawn: another currency, filter or time grain does not compare with this cost.`,
    );
  }
  if (missing.length > 0) {
    facts.push('Totals hold only what has been read so far.');
  }
  return facts;
}

/** Which days a comparison leaves out; undefined when it leaves out none. */
export function comparisonNote({ now: days, before }: ComparedPeriods, period: Period, now: Date): string | undefined {
  const today = utcDay(now);
  const whole = period.to < today ? period.to : today;
  if (days.to === whole) {
    return undefined;
  }
  const why =
    addDays(days.to, 1) === today ? 'today is not over and left out of both' : 'the other days have none opposite';
  return `Compared are ${periodWords(days)} with ${periodWords(before)}: ${why}.`;
}

/** What can still change. */
function openFacts(period: Period, now: Date): string[] {
  const months = splitMonths(period);
  const states = months.map((days) => ({ days, state: periodState(days, now) }));
  const words = ({ from }: Period) => periodWords({ from: `${from.slice(0, 7)}-01`, to: monthEnd(from) });
  return states.flatMap(({ days, state }) => {
    if (state === 'open') {
      return [`${words(days)} is open: its costs are estimates, and those of the last two days are not complete.`];
    }
    return state === 'settling' ? [`${words(days)} is not final: late usage still arrives.`] : [];
  });
}

function filterFact({ by, values, not }: SpendFilter): string {
  const shown = values.slice(0, 3).map((value) => value || '(none)');
  const more = values.length > shown.length ? ` and ${values.length - shown.length} more` : '';
  return `${not === true ? 'Without' : 'Only'} ${groupLabel(by).toLowerCase()} ${shown.join(', ')}${more}.`;
}

/** Which months are missing, in one sentence; undefined when none is. */
export function partialText({ now: { months, missing } }: SpendRead): string | undefined {
  const all = months.size + missing.length;
  return missing.length === 0 ? undefined : `${months.size} of ${count(all, 'month', 'months')} read so far.`;
}

/** Why the picture is not the newest; undefined when it is. */
export function staleText({ stale }: SpendRead): string | undefined {
  return (
    stale && `Some of it is as of ${stale.fetchedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC. ${stale.why}`
  );
}

interface Summarized extends Pick<SpendPicture, 'steps' | 'periodLabel'> {
  series: readonly SpendSeries[];
  totals: readonly (bigint | undefined)[];
  total: bigint;
}

/** Period, total, largest group, peak and trend in sentences, for those who hear the picture. */
export function spendSummary(
  { steps, periodLabel, series, totals, total }: Summarized,
  { question, granularity }: SpendRead,
  money: WriteMoney,
  now: Date,
): string {
  const by = question.groupBy === '' ? '' : ` by ${groupLabel(question.groupBy).toLowerCase()}`;
  const sentences = [
    `${question.metric === 'amortized' ? 'Amortized' : 'Actual'} cost${by}, ${periodLabel} (UTC): ${money(total)} in total.`,
  ];
  const [largest] = series;
  if (largest?.kind === 'group') {
    sentences.push(`The largest is ${largest.label}.`);
  }
  const peak = totals.reduce<number | undefined>((best, value, at) => {
    const highest = best === undefined ? undefined : totals[best];
    return value !== undefined && (highest === undefined || value > highest) ? at : best;
  }, undefined);
  const step = peak === undefined ? undefined : steps[peak];
  if (peak !== undefined && step !== undefined && steps.length > 1) {
    const unit = granularity === 'daily' ? 'day' : 'month';
    sentences.push(`The ${unit} with the highest cost is ${periodWords(step)}: ${money(totals[peak] ?? 0n)}.`);
  }
  sentences.push(trendText(steps, totals, now));
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** The later half of the complete steps against the earlier one; nothing about fewer than four. */
function trendText(steps: SpendPicture['steps'], totals: readonly (bigint | undefined)[], now: Date): string {
  const end = addDays(utcDay(now), -INCOMPLETE_DAYS);
  const known = steps.flatMap(({ to }, at) => {
    const value = totals[at];
    return value === undefined || to > end ? [] : [value];
  });
  const half = Math.floor(known.length / 2);
  if (half < 2) {
    return '';
  }
  const sum = (values: readonly bigint[]) => values.reduce((one, other) => one + other, 0n);
  const [earlier, later] = [sum(known.slice(0, half)), sum(known.slice(-half))];
  const change = later - earlier;
  const size = change < 0n ? -change : change;
  const base = earlier < 0n ? -earlier : earlier;
  if (size * 100n < base * STEADY) {
    return 'The trend is steady.';
  }
  const percent = percentText(size, earlier);
  const much =
    percent === undefined
      ? ''
      : `: the later half is ${percent} % ${change > 0n ? 'higher' : 'lower'} than the earlier one`;
  return `The trend is ${change > 0n ? 'rising' : 'falling'}${much}.`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
