import { scopePath } from '../api/arm/scope.ts';
import type { OpenUsageArgument, OpenUsageRecordsArgument, UsageConditionArgument } from '../contributions.ts';
import { partnerCustomerOf } from '../spend/spendQuestion.ts';
import type { SpendPicture, SpendQuestion } from '../spend/spendShapes.ts';
import { hasUsageColumn } from '../usage/usageFilter.ts';
import { usageScope } from '../usage/usageScope.ts';
import type { SpendToHost } from './spendContract.ts';

/** Some days and groups of a picture that somebody pointed at. */
export type SpendMark = Omit<Extract<SpendToHost, { type: 'drill' }>, 'type'>;

/** What a mark is part of. */
export interface DrillSubject {
  connection: string;
  /** Name of the scope, for people. */
  label: string;
  question: SpendQuestion;
  /** What is drawn; a mark is in its currency. */
  picture: Pick<SpendPicture, 'currency' | 'currencies'>;
}

/** Why the rows that can be opened are others than those of the mark, and what the button that opens them all the same says. */
export interface DrillDoubt {
  message: string;
  open: string;
}

/** What opens the rows behind a mark. */
export type DrillTarget = { doubt?: DrillDoubt } & (
  | { command: 'azureBilling.openUsage'; argument: OpenUsageArgument }
  | { command: 'azureBilling.openUsageRecords'; argument: OpenUsageRecordsArgument }
);

/**
 * The rows behind a mark: those of its days, groups and currency that the filters keep. They add up to the mark, unless there is a
 * doubt.
 */
export function drillTarget(subject: DrillSubject, mark: SpendMark): DrillTarget {
  const customer = partnerCustomerOf(subject.question.scope);
  return customer === undefined ? usageTarget(subject, mark) : recordsTarget(subject, customer, mark);
}

function usageTarget({ connection, label, question, picture }: DrillSubject, mark: SpendMark): DrillTarget {
  const { scope, conditions } = usageScope(question.scope);
  const wanted = [...conditions, ...question.filters, ...groupOf(question, mark), ...currencyOf(question, picture)];
  const only = wanted.filter(({ by }) => hasUsageColumn(by));
  const untold = [...new Set(wanted.filter(({ by }) => !hasUsageColumn(by)).map(({ by }) => by))];
  return {
    command: 'azureBilling.openUsage',
    argument: {
      connection,
      scope: conditions.length === 0 ? question.scope : scopePath(scope),
      period: mark.period,
      ...(question.metric === 'amortized' ? { metric: 'AmortizedCost' } : {}),
      ...(only.length === 0 ? {} : { only }),
      label,
    },
    ...(untold.length === 0 ? {} : { doubt: doubtAbout(untold) }),
  };
}

function doubtAbout(untold: readonly string[]): DrillDoubt {
  return {
    message: `Usage rows do not tell ${untold.join(' and ')}: the rows of this mark cannot be told from the others.`,
    open: 'Open All Rows',
  };
}

function groupOf({ groupBy }: SpendQuestion, { key, but }: SpendMark): UsageConditionArgument[] {
  if (groupBy === '') {
    return [];
  }
  return [
    ...(key === undefined ? [] : [{ by: groupBy, values: [key] }]),
    ...(but === undefined || but.length === 0 ? [] : [{ by: groupBy, values: but, not: true as const }]),
  ];
}

/** A picture in a billing or pricing currency holds the costs that are in it; one in US dollars holds all. */
function currencyOf(
  { currency }: SpendQuestion,
  { currency: code, currencies }: DrillSubject['picture'],
): UsageConditionArgument[] {
  const by = currency === 'usd' ? undefined : currency === 'billing' ? 'BillingCurrency' : 'PricingCurrency';
  return by === undefined || currencies.length < 2 ? [] : [{ by, values: [code] }];
}

/** Lists of Partner Center are whole: of the subscriptions of a customer, or of the meters of a subscription. */
function recordsTarget(
  { connection, label, question, picture }: DrillSubject,
  customerId: string,
  { key, but }: SpendMark,
): DrillTarget {
  const { groupBy, filters } = question;
  const command = 'azureBilling.openUsageRecords';
  if (groupBy === 'Subscription' && key !== undefined && key !== '') {
    const message = 'Partner Center renews its sums by meter at other times: they need not add up to this mark.';
    const argument = { connection, customerId, subscriptionId: key, label };
    return { command, argument, doubt: { message, open: 'Open Meters' } };
  }
  const isWhole = key === undefined && but === undefined && filters.length === 0;
  const doubt =
    isWhole && (groupBy === '' || groupBy === 'Subscription') && picture.currencies.length < 2
      ? undefined
      : {
          message:
            'Partner Center lists the costs of all subscriptions together: there are more of them than this mark.',
          open: 'Open All Rows',
        };
  return { command, argument: { connection, customerId, label }, ...(doubt && { doubt }) };
}
