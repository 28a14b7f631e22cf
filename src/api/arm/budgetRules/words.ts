/**
 * The words of budgets, as the service spells them; it compares them without case (REST reference: Cost Management and
 * Consumption, Budgets - Create Or Update).
 */

/** What a budget watches; `Usage` was known to the first versions of Cost Management only. */
export const CATEGORIES = ['Cost', 'ReservationUtilization', 'Usage'] as const;

export const COST_GRAINS = ['Monthly', 'Quarterly', 'Annually'] as const;
/** Of pay-as-you-go (Web Direct) customers: they follow the billing period. */
export const BILLING_GRAINS = ['BillingMonth', 'BillingQuarter', 'BillingAnnual'] as const;
export const RESERVATION_GRAINS = ['Last7Days', 'Last30Days'] as const;

/** Months of a grain that follows the calendar. */
export const GRAIN_MONTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({ Monthly: 1, Quarterly: 3, Annually: 12 }),
);

export const OPERATORS = ['EqualTo', 'GreaterThan', 'GreaterThanOrEqualTo', 'LessThan'] as const;
export const THRESHOLD_TYPES = ['Actual', 'Forecasted'] as const;
export const FREQUENCIES = ['Daily', 'Weekly', 'Monthly'] as const;

/** Languages that mails are written in. */
export const LOCALES: readonly string[] = (
  'en-us ja-jp zh-cn de-de es-es fr-fr it-it ko-kr pt-br ru-ru zh-tw cs-cz pl-pl tr-tr da-dk en-gb hu-hu nb-no nl-nl pt-pt ' +
  'sv-se'
).split(' ');

/** The only dimensions of a budget on the use of reservations. */
export const RESERVATION_DIMENSIONS: readonly string[] = ['ReservationId', 'ReservedResourceType'];

/** Dimensions that budgets can be filtered by at every scope. Others may exist: which ones, the service tells. */
export const DIMENSIONS: readonly string[] = [
  'ChargeType',
  'Meter',
  'MeterCategory',
  'MeterSubCategory',
  'PricingModel',
  'Product',
  'PublisherType',
  'ResourceGroupName',
  'ResourceId',
  'ResourceLocation',
  'ResourceType',
  'ServiceFamily',
  'ServiceName',
  'SubscriptionId',
  'SubscriptionName',
];

/** The words that a budget's members may have: names of notifications and filters are the user's own. */
export const MEMBERS = {
  budget: ['category', 'amount', 'timeGrain', 'timePeriod', 'filter', 'notifications', 'currentSpend', 'forecastSpend'],
  timePeriod: ['startDate', 'endDate'],
  notification: [
    'enabled',
    'operator',
    'threshold',
    'thresholdType',
    'frequency',
    'locale',
    'contactEmails',
    'contactRoles',
    'contactGroups',
  ],
  leaf: ['name', 'operator', 'values'],
} as const satisfies Record<string, readonly string[]>;

/** Limits of the service. Thresholds are percentages. */
export const LIMITS = {
  nameLength: 63,
  firstStart: '2017-06-01',
  monthsAhead: 12,
  reservationMonths: 36,
  notificationsOfAType: 5,
  contacts: 50,
  costThreshold: 1000,
  reservationThreshold: 100,
  thresholdDecimals: 2,
} as const;
