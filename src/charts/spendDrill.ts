import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import type { OpenUsageArgument, OpenUsageRecordsArgument, UsageConditionArgument } from '../contributions.ts';
import { partnerCustomerOf } from '../spend/spendQuestion.ts';
import type { SpendQuestion } from '../spend/spendShapes.ts';
import { hasUsageColumn } from '../usage/usageFilter.ts';
import type { SpendToHost } from './spendContract.ts';
import { type SpendSubject, scopeName } from './spendSubject.ts';

type Mark = Extract<SpendToHost, { type: 'drill' }>;

/** What opens the rows behind a mark. */
export type DrillTarget =
  | { command: 'azureBilling.openUsage'; argument: OpenUsageArgument; untold: readonly string[] }
  | { command: 'azureBilling.openUsageRecords'; argument: OpenUsageRecordsArgument; untold: readonly string[] };

/**
 * The rows behind a mark: those of its days and groups that the filters keep. `untold` names conditions that usage rows say nothing
 * about; without them there are more rows than the mark adds up.
 */
export function drillTarget(subject: SpendSubject, mark: Mark): DrillTarget {
  const { connection, question } = subject;
  const label = scopeName(subject);
  const customer = partnerCustomerOf(question.scope);
  if (customer !== undefined) {
    const argument = { connection, customerId: customer, label };
    return { command: 'azureBilling.openUsageRecords', argument, untold: [] };
  }
  const { scope, conditions } = usageScope(question);
  const wanted = [...conditions, ...question.filters, ...groupOf(question, mark)];
  const only = wanted.filter(({ by }) => hasUsageColumn(by));
  const untold = [...new Set(wanted.filter(({ by }) => !hasUsageColumn(by)).map(({ by }) => by))];
  return {
    command: 'azureBilling.openUsage',
    argument: {
      connection,
      scope,
      period: mark.period,
      ...(question.metric === 'amortized' ? { metric: 'AmortizedCost' } : {}),
      ...(only.length === 0 ? {} : { only }),
      label,
    },
    untold,
  };
}

function groupOf({ groupBy }: SpendQuestion, { key, but }: Mark): UsageConditionArgument[] {
  if (groupBy === '') {
    return [];
  }
  return [
    ...(key === undefined ? [] : [{ by: groupBy, values: [key] }]),
    ...(but === undefined || but.length === 0 ? [] : [{ by: groupBy, values: but, not: true as const }]),
  ];
}

/** Usage details know no resource groups: theirs are rows of the subscription. */
function usageScope({ scope: path }: SpendQuestion): { scope: string; conditions: UsageConditionArgument[] } {
  const scope = parseCostScope(path);
  return scope.kind === 'resourceGroup'
    ? {
        scope: scopePath({ kind: 'subscription', subscription: scope.subscription }),
        conditions: [{ by: 'ResourceGroupName', values: [scope.resourceGroup] }],
      }
    : { scope: path, conditions: [] };
}
