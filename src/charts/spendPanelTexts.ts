import { parseCostScope } from '../api/arm/scope.ts';
import type { SpendEffort } from '../spend/spendMonths.ts';
import { isPartnerScope } from '../spend/spendQuestion.ts';
import type { SpendPicture } from '../spend/spendShapes.ts';
import { plainText } from '../workbench/text.ts';
import { shortName } from './names.ts';
import type { SpendOption } from './spendContract.ts';
import { type SpendSubject, scopeName } from './spendSubject.ts';

/** So many queries a minute does the service take for one scope ("Manage costs with automation"). */
const QUERIES_A_MINUTE = 4;

/** A picture as the page may have it: words of the service are one short line each. */
export function cleanPicture(picture: SpendPicture): SpendPicture {
  const named = <T extends { label: string }>(item: T): T => ({ ...item, label: shortName(item.label, '(none)') });
  const { comparison, cumulative, partial, stale } = picture;
  const { noForecast } = cumulative;
  return {
    ...picture,
    periodLabel: plainText(picture.periodLabel),
    groupLabel: plainText(picture.groupLabel),
    series: picture.series.map(named),
    cumulative: {
      ...cumulative,
      budgets: cumulative.budgets.map((budget) => ({ ...budget, name: shortName(budget.name, '(no name)') })),
      ...(noForecast === undefined ? {} : { noForecast: plainText(noForecast) }),
    },
    ...(comparison === undefined
      ? {}
      : { comparison: { ...comparison, label: plainText(comparison.label), drivers: comparison.drivers.map(named) } }),
    facts: [...picture.facts, ...sourceFact(picture.question.scope)].map(plainText),
    summary: plainText(picture.summary),
    ...(partial === undefined ? {} : { partial: plainText(partial) }),
    ...(stale === undefined ? {} : { stale: plainText(stale) }),
  };
}

/** Options as the page may have them; ids stay what the service calls them. */
export function cleanOptions(options: readonly SpendOption[]): SpendOption[] {
  return options.map(({ id, label }) => ({ id, label: shortName(label, id) || '(none)' }));
}

/** A customer can be in Partner Center as well, which has other figures: a row of either list shows these. */
function sourceFact(path: string): string[] {
  if (isPartnerScope(path)) {
    return ['These are the estimates of Partner Center, not the costs of a billing account.'];
  }
  const scope = parseCostScope(path);
  return scope.kind === 'customer'
    ? [
        `These are the costs that Cost Management has of this customer in billing account ${scope.account}, not the estimates of Partner Center.`,
      ]
    : [];
}

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

/** What the tab of a panel says. */
export function panelTitle(subject: SpendSubject): string {
  return plainText(`${scopeName(subject)} spend`);
}
