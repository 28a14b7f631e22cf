import { parseCostScope } from '../api/arm/scope.ts';
import { isPartnerScope } from '../spend/spendQuestion.ts';
import type { SpendPicture } from '../spend/spendShapes.ts';
import { plainText } from '../workbench/text.ts';
import { shortName } from './names.ts';
import type { SpendOption } from './spendContract.ts';

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
        'These are the costs that Cost Management has of this customer in its billing account, not the estimates of Partner Center.',
      ]
    : [];
}
