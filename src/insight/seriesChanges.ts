import { type Levels, levelsOf, median, type Segment } from './levels.ts';

/** What happened to a series. */
export type ChangeKind = 'new' | 'gone' | 'rise' | 'drop' | 'spike' | 'dip' | 'charge';

/** A change of a series. Amounts are estimates, in the series' currency. */
export interface SeriesChange {
  kind: ChangeKind;
  /** Places of the first and the last day that are unusual, in the series. */
  from: number;
  to: number;
  /** Whether it lasts to the end of what is known. */
  stays: boolean;
  /** A usual day before, and a day since; of a charge what was usual and what came. */
  usual: number;
  now: number;
  /** Above the usual over these days, of the first {@link COUNTED_DAYS} at most; negative below. */
  money: number;
}

/** A change that stays is counted for so many days: then it is the new usual. */
export const COUNTED_DAYS = 30;
/** What returns within so many days was for a time. */
const FOR_A_TIME = 31;
/** Days before a change from which the usual is learned: fewer tell nothing. */
const LEAST_HISTORY = 10;
const LEAST_GONE = 3;
/** A level is back when it is within this part of the jump. */
const BACK = 0.35;
/** A single day counts from so many spreads and this factor on. */
const SPIKE_NOISES = 6;
const SPIKE_FACTOR = 0.5;

/**
 * The changes of a daily series of use.
 *
 * @param late places from here on are days whose use is still being reported: what is missing there is no drop
 */
export function changesOf(amounts: Float64Array, first: number, late: number): SeriesChange[] {
  const known = amounts.subarray(0, knownDays(amounts, late));
  if (isSparse(known)) {
    return [];
  }
  const levels = levelsOf(known, first);
  return [...shifts(known, levels), ...singleDays(known, levels)].sort((a, b) => a.from - b.from);
}

/** Late days count as long as they are not below the same weekday of the week before. */
function knownDays(amounts: Float64Array, late: number): number {
  let days = Math.max(0, Math.min(late, amounts.length));
  while (days < amounts.length && days >= 7 && (amounts[days] as number) >= (amounts[days - 7] as number)) {
    days++;
  }
  return days;
}

/** Few days with costs, each on its own: charges without a charge type. Those are looked at by {@link chargeChanges}. */
export function isSparse(amounts: Float64Array): boolean {
  let days = 0;
  let neighbours = 0;
  for (let day = 0; day < amounts.length; day++) {
    if (amounts[day] !== 0) {
      days++;
      neighbours += day > 0 && amounts[day - 1] !== 0 ? 1 : 0;
    }
  }
  return days <= amounts.length / 10 && neighbours === 0;
}

function shifts(amounts: Float64Array, { weekdays, segments, noise }: Levels): SeriesChange[] {
  const changes: SeriesChange[] = [];
  let usual = segments[0]?.level ?? 0;
  // Days that the usual level is known from.
  let history = segments[0]?.to ?? 0;
  for (let at = 1; at < segments.length; at++) {
    const { from, to, level } = segments[at] as Segment;
    if (history < LEAST_HISTORY) {
      history = to - from;
      usual = level;
      continue;
    }
    // Levels that lead back to the usual one soon are one change for a time.
    const back = segments.findIndex(
      (later, i) => i > at && later.from - from <= FOR_A_TIME && isBack(usual, level, later.level, noise),
    );
    const end = back < 0 ? to : (segments[back]?.from ?? to);
    const stays = end === amounts.length;
    if (stays && level === 0 && end - from < LEAST_GONE) {
      continue;
    }
    const rises = level > usual;
    const kind =
      back >= 0 ? (rises ? 'spike' : 'dip') : usual === 0 ? 'new' : level === 0 ? 'gone' : rises ? 'rise' : 'drop';
    const now = back >= 0 ? median(amounts.subarray(from, end)) : level;
    changes.push({
      kind,
      from,
      to: end - 1,
      stays,
      usual,
      now,
      money: moneyAbove(amounts, weekdays, usual, from, end),
    });
    if (back >= 0) {
      // The level that it came back to is the usual one still.
      history += end - from;
      at = back;
    } else {
      usual = level;
      history = to - from;
    }
  }
  return changes;
}

function isBack(usual: number, level: number, later: number, noise: number): boolean {
  return Math.abs(later - usual) <= Math.max(BACK * Math.abs(level - usual), 2 * noise * Math.abs(usual));
}

/** Days on their own far off their level (Hampel's rule), but for those at the edges of levels. */
function singleDays(amounts: Float64Array, { weekdays, calm, segments, noise }: Levels): SeriesChange[] {
  const changes: SeriesChange[] = [];
  for (const { from, to, level } of segments) {
    if (to - from < LEAST_HISTORY || level <= 0) {
      continue;
    }
    const most = Math.max(SPIKE_NOISES * noise, SPIKE_FACTOR) * level;
    // A run of days that are off to the same side.
    let start = -1;
    let side = 0;
    for (let day = from; day <= to; day++) {
      // Quiet weekdays are judged by a usual day: twice a little is little.
      const off = day < to ? (calm[day] as number) - level * (weekdays[day] ?? 1) : 0;
      const now = Math.abs(off) > most ? Math.sign(off) : 0;
      if (now !== side) {
        if (start >= 0 && side !== 0) {
          changes.push(forATime(amounts, weekdays, level, start, day));
        }
        start = day;
        side = now;
      }
    }
  }
  return changes;
}

/** Days that were off their level; they came back to it unless they are the last. */
function forATime(
  amounts: Float64Array,
  weekdays: Float64Array,
  usual: number,
  from: number,
  to: number,
): SeriesChange {
  const money = moneyAbove(amounts, weekdays, usual, from, to);
  const now = median(amounts.subarray(from, to));
  const stays = to === amounts.length;
  const kind = stays ? (money > 0 ? 'rise' : 'drop') : money > 0 ? 'spike' : 'dip';
  return { kind, from, to: to - 1, stays, usual, now, money };
}

function moneyAbove(amounts: Float64Array, weekdays: Float64Array, usual: number, from: number, to: number): number {
  let money = 0;
  for (let day = from; day < Math.min(to, from + COUNTED_DAYS); day++) {
    money += (amounts[day] as number) - usual * (weekdays[day] ?? 1);
  }
  return money;
}

/** Days by which a monthly charge may come earlier or later, and by which part it may differ. */
const ABOUT_A_MONTH = { least: 27, most: 35 };
const ALIKE = 0.2;
/** So many days without such a charge have to be known before one is out of rhythm. */
const KNOWN_DAYS = 36;

/**
 * Charges out of rhythm: those without a charge of about the same amount a month before. Monthly purchases are none, and what comes
 * before a month is known is none either.
 */
export function chargeChanges(amounts: Float64Array): SeriesChange[] {
  const changes: SeriesChange[] = [];
  for (let day = KNOWN_DAYS; day < amounts.length; day++) {
    const now = amounts[day] as number;
    if (now === 0) {
      continue;
    }
    const earlier = amounts.subarray(Math.max(0, day - ABOUT_A_MONTH.most), day - ABOUT_A_MONTH.least + 1);
    if (earlier.some((amount) => Math.abs(amount - now) <= ALIKE * Math.abs(now))) {
      continue;
    }
    const usual = median(earlier.filter((amount) => amount !== 0));
    changes.push({ kind: 'charge', from: day, to: day, stays: false, usual, now, money: now - usual });
  }
  return changes;
}
