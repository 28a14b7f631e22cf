import { dayOf, firstDay, monthOf } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import { placesOf } from './exportDelivery.ts';
import type { CostExport, ExportDefinition, ExportDestination, ExportInput, ExportRun } from './exportModel.ts';
import { daysOfExport, folderOfDays, pastRuns } from './exportPeriods.ts';
import { type StorageAccount, storagePlaces } from './storageAccounts.ts';
import type { Tenant } from './tenant.ts';

/**
 * The exports that the tenant starts with, by the scope that has them. Customers are given by their index in the main billing
 * account.
 */
export const EXPORT_STORIES = {
  account: {
    /** Each day the month so far, as compressed CSV; a new file takes the place of the last. */
    daily: 'daily-costs',
    /** Each month the last one, in FOCUS, as Parquet. */
    focus: 'focus-monthly',
    /** Each month the last one, to a storage account that the caller may not read. */
    archive: 'cost-archive',
  },
  /** Of the US dollar billing profile. */
  profile: { prices: 'price-sheet' },
  /** The storage account was deleted; its runs failed, and the service suspended the export. */
  suspended: { customer: 2, name: 'weekly-costs' },
  /** Of the customer that never has usage: its runs find no data. */
  empty: { customer: 5, name: 'monthly-costs' },
  /** Of the first subscription of the first customer: made with an old api-version, one CSV file a run, and switched off. */
  subscription: { customer: 0, name: 'team-costs' },
} as const;

interface SeededExport {
  readonly name: string;
  readonly input: ExportInput;
  /** The runs up to now, newest first. */
  runs(costExport: CostExport): ExportRun[];
}

type RunId = (name: string, n: number) => string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const MOST_RUNS = 12;
/** Days of a month in which a daily export of the month so far writes the last month once more. */
const LATE_DAYS = 5;

/** The ids of the scopes that have exports at the start. */
export function exportStoryScopes(tenant: Tenant): string[] {
  const [account] = tenant.accounts;
  const accountId = `/providers/Microsoft.Billing/billingAccounts/${account?.name}`;
  const customer = (index: number): string => `${accountId}/customers/${tenant.directory.customer(index).name}`;
  const { suspended, empty, subscription } = EXPORT_STORIES;
  const own = tenant.directory.subscription(tenant.directory.customer(subscription.customer), 0);
  return [
    accountId,
    `${accountId}/billingProfiles/${account?.profiles[0]?.name}`,
    customer(suspended.customer),
    customer(empty.customer),
    `/subscriptions/${own.name}`,
  ];
}

/** The exports of a scope; most scopes have none. */
export function seededExports(tenant: Tenant, scope: CostScope, runId: RunId): SeededExport[] {
  const { costs, vault, customer, deletedId } = storagePlaces(tenant);
  const { ledger } = tenant;
  const told = EXPORT_STORIES;
  const [accountId, profileId, suspendedId, emptyId, subscriptionId] = exportStoryScopes(tenant);
  const begin = (hour: number, day = 0, monthsBack = 14): number =>
    (firstDay(ledger.openMonth - monthsBack) + day) * DAY + hour * HOUR;
  const daily = { status: 'Active', recurrence: 'Daily', period: { from: begin(5), to: begin(5, 0, -36) } } as const;
  const monthly = { ...daily, recurrence: 'Monthly', period: { from: begin(7, 4, 2), to: begin(7, 4, -36) } } as const;
  const make = (name: string, input: Partial<ExportInput> & Pick<ExportInput, 'definition' | 'destination'>) =>
    seeded(tenant, runId, name, input);

  if (scope.id === accountId) {
    return [
      make(told.account.daily, {
        compression: 'gzip',
        overwrite: 'OverwritePreviousReport',
        description: 'Costs of all customers, this month until yesterday.',
        schedule: daily,
        destination: folder(costs, 'cost-exports', 'billing'),
        definition: costsOf('ActualCost', 'MonthToDate', '2021-10-01'),
      }),
      make(told.account.focus, {
        format: 'Parquet',
        compression: 'snappy',
        schedule: monthly,
        destination: folder(costs, 'focus', 'monthly'),
        definition: costsOf('FocusCost', 'TheLastMonth', '1.2-preview'),
      }),
      make(told.account.archive, {
        schedule: monthly,
        destination: folder(vault, 'archive', ''),
        definition: costsOf('AmortizedCost', 'TheLastMonth', '2021-10-01'),
      }),
    ];
  }
  if (scope.id === profileId) {
    return [
      make(told.profile.prices, {
        compression: 'gzip',
        overwrite: 'OverwritePreviousReport',
        schedule: daily,
        destination: folder(costs, 'prices', 'usd'),
        definition: costsOf('PriceSheet', 'TheCurrentMonth', '2023-05-01'),
      }),
    ];
  }
  if (scope.id === suspendedId) {
    return [
      make(told.suspended.name, {
        schedule: { ...daily, status: 'SystemSuspended', recurrence: 'Weekly' },
        destination: { resourceId: deletedId, container: 'costs', rootFolderPath: 'weekly' },
        definition: costsOf('ActualCost', 'WeekToDate', '2021-10-01'),
      }),
    ];
  }
  if (scope.id === emptyId) {
    return [
      make(told.empty.name, {
        schedule: monthly,
        destination: folder(costs, 'customers', 'reserve'),
        definition: costsOf('ActualCost', 'TheLastMonth', '2021-10-01'),
      }),
    ];
  }
  if (scope.id !== subscriptionId) return [];
  return [
    make(told.subscription.name, {
      apiVersion: '2020-06-01',
      layout: 'files',
      schedule: { ...monthly, status: 'Inactive' },
      destination: folder(customer, 'exports', 'team'),
      definition: { type: 'Usage', timeframe: 'TheLastMonth', granularity: 'Daily' },
    }),
  ];
}

