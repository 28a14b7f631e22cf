import {
  BILLING_GRAINS,
  CATEGORIES,
  COST_GRAINS,
  DIMENSIONS,
  FREQUENCIES,
  LIMITS,
  LOCALES,
  OPERATORS,
  RESERVATION_DIMENSIONS,
  RESERVATION_GRAINS,
  THRESHOLD_TYPES,
} from '../api/arm/budgetRules/words.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Words to complete. Others are let through: what is wrong, and at which scope, the diagnostics say, once and in their words. */
function words(description: string, list: readonly string[], meanings: Readonly<Record<string, string>> = {}): Schema {
  const enumDescriptions = list.map((word) => meanings[word] ?? '');
  return { description, anyOf: [{ enum: list, ...(Object.keys(meanings).length > 0 && { enumDescriptions }) }, {}] };
}

/** A place of a snippet that is filled in, by its number. */
function hole(number: number, text: string): string {
  return `$\{${number}:${text}}`;
}

/** `^` keeps the editor from quoting a number. */
function numberHole(number: number, digits: string): string {
  return `^${hole(number, digits)}`;
}

const NOTIFICATION_SNIPPET: Schema = {
  enabled: true,
  operator: 'GreaterThanOrEqualTo',
  threshold: numberHole(2, '80'),
  thresholdType: `$\{3|${THRESHOLD_TYPES.join()}|}`,
  contactEmails: [hole(4, 'billing@example.com')],
};

const START = '$CURRENT_YEAR-$CURRENT_MONTH-01T00:00:00Z';

/**
 * The JSON schema of a budget's document (draft-07): completion, hover texts and snippets. It refuses nothing. `media/budget.schema.json` is
 * this as a file; a test fails when they differ.
 */
export function budgetSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Azure budget',
    description: 'A budget of Cost Management or Consumption: its properties, without what the service finds out.',
    type: 'object',
    defaultSnippets: [
      {
        label: 'Monthly budget',
        description: 'A budget on the cost of each month, with one notification',
        body: {
          category: 'Cost',
          amount: numberHole(1, '1000.00'),
          timeGrain: 'Monthly',
          timePeriod: { startDate: START },
          notifications: { Actual_80_Percent: NOTIFICATION_SNIPPET },
        },
      },
    ],
    properties: {
      category: words('What the budget watches.', CATEGORIES, {
        Cost: 'Cost of the scope',
        ReservationUtilization: 'How much of the reservations is used; at customers',
        Usage: 'Known to the first versions only',
      }),
      amount: {
        description:
          'What may be spent in one period: digits above 0, kept as they are written. In USD at a billing account, else in the currency that the scope is billed in.',
        examples: [1000],
      },
      timeGrain: words(
        'After how long spend counts from 0 again.',
        [...COST_GRAINS, ...BILLING_GRAINS, ...RESERVATION_GRAINS],
        {
          Monthly: 'Each month of the calendar',
          Quarterly: 'Each quarter of the calendar',
          Annually: 'Each year of the calendar',
          BillingMonth: 'Billing periods; pay-as-you-go subscriptions only',
          BillingQuarter: 'Three billing periods; pay-as-you-go subscriptions only',
          BillingAnnual: 'Twelve billing periods; pay-as-you-go subscriptions only',
          Last7Days: 'Budgets on reservations only',
          Last30Days: 'Budgets on reservations only',
        },
      ),
      timePeriod: {
        description: 'From when to when the budget is looked at. Days are UTC.',
        defaultSnippets: [{ label: 'From this month on', body: { startDate: hole(1, START) } }],
        properties: {
          startDate: {
            description: `The first of a month, from ${LIMITS.firstStart} on and at most ${LIMITS.monthsAhead} months ahead. It cannot be changed later.`,
            defaultSnippets: [{ label: 'This month', body: START }],
          },
          endDate: {
            description: 'The last day; ten years after the start when left out.',
            defaultSnippets: [{ label: 'End of next year', body: `${hole(1, '$CURRENT_YEAR')}-12-31T00:00:00Z` }],
          },
        },
      },
      filter: {
        description: 'Which costs count; all when left out.',
        anyOf: [{ $ref: '#/definitions/filter' }, {}],
      },
      notifications: {
        description: `Who is told at which percentage. Names are yours; at most ${LIMITS.notificationsOfAType} on actual and as many on forecasted cost.`,
        defaultSnippets: [{ label: 'Notification', body: { [hole(1, 'Actual_80_Percent')]: NOTIFICATION_SNIPPET } }],
        additionalProperties: { $ref: '#/definitions/notification' },
      },
    },
    definitions: {
      notification: {
        description: 'One notification.',
        defaultSnippets: [{ label: 'Notification', body: NOTIFICATION_SNIPPET }],
        properties: {
          enabled: { description: 'Whether it is sent.', anyOf: [{ enum: [true, false] }, {}] },
          operator: words('How spend is compared with the threshold.', OPERATORS, {
            EqualTo: 'Microsoft.Consumption and first versions only',
            GreaterThan: 'More than the threshold',
            GreaterThanOrEqualTo: 'The threshold or more',
            LessThan: 'Budgets on reservations only',
          }),
          threshold: {
            description: `Percent of the amount: 0 to ${LIMITS.costThreshold}, two decimals at most.`,
            examples: [50, 80, 100],
          },
          thresholdType: words('What is compared; actual cost when left out.', THRESHOLD_TYPES, {
            Actual: 'What is spent',
            Forecasted: 'What the service foresees for the period; newer versions only',
          }),
          frequency: words('How long it keeps silent after it was sent; budgets on reservations only.', FREQUENCIES),
          locale: words('The language of the mail.', LOCALES),
          contactEmails: {
            description: `Mail addresses, at most ${LIMITS.contacts}.`,
            defaultSnippets: [{ label: 'Mail address', body: [hole(1, 'billing@example.com')] }],
          },
          contactRoles: {
            description: 'Roles that are told; subscriptions and resource groups only.',
            items: words('A role.', ['Owner', 'Contributor', 'Reader']),
          },
          contactGroups: {
            description: `Resource ids of action groups, at most ${LIMITS.contacts}; subscriptions and resource groups only.`,
          },
        },
      },
      filter: {
        description: 'One condition, or a group of at least two.',
        properties: {
          dimensions: { $ref: '#/definitions/dimension' },
          tags: { $ref: '#/definitions/tag' },
          and: {
            description: 'All of at least two conditions.',
            items: { $ref: '#/definitions/filter' },
          },
        },
        defaultSnippets: [
          {
            label: 'Resource group',
            body: { dimensions: { name: 'ResourceGroupName', operator: 'In', values: [hole(1, 'name')] } },
          },
          { label: 'Tag', body: { tags: { name: hole(1, 'team'), operator: 'In', values: [hole(2, 'value')] } } },
        ],
      },
      dimension: {
        properties: {
          name: words('A dimension. Not every scope has each.', [...DIMENSIONS, ...RESERVATION_DIMENSIONS]),
          operator: words('How values are compared.', ['In']),
          values: { description: 'One of these; at least one text.' },
        },
      },
      tag: {
        properties: {
          name: { description: 'The name of the tag.' },
          operator: words('How values are compared.', ['In']),
          values: { description: 'One of these; at least one text.' },
        },
      },
    },
  };
}
