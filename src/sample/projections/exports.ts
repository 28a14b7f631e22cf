import { isoDay } from '../calendar.ts';
import type { CostScope } from '../costScopes.ts';
import { HIDDEN_SAS_TOKEN } from '../exportDestinations.ts';
import type { CostExport, ExportDefinition, ExportDestination, ExportRun, ExportSchedule } from '../exportModel.ts';
import { nextRun } from '../exportPeriods.ts';
import type { ExportVersion } from '../exportVersions.ts';
import { guid, hash } from '../hash.ts';
import type { Tenant } from '../tenant.ts';

const TYPE = 'Microsoft.CostManagement/exports';

/** The id of an export as the service writes it: without a leading slash. */
function exportId(scope: CostScope, name: string): string {
  return `${scope.id.slice(1)}/providers/${TYPE}/${name}`;
}

/** An export as one api-version shows it; `runs` are those that were asked for with it. */
export function projectExport(
  tenant: Tenant,
  scope: CostScope,
  costExport: CostExport,
  version: ExportVersion,
  runs?: readonly ExportRun[],
): unknown {
  const { name, eTag, schedule } = costExport;
  const next = version.nextRunTime ? nextRun(schedule, tenant.options.now.getTime()) : undefined;
  return {
    id: exportId(scope, name),
    name,
    type: TYPE,
    eTag,
    ...(version.identity ? projectIdentity(tenant, costExport) : {}),
    properties: {
      ...(schedule ? { schedule: projectSchedule(schedule) } : {}),
      ...(next === undefined ? {} : { nextRunTimeEstimate: seconds(next) }),
      ...settingsOf(costExport, version),
      ...(runs ? { runHistory: { value: runs.map((run) => projectRun(scope, name, run, version)) } } : {}),
    },
  };
}

/** A run as one api-version shows it. */
export function projectRun(scope: CostScope, name: string, run: ExportRun, version: ExportVersion): unknown {
  const { id, executionType, status, submitted, started, ended, days, fileName, manifestFile, error, settings } = run;
  return {
    id: `${exportId(scope, name)}/Run/${id}`,
    name: id,
    type: `${TYPE}/run`,
    properties: {
      executionType,
      status,
      submittedBy: executionType === 'Scheduled' ? 'System' : 'billing@harbourlight.example',
      submittedTime: precise(submitted),
      ...(started === undefined ? {} : { processingStartTime: precise(started) }),
      ...(ended === undefined || status === 'Queued' || status === 'InProgress'
        ? {}
        : { processingEndTime: precise(ended) }),
      ...(version.runFolders ? { startDate: midnight(days.from), endDate: midnight(days.to) } : {}),
      ...(version.runFolders && manifestFile !== undefined ? { manifestFile } : {}),
      ...(fileName === undefined ? {} : { fileName }),
      runSettings: settingsOf(settings, version),
      ...(error ? { error } : {}),
    },
  };
}

/** What an export and its runs have in common. */
function settingsOf(costExport: CostExport, version: ExportVersion) {
  const { format, destination, definition, layout, compression, overwrite, description } = costExport;
  return {
    format,
    deliveryInfo: { destination: projectDestination(destination, version) },
    definition: projectDefinition(definition, version),
    ...(version.partitionData ? { partitionData: layout !== 'files' } : {}),
    ...(version.runFolders
      ? {
          dataOverwriteBehavior: overwrite,
          compressionMode: compression,
          ...(description === undefined ? {} : { exportDescription: description }),
        }
      : {}),
  };
}

function projectIdentity(tenant: Tenant, { identity, location }: CostExport) {
  const principalId = guid(hash(tenant.options.seed, 0xe91d), 0);
  const system = { type: 'SystemAssigned', principalId, tenantId: tenant.directory.partnerTenantId };
  return {
    ...(identity === undefined ? {} : { identity: identity === 'None' ? { type: 'None' } : system }),
    ...(location === undefined ? {} : { location }),
  };
}

function projectSchedule({ status, recurrence, period }: ExportSchedule) {
  return {
    status,
    ...(recurrence === undefined ? {} : { recurrence }),
    ...(period
      ? {
          recurrencePeriod: {
            from: seconds(period.from),
            ...(period.to === undefined ? {} : { to: seconds(period.to) }),
          },
        }
      : {}),
  };
}

function projectDestination(destination: ExportDestination, version: ExportVersion) {
  const { resourceId, storageAccount, sasToken, container, rootFolderPath } = destination;
  return {
    ...(version.runFolders ? { type: 'AzureBlob' } : {}),
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(version.sasToken && storageAccount !== undefined ? { storageAccount } : {}),
    ...(version.sasToken && sasToken !== undefined ? { sasToken: HIDDEN_SAS_TOKEN } : {}),
    container,
    ...(rootFolderPath === '' ? {} : { rootFolderPath }),
  };
}

function projectDefinition(definition: ExportDefinition, version: ExportVersion) {
  const { type, timeframe, period, granularity, dataVersion, columns, filters } = definition;
  const configuration = {
    ...(columns ? { columns } : {}),
    ...(dataVersion === undefined ? {} : { dataVersion }),
    ...(version.runFolders && filters ? { filters } : {}),
  };
  // The first version describes the data set as a query, of which exports keep nothing.
  const query = version.dataSet === 'dataset' ? { aggregation: {}, grouping: [], sorting: [] } : {};
  return {
    type,
    timeframe,
    ...(period ? { timePeriod: { from: period.from, to: period.to } } : {}),
    [version.dataSet]: {
      granularity,
      ...(Object.keys(configuration).length > 0 ? { configuration } : {}),
      ...query,
    },
  };
}

const midnight = (day: number): string => `${isoDay(day)}T00:00:00Z`;
const seconds = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z');
/** Seven decimals, as times of runs have them. */
const precise = (moment: number): string => new Date(moment).toISOString().replace(/Z$/, '0000Z');
