import { badRequest } from './answers.ts';
import { isObject, listOfTexts, member, oneOf } from './bodyMembers.ts';
import type { DayRange } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import { quoted } from './exactJson.ts';
import { exportDataset } from './exportDatasets.ts';
import { readDestination } from './exportDestinations.ts';
import type { ExportDefinition, ExportInput, ExportLayout } from './exportModel.ts';
import { EXPORT_TIMEFRAMES } from './exportPeriods.ts';
import { readPeriod, readSchedule } from './exportTimes.ts';
import type { ExportVersion } from './exportVersions.ts';
import type { Tenant } from './tenant.ts';

/** What a PUT is read for. */
export interface ExportContext {
  readonly tenant: Tenant;
  readonly scope: CostScope;
  readonly apiVersion: string;
  readonly version: ExportVersion;
  /** What the PUT would replace. */
  readonly existing: ExportInput | undefined;
}

const PROFILE_TYPES = ['PriceSheet', 'ReservationTransactions', 'ReservationRecommendations', 'ReservationDetails'];
const FILTERS = ['ReservationScope', 'ResourceType', 'LookBackPeriod'];
const COMPRESSIONS = { Csv: ['none', 'gzip'], Parquet: ['none', 'snappy'] } as const;

/** The name in the address: 1 to 64 letters, digits, dashes and underscores. */
export function checkExportName(name: string): void {
  if (/^[\w-]{1,64}$/.test(name)) return;
  throw badRequest(
    `The export name '${name}' is not valid: it must have 1 to 64 letters, digits, dashes and underscores.`,
  );
}

/**
 * Reads the body of a PUT (REST reference: Exports - Create Or Update). Members that the api-version does not know are passed
 * over. Throws a Refusal (400) that names the member which breaks a rule.
 */
export function readExport(body: unknown, context: ExportContext): ExportInput {
  const { tenant, scope, version, apiVersion, existing } = context;
  const properties = member(body, 'properties');
  if (!isObject(properties)) throw badRequest('properties is required and must be an object.');
  const definition = readDefinition(member(properties, 'definition'), context);
  const destination = readDestination(tenant, scope, version, member(properties, 'deliveryInfo'), existing);
  const schedule = readSchedule(member(properties, 'schedule'));
  const description = optionalText(properties, 'exportDescription', 'properties.exportDescription');
  return {
    apiVersion,
    ...readFormat(properties, definition, version),
    ...(version.runFolders && description !== undefined ? { description } : {}),
    ...(version.identity ? readIdentity(body) : {}),
    ...(schedule ? { schedule } : {}),
    destination,
    definition,
  };
}

/** The days of a run's own period (REST reference: Exports - Execute). Throws a Refusal that names the member. */
export function readRunPeriod(body: unknown, version: ExportVersion): DayRange | undefined {
  const period = member(body, 'timePeriod');
  return period === undefined ? undefined : readPeriod(period, 'timePeriod', version).days;
}

type Formats = Pick<ExportInput, 'format' | 'compression' | 'layout' | 'overwrite'>;

function readFormat(properties: unknown, { type }: ExportDefinition, version: ExportVersion): Formats {
  const format = oneOf(member(properties, 'format') ?? 'Csv', version.formats, 'properties.format');
  const known = format === 'Parquet' ? 'Parquet' : 'Csv';
  const partitionData = member(properties, 'partitionData');
  if (version.partitionData && partitionData !== undefined && typeof partitionData !== 'boolean') {
    throw badRequest(`The value '${quoted(partitionData)}' of properties.partitionData is not a boolean.`);
  }
  if (!version.runFolders) {
    const layout: ExportLayout = version.partitionData && partitionData === true ? 'partitions' : 'files';
    return { format: known, compression: 'none', layout, overwrite: 'CreateNewReport' };
  }
  const plain = type.startsWith('Reservation');
  if (plain && known === 'Parquet') throw badRequest(`properties.format Parquet is not supported for ${type}.`);
  const compression = oneOf(
    member(properties, 'compressionMode') ?? 'none',
    plain ? ['none'] : COMPRESSIONS[known],
    'properties.compressionMode',
  );
  const overwrite = oneOf(
    member(properties, 'dataOverwriteBehavior') ?? 'CreateNewReport',
    ['OverwritePreviousReport', 'CreateNewReport'],
    'properties.dataOverwriteBehavior',
  );
  return {
    format: known,
    compression: compression === 'gzip' || compression === 'snappy' ? compression : 'none',
    layout: 'runs',
    overwrite: overwrite === 'OverwritePreviousReport' ? overwrite : 'CreateNewReport',
  };
}

