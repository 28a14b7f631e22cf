import type { SpendEffort } from '../spend/spendMonths.ts';
import type { SpendPicture } from '../spend/spendShapes.ts';
import { plainText } from '../workbench/text.ts';
import { type SpendSubject, scopeName } from './spendSubject.ts';

/** So many queries a minute does the service take for one scope ("Manage costs with automation"). */
const QUERIES_A_MINUTE = 4;

/** Why there is nothing to draw. */
export function emptySpend({ question }: SpendSubject, { period }: SpendPicture): { message: string; advice: string } {
  const days = period.from === period.to ? `on ${period.from}` : `from ${period.from} to ${period.to}`;
  if (question.filters.length > 0) {
    return {
      message: `No cost ${days} (UTC) has what the filters ask for.`,
      advice: 'Remove a filter, or choose another period.',
    };
  }
  return {
    message: `Azure has no cost of this scope ${days} (UTC).`,
    advice: 'Costs arrive 8 to 24 hours after use: choose an earlier period, or look whether the scope had any use.',
  };
}

/** What a long question takes, in words; undefined when it is done at once. */
export function longQuestion({ queries, usageRows }: SpendEffort): { message: string; advice: string } | undefined {
  if (usageRows !== undefined) {
    return usageRowsQuestion(usageRows);
  }
  if (queries <= QUERIES_A_MINUTE) {
    return undefined;
  }
  // The first four go at once.
  const minutes = Math.ceil(queries / QUERIES_A_MINUTE) - 1;
  return {
    message: `This takes ${queries} queries, about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}: Azure answers ${QUERIES_A_MINUTE} a minute for one scope.`,
    advice: 'Read it all the same, or choose months instead of days.',
  };
}

/** Usage rows are many calls, and nobody knows how many before they are read. */
function usageRowsQuestion({ months, calls }: NonNullable<SpendEffort['usageRows']>): {
  message: string;
  advice: string;
} {
  const of = months === 1 ? 'one month' : `${months} months`;
  const effort =
    calls === undefined
      ? 'Azure does not tell how many calls that takes'
      : `about ${calls} ${calls === 1 ? 'call' : 'calls'}, as many as the months before took`;
  return {
    message: `The pricing currency stands in usage rows alone: this reads the rows of ${of}; ${effort}.`,
    advice: 'Read them all the same, or choose the billing currency.',
  };
}

/** A tab with more characters leaves no room for others, nor for its own button. */
const LONGEST_TAB = 60;

/** What the tab of a panel says. */
export function panelTitle(subject: SpendSubject): string {
  const name = [...scopeName(subject)];
  const short = name.length > LONGEST_TAB ? `${name.slice(0, LONGEST_TAB - 1).join('')}…` : name.join('');
  return plainText(`${short} spend`);
}
