import { addMonths, dayOf } from './days.ts';
import { isMissing, isObject, type Problem, ProblemList } from './problems.ts';
import type { CostScope } from './scope.ts';
import type { VersionSet } from './versions.ts';

/** What an export's body is checked for. */
export interface ExportContext {
  scope: CostScope;
  versions: VersionSet;
  name: string;
}

/** ISO date-times, UTC; both days inclusive. */
export interface ExportPeriod {
  from: string;
  to: string;
}

const COST_TYPES = ['Usage', 'ActualCost', 'AmortizedCost'] as const;
const PROFILE_TYPES = [
  'PriceSheet',
  'ReservationTransactions',
  'ReservationRecommendations',
  'ReservationDetails',
] as const;
const TYPES = { seed: COST_TYPES, newest: [...COST_TYPES, 'FocusCost', ...PROFILE_TYPES] } as const;

const TIMEFRAMES = [
  'MonthToDate',
  'BillingMonthToDate',
  'TheLastMonth',
  'TheLastBillingMonth',
  'WeekToDate',
  'Custom',
  'TheCurrentMonth',
] as const;

const COMPRESSIONS = { Csv: ['none', 'gzip'], Parquet: ['none', 'snappy'] } as const;
const NEWER_MEMBERS = ['compressionMode', 'partitionData', 'dataOverwriteBehavior', 'exportDescription'] as const;

/**
 * Checks the body of an export as a user wrote it, before it is sent (REST reference: Cost Management, Exports - Create Or
 * Update; article "Tutorial: Create and manage Cost Management exports").
 *
 * @returns the problems in the order of the body; none for a body that can be sent
 */
export function checkExport(body: unknown, context: ExportContext): Problem[] {
  const list = new ProblemList();
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(context.name)) {
    list.add('name', 'is not 1 to 64 letters, digits, dashes and underscores.');
  }
  const root = list.object('body', body);
  const properties = root && list.object('properties', root.properties);
  if (root === undefined || properties === undefined) {
    return list.problems;
  }
  checkIdentity(list, root);
  checkFormat(list, properties, context);
  checkSchedule(list, properties.schedule);
  checkDestination(list, properties.deliveryInfo, context.scope);
  checkDefinition(list, properties.definition, context);
  return list.problems;
}

/** Checks the days of a custom period: real ones, in order, and in newer versions at most a month. */
export function checkExportPeriod(path: string, period: unknown, versions: VersionSet): Problem[] {
  const list = new ProblemList();
  const { from, to } = checkPeriod(list, path, period, true);
  if (versions === 'newest' && from !== undefined && to !== undefined && to > addMonths(from, 1)) {
    list.add(path, 'is longer than a month; export one month at a time.');
  }
  return list.problems;
}