function readIdentity(body: unknown): Pick<ExportInput, 'identity' | 'location'> {
  const identity = member(body, 'identity');
  const location = optionalText(body, 'location', 'location');
  if (identity === undefined) return location === undefined ? {} : { location };
  const type = oneOf(member(identity, 'type'), ['SystemAssigned', 'None'], 'identity.type');
  if (type === 'None') return { identity: 'None', ...(location === undefined ? {} : { location }) };
  if (location === undefined) throw badRequest('location is required when identity.type is SystemAssigned.');
  return { identity: 'SystemAssigned', location };
}

function readDefinition(value: unknown, context: ExportContext): ExportDefinition {
  const { scope, version } = context;
  const path = 'properties.definition';
  if (!isObject(value)) throw badRequest(`${path} is required and must be an object.`);
  const type = oneOf(member(value, 'type'), version.types, `${path}.type`);
  if (PROFILE_TYPES.includes(type) && scope.kind !== 'billingProfile') {
    throw badRequest(`${path}.type ${type} is supported at the scope of a billing profile only.`);
  }
  const timeframe = oneOf(member(value, 'timeframe'), EXPORT_TIMEFRAMES, `${path}.timeframe`);
  if (timeframe === 'TheCurrentMonth' && type !== 'PriceSheet') {
    throw badRequest(`${path}.timeframe TheCurrentMonth is supported for PriceSheet only: use MonthToDate.`);
  }
  if (type === 'PriceSheet' && timeframe !== 'TheCurrentMonth' && timeframe !== 'Custom') {
    throw badRequest(`${path}.timeframe must be TheCurrentMonth or Custom for PriceSheet.`);
  }
  const period =
    timeframe === 'Custom' ? readPeriod(member(value, 'timePeriod'), `${path}.timePeriod`, version) : undefined;
  const dataSet = member(value, 'dataSet');
  if (dataSet !== undefined && !isObject(dataSet)) throw badRequest(`${path}.${version.dataSet} must be an object.`);
  const definition: ExportDefinition = {
    type,
    timeframe,
    ...(period ? { period } : {}),
    granularity: oneOf(
      member(dataSet, 'granularity') ?? 'Daily',
      version.granularities,
      `${path}.${version.dataSet}.granularity`,
    ),
    ...readConfiguration(member(dataSet, 'configuration'), `${path}.${version.dataSet}.configuration`, version),
  };
  checkDataVersion(definition, context, `${path}.${version.dataSet}.configuration.dataVersion`);
  return definition;
}

type Configuration = Pick<ExportDefinition, 'columns' | 'dataVersion' | 'filters'>;

function readConfiguration(value: unknown, path: string, version: ExportVersion): Configuration {
  if (value === undefined) return {};
  if (!isObject(value)) throw badRequest(`${path} must be an object.`);
  const columns = member(value, 'columns');
  const dataVersion = optionalText(value, 'dataVersion', `${path}.dataVersion`);
  const filters = version.runFolders ? member(value, 'filters') : undefined;
  if (filters !== undefined && !Array.isArray(filters)) throw badRequest(`${path}.filters must be a list.`);
  filters?.forEach((filter: unknown, i) => void oneOf(member(filter, 'name'), FILTERS, `${path}.filters[${i}].name`));
  return {
    ...(columns === undefined ? {} : { columns: listOfTexts(columns, `${path}.columns`) }),
    ...(dataVersion === undefined ? {} : { dataVersion }),
    ...(filters === undefined ? {} : { filters }),
  };
}

function checkDataVersion(
  definition: ExportDefinition,
  { tenant, scope, apiVersion }: ExportContext,
  path: string,
): void {
  try {
    exportDataset(tenant, scope, definition, apiVersion, { from: 0, to: -1 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badRequest(`The value '${definition.dataVersion}' of ${path} is not valid: ${error.message}`);
  }
}

function optionalText(object: unknown, name: string, path: string): string | undefined {
  const value = member(object, name);
  if (value !== undefined && typeof value !== 'string') throw badRequest(`${path} must be a text.`);
  return value;
}
