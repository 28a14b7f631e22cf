import type { UtilizationWindow } from '../api/partnerCenter/utilizationWindow.ts';
import type { HeatMap } from './contract.ts';
import { unitText } from './names.ts';
import type { UtilizationOverview } from './readUtilization.ts';

/** Where the largest quantity is: positions in the rows and days of a map. */
export interface FoundPeak {
  line: number;
  day: number;
  digits: string;
}

/** Period, total, peak and gaps of a map in sentences, for those who cannot see it and those in a hurry. */
export function mapSummary(
  { days, lines, rows, unit }: Pick<HeatMap, 'days' | 'lines' | 'rows' | 'unit'>,
  label: string,
  total: string,
  peak: FoundPeak | undefined,
): string {
  const gaps = lines.reduce((sum, { cells }) => sum + cells.filter((digits) => digits === '').length, 0);
  const slice = rows === 'hours' ? 'hour' : 'day';
  const period = days.length === 1 ? `on ${days[0]}` : `from ${days[0]} to ${days.at(-1)}`;
  const sentences = [`${label}, used ${period} (UTC): ${total} ${unit} in total.`];
  if (peak !== undefined) {
    const { label: name = '' } = lines[peak.line] ?? {};
    const when = rows === 'hours' ? `${days[peak.day]} at ${name} UTC` : `${days[peak.day]}, ${name}`;
    sentences.push(`Peak: ${peak.digits} ${unit} on ${when}.`);
  }
  sentences.push(
    gaps === 0
      ? `No ${slice} without a record in between.`
      : `${counted(gaps, slice)} without a record in between${rows === 'hours' ? '' : ', over all rows'}.`,
  );
  return sentences.join(' ');
}

/** What a person should know of a map before relying on it: complete, both times, totals, what is not drawn, where from. */
export function mapFacts(
  overview: UtilizationOverview,
  { start, end, showDetails }: UtilizationWindow & { showDetails: boolean },
): string[] {
  const { cells, rows, pages, totals, rowsWithoutQuantity, source, fetchedAt } = overview;
  const undrawn = [...cells.undrawn].map(
    ([unit, { records, quantity }]) =>
      `Not drawn: ${counted(records, 'record')} (${quantity.toString()} ${unitText(unit)}), used more than 31 days before the window or at no readable time.`,
  );
  return [
    `Complete: ${counted(rows, 'record')} in ${counted(pages, 'page')}, ${cells.granularity}, one for each ${showDetails ? 'resource' : 'meter'}.`,
    `Columns are the time of use, in UTC. The window is the time of report to billing, ${start} to ${end} (end not included): use before it was reported late, use near its end may be reported after it.`,
    `Reported in the window: ${
      Object.entries(totals)
        .map(([unit, quantity]) => `${quantity} ${unitText(unit)}`)
        .join('; ') || 'nothing'
    }.`,
    ...undrawn,
    ...(rowsWithoutQuantity === 0 ? [] : [`${counted(rowsWithoutQuantity, 'record')} without a quantity.`]),
    `Raw use without prices. Fetched at ${fetchedAt.toISOString()} with ${source}.`,
  ];
}

/** Why there is nothing to draw. */
export function emptyCause(
  { rows, rowsWithoutQuantity }: UtilizationOverview,
  { start, end }: UtilizationWindow,
): string {
  if (rows === 0) {
    return `No use of this subscription was reported from ${start} to ${end}. Use is reported hours or days after it happened: choose a later end, or another subscription.`;
  }
  return rows === rowsWithoutQuantity
    ? `None of the ${counted(rows, 'record')} has a quantity. Open the records to see what they hold.`
    : `All use that was reported from ${start} to ${end} is from more than 31 days before, or at no readable time. Open the records to see it.`;
}

function counted(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