function checkPeriod(list: ProblemList, path: string, value: unknown, closed: boolean): Partial<ExportPeriod> {
  const period = list.object(path, value);
  if (period === undefined) {
    return {};
  }
  const day = (name: 'from' | 'to', optional: boolean) => {
    const found = dayOf(period[name]);
    if (found === undefined && !(optional && isMissing(period[name]))) {
      const missing = isMissing(period[name]) ? 'is missing' : 'is not a date';
      list.add(`${path}.${name}`, `${missing}; use a date such as 2026-10-01T00:00:00Z.`);
    }
    return found;
  };
  const from = day('from', false);
  const to = day('to', !closed);
  if (from !== undefined && to !== undefined && from > to) {
    list.add(`${path}.from`, `is after '${path}.to'.`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function checkIdentity(list: ProblemList, root: Record<string, unknown>): void {
  if (isMissing(root.identity)) {
    return;
  }
  const identity = list.object('identity', root.identity);
  const type = identity && list.word('identity.type', identity.type, ['SystemAssigned', 'None']);
  if (type === 'SystemAssigned') {
    list.text('location', root.location);
  }
}

function checkFormat(list: ProblemList, properties: Record<string, unknown>, { versions }: ExportContext): void {
  const formats = versions === 'seed' ? (['Csv'] as const) : (['Csv', 'Parquet'] as const);
  const format = list.word('properties.format', properties.format, formats, true) ?? 'Csv';
  if (versions === 'seed') {
    for (const member of NEWER_MEMBERS) {
      if (!isMissing(properties[member])) {
        list.add(`properties.${member}`, 'is not known to this version.');
      }
    }
    return;
  }
  list.word('properties.compressionMode', properties.compressionMode, COMPRESSIONS[format], true);
  list.flag('properties.partitionData', properties.partitionData);
  const behaviours = ['OverwritePreviousReport', 'CreateNewReport'];
  list.word('properties.dataOverwriteBehavior', properties.dataOverwriteBehavior, behaviours, true);
  if (!isMissing(properties.exportDescription) && typeof properties.exportDescription !== 'string') {
    list.add('properties.exportDescription', 'is not a text.');
  }
}

function checkSchedule(list: ProblemList, value: unknown): void {
  if (isMissing(value)) {
    return;
  }
  const path = 'properties.schedule';
  const schedule = list.object(path, value);
  if (schedule === undefined) {
    return;
  }
  const status = list.word(`${path}.status`, schedule.status, ['Active', 'Inactive', 'SystemSuspended'], true);
  const active = status === 'Active';
  const recurrences = ['Daily', 'Weekly', 'Monthly', 'Annually'];
  list.word(`${path}.recurrence`, schedule.recurrence, recurrences, !active);
  if (active || !isMissing(schedule.recurrencePeriod)) {
    checkPeriod(list, `${path}.recurrencePeriod`, schedule.recurrencePeriod, false);
  }
}

function checkDestination(list: ProblemList, value: unknown, scope: CostScope): void {
  const delivery = list.object('properties.deliveryInfo', value);
  const path = 'properties.deliveryInfo.destination';
  const destination = delivery && list.object(path, delivery.destination);
  if (destination === undefined) {
    return;
  }
  list.word(`${path}.type`, destination.type, ['AzureBlob'], true);
  list.text(`${path}.container`, destination.container);
  const folder = destination.rootFolderPath;
  if (typeof folder === 'string' && folder.startsWith('/')) {
    list.add(`${path}.rootFolderPath`, 'begins with a slash; leave it out.');
  } else if (!isMissing(folder) && typeof folder !== 'string') {
    list.add(`${path}.rootFolderPath`, 'is not a text.');
  }
  const shared = !isMissing(destination.sasToken) || !isMissing(destination.storageAccount);
  if (!isMissing(destination.resourceId)) {
    list.text(`${path}.resourceId`, destination.resourceId);
    if (shared) {
      list.add(`${path}.resourceId`, 'stands beside a storage account with a token; use one of them.');
    }
  } else if (shared) {
    // The token is a secret: no message repeats it.
    list.text(`${path}.storageAccount`, destination.storageAccount);
    list.text(`${path}.sasToken`, destination.sasToken);
    if (scope.kind !== 'billingAccount') {
      list.add(`${path}.sasToken`, 'works at billing accounts only; use resourceId.');
    }
  } else {
    list.add(`${path}.resourceId`, 'is missing; use the id of a storage account.');
  }
}

function checkDefinition(list: ProblemList, value: unknown, { scope, versions }: ExportContext): void {
  const path = 'properties.definition';
  const definition = list.object(path, value);
  if (definition === undefined) {
    return;
  }
  const type = list.word<string>(`${path}.type`, definition.type, TYPES[versions]);
  const profileOnly = PROFILE_TYPES.some((known) => known === type);
  if (profileOnly && !holdsPrices(scope)) {
    list.add(`${path}.type`, `is ${type}, which is exported at billing profiles only.`);
  }
  const timeframe = list.word(`${path}.timeframe`, definition.timeframe, TIMEFRAMES);
  if (timeframe === 'TheCurrentMonth' && type !== undefined && type !== 'PriceSheet') {
    list.add(`${path}.timeframe`, 'is TheCurrentMonth, which is for price sheets only; use MonthToDate.');
  }
  if (timeframe === 'Custom') {
    list.problems.push(...checkExportPeriod(`${path}.timePeriod`, definition.timePeriod, versions));
  }
  // The service takes both spellings, and its own samples have both.
  const name = isMissing(definition.dataSet) && !isMissing(definition.dataset) ? 'dataset' : 'dataSet';
  const dataSet = definition[name];
  if (isObject(dataSet)) {
    const granularities = versions === 'seed' ? ['Daily'] : ['Daily', 'Monthly'];
    list.word(`${path}.${name}.granularity`, dataSet.granularity, granularities, true);
  } else if (!isMissing(dataSet)) {
    list.add(`${path}.${name}`, 'is not an object.');
  }
}

/** Billing profiles, and enrolments, whose name is a number; accounts of partners have two ids in it. */
function holdsPrices(scope: CostScope): boolean {
  return scope.kind === 'billingProfile' || (scope.kind === 'billingAccount' && !scope.account.includes(':'));
}