function costsOf(type: string, timeframe: string, dataVersion: string): ExportDefinition {
  return { type, timeframe, granularity: 'Daily', dataVersion };
}

function folder({ id }: StorageAccount, container: string, rootFolderPath: string): ExportDestination {
  return { resourceId: id, container, rootFolderPath };
}

function seeded(
  tenant: Tenant,
  runId: RunId,
  name: string,
  given: Partial<ExportInput> & Pick<ExportInput, 'definition' | 'destination'>,
): SeededExport {
  const input: ExportInput = {
    apiVersion: '2025-03-01',
    layout: 'runs',
    format: 'Csv',
    compression: 'none',
    overwrite: 'CreateNewReport',
    ...given,
  };
  return { name, input, runs: (costExport) => runsOf(tenant, runId, costExport) };
}

function runsOf(tenant: Tenant, runId: RunId, settings: CostExport): ExportRun[] {
  const now = tenant.options.now.getTime();
  if (!settings.schedule) return [];
  const runs = pastRuns(settings.schedule, now, MOST_RUNS)
    .flatMap((submitted, back) => [
      runAt(settings, runId(settings.name, 2 * back), submitted, submitted, now),
      ...(writesLastMonth(settings, submitted)
        ? [runAt(settings, runId(settings.name, 2 * back + 1), submitted, submitted - DAY * dayOfMonth(submitted), now)]
        : []),
    ])
    .slice(0, MOST_RUNS);
  const written = new Set<string>();
  for (const run of runs) tell(tenant, run, written);
  return runs;
}

const dayOfMonth = (moment: number): number => {
  const day = dayOf(new Date(moment));
  return day - firstDay(monthOf(day)) + 1;
};

/** Late usage of the last month comes in at the beginning of a month. */
function writesLastMonth({ schedule, definition }: CostExport, moment: number): boolean {
  const isDaily = schedule?.recurrence === 'Daily' && definition.timeframe === 'MonthToDate';
  return isDaily && dayOfMonth(moment) <= LATE_DAYS;
}

/** A run for the days that the export has at a moment. */
function runAt(settings: CostExport, id: string, submitted: number, moment: number, now: number): ExportRun {
  const days = daysOfExport(settings.definition, new Date(moment));
  const ended = submitted + 4 * HOUR;
  return {
    id,
    executionType: 'Scheduled',
    submitted,
    days,
    folder: folderOfDays(settings.definition.timeframe, days),
    settings,
    // How it ended is found out when somebody first looks.
    status: 'InProgress',
    started: submitted + MINUTE,
    ended: ended <= now ? ended : undefined,
    error: undefined,
    fileName: undefined,
    manifestFile: undefined,
  };
}

/** Runs whose files were overwritten by newer ones have ended; only paths are left of them. */
function tell(tenant: Tenant, run: ExportRun, written: Set<string>): void {
  const { settings, folder: days } = run;
  if (settings.overwrite !== 'OverwritePreviousReport') return;
  const place = `${days.from}-${days.to}`;
  if (written.has(place)) {
    run.status = 'Completed';
    Object.assign(run, placesOf(run));
  } else if (run.days.from <= tenant.ledger.window.to) {
    written.add(place);
  }
}
