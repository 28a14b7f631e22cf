import type { Anomaly } from './anomalies.ts';
import { dimensionTitle } from './costColumns.ts';
import { type DriverTable, UNSPLIT_TEXTS } from './driverTables.ts';
import { plainText } from './plainText.ts';
import type { UnsplitReason } from './splitDifference.ts';
import { magnitude } from './units.ts';

/** Names are cut here: the sentence is about the money. */
const LONGEST_NAME = 80;

/**
 * An anomaly as one sentence, such as "Storage of resource group rg-7 rose on 4 March from about 12 to 55 USD a day and stayed; 1,290 USD
 * above the usual in 30 days". It has no full stop, so that a row of a table can hold it.
 *
 * @param omit how many outer dimensions the reader sees elsewhere: 1 leaves the customer out
 */
export function anomalyText(anomaly: Anomaly, { omit = 0 }: { omit?: number } = {}): string {
  const { kind, currency, usual, now, from, stays } = anomaly;
  const subject = subjectOf(anomaly, omit);
  const a = (value: number) => about(value);
  const money = `${about(Math.abs(anomaly.money), 3)} ${currency} ${anomaly.money < 0 ? 'below' : 'above'} the usual`;
  const within = anomaly.days === 1 ? 'on that day' : `in ${anomaly.days} days`;
  const until = stays ? ' and stayed' : ` until ${dayWords(anomaly.to)}`;
  const across = anomaly.across > 1 ? `, across ${anomaly.across} groups` : '';
  const told = (words: string) => `${subject} ${words}${across}; ${money} ${within}`;
  const days = from === anomaly.to ? `on ${dayWords(from)}` : `from ${dayWords(from)} to ${dayWords(anomaly.to)}`;
  switch (kind) {
    case 'new':
      return told(`began on ${dayWords(from)} and costs about ${a(now)} ${currency} a day`);
    case 'gone':
      return told(`ended on ${dayWords(from)}, after about ${a(usual)} ${currency} a day`);
    case 'rise':
      return told(`rose on ${dayWords(from)} from about ${a(usual)} to ${a(now)} ${currency} a day${until}`);
    case 'drop':
      return told(`fell on ${dayWords(from)} from about ${a(usual)} to ${a(now)} ${currency} a day${until}`);
    case 'spike':
      return told(`rose ${days} from about ${a(usual)} to ${a(now)} ${currency} a day, and came back`);
    case 'dip':
      return told(`fell ${days} from about ${a(usual)} to ${a(now)} ${currency} a day, and came back`);
    case 'charge':
      return usual === 0
        ? `${subject} was ${now < 0 ? 'credited' : 'charged'} ${a(Math.abs(now))} ${currency} ${days}, without a charge like it a month before${across}`
        : `${subject} was charged ${a(now)} ${currency} ${days}, after about ${a(usual)} a month before${across}`;
  }
}

function subjectOf({ by, labels }: Anomaly, omit: number): string {
  const words = labels
    .map((label, at) => {
      const name = label === '' ? '(none)' : plainText(label);
      const cut = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
      const dimension = by[at];
      const isPlain = dimension === undefined || dimension === 'customer' || dimension === 'service';
      return { dimension, text: isPlain ? cut : `${dimensionTitle(dimension).toLowerCase()} ${cut}` };
    })
    .slice(Math.min(omit, labels.length - 1));
  // The service comes first: it is what costs.
  words.sort((a, b) => Number(b.dimension === 'service') - Number(a.dimension === 'service'));
  const [first, ...rest] = words;
  const text = [first?.text ?? 'All costs', ...rest.reverse().map(({ text }) => text)].join(' of ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function about(value: number, digits = 2): string {
  const whole = Math.max(digits, Math.floor(Math.log10(Math.max(Math.abs(value), 1))) + 1);
  return value.toLocaleString('en', { maximumSignificantDigits: Math.min(whole, 3) });
}

function dayWords(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
}

const PART_WORDS = {
  new: 'what is new',
  gone: 'what is gone',
  quantity: 'the quantity',
  price: 'the price',
  rate: 'the exchange rate',
} as const;

/** Why a table's total differs, in one sentence: its two largest parts, with their share of all that moved. */
export function driverReason({ total }: DriverTable): string {
  const { unsplit, ...parts } = total.parts;
  const told = [
    ...(Object.keys(PART_WORDS) as (keyof typeof PART_WORDS)[]).map((part) => ({
      words: PART_WORDS[part],
      amount: parts[part],
    })),
    ...(Object.entries(unsplit) as [UnsplitReason, bigint][]).map(([reason, amount]) => ({
      words: `what cannot be told apart (${UNSPLIT_TEXTS[reason].replace(/\.$/, '')})`,
      amount,
    })),
  ].filter(({ amount }) => amount !== 0n);
  if (told.length === 0) {
    return 'Nothing differs';
  }
  const moved = told.reduce((sum, { amount }) => sum + magnitude(amount), 0n);
  const largest = told
    .sort((a, b) => (magnitude(b.amount) > magnitude(a.amount) ? 1 : -1))
    .slice(0, 2)
    .map(({ words, amount }) => `${words} (${amount < 0n ? '−' : '+'}${percent(magnitude(amount), moved)})`);
  return `Mostly ${largest.join(', then ')}`;
}

function percent(part: bigint, whole: bigint): string {
  return `${(part * 100n + whole / 2n) / whole} %`;
}
