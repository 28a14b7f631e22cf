import { randomUUID } from 'node:crypto';
import { type Answer, badRequest, json, Refusal, type SampleRequest } from '../answers.ts';
import { member } from '../bodyMembers.ts';
import type { DayRange } from '../calendar.ts';
import { type CostScope, costScope } from '../costScopes.ts';
import type { CostExport } from '../exportModel.ts';
import { checkExportName, readExport, readRunPeriod } from '../exportRules.ts';
import type { Exports } from '../exports.ts';
import { EXPORT_VERSIONS, type ExportVersion } from '../exportVersions.ts';
import { jsonBody } from '../jsonBody.ts';
import { projectExport, projectRun } from '../projections/exports.ts';
import type { Tenant } from '../tenant.ts';
import { versionOf } from '../versions.ts';
import { expandOf } from './lookups.ts';
import { post, type Route } from './table.ts';

const PATH = '**/providers/microsoft.costmanagement/exports';
/** Runs that `$expand=runHistory` adds to each export of a list, and to a single one. */
const LISTED_RUNS = 1;
const SHOWN_RUNS = 10;

/** REST reference: Cost Management, Exports. */
export function exportRoutes(tenant: Tenant, exports: Exports): Route[] {
  const find = (scope: CostScope, name: string): CostExport => {
    const found = exports.get(scope, name);
    if (found) return found;
    throw unknown(scope, name);
  };

  const put = (request: SampleRequest, scopePath: string, name: string): Answer => {
    const { apiVersion, version } = versionIn(request);
    const scope = costScope(tenant, scopePath);
    checkWritable(tenant, scope);
    checkExportName(name);
    const body = jsonBody(request);
    const existing = exports.get(scope, name);
    if (existing) checkETag(existing, member(body, 'eTag'));
    const input = readExport(body, { tenant, scope, apiVersion, version, existing });
    const written = exports.put(scope, name, input);
    return json(projectExport(tenant, scope, written, version), existing ? 200 : 201);
  };

  return [
    {
      name: 'exports.list',
      path: PATH,
      methods: {
        GET: async (request, [scopePath = '']) => {
          const { version } = versionIn(request);
          const scope = costScope(tenant, scopePath);
          const value: unknown[] = [];
          for (const costExport of exports.list(scope)) {
            const runs = wantsRuns(request, version)
              ? await exports.runs(scope, costExport.name, LISTED_RUNS)
              : undefined;
            value.push(projectExport(tenant, scope, costExport, version, runs));
          }
          return json({ value });
        },
      },
    },
    {
      name: 'exports.item',
      path: `${PATH}/*`,
      methods: {
        GET: async (request, [scopePath = '', name = '']) => {
          const { version } = versionIn(request);
          const scope = costScope(tenant, scopePath);
          const found = find(scope, name);
          const runs = wantsRuns(request, version) ? await exports.runs(scope, name, SHOWN_RUNS) : undefined;
          return json(projectExport(tenant, scope, found, version, runs));
        },
        PUT: (request, [scopePath = '', name = '']) => put(request, scopePath, name),
        DELETE: (request, [scopePath = '', name = '']) => {
          versionIn(request);
          const scope = costScope(tenant, scopePath);
          checkWritable(tenant, scope);
          exports.delete(scope, find(scope, name).name);
          return { status: 200, headers: {}, body: undefined };
        },
      },
    },
    post('exports.run', `${PATH}/*/run`, (request, [scopePath = '', name = '']) => {
      const { version } = versionIn(request);
      const scope = costScope(tenant, scopePath);
      checkWritable(tenant, scope);
      const { definition } = find(scope, name);
      exports.run(scope, name, ownPeriod(request, version, definition.type));
      return { status: 200, headers: {}, body: undefined };
    }),
    {
      name: 'exports.runHistory',
      path: `${PATH}/*/runhistory`,
      methods: {
        GET: async (request, [scopePath = '', name = '']) => {
          const { version } = versionIn(request);
          const scope = costScope(tenant, scopePath);
          const found = find(scope, name);
          const runs = await exports.runs(scope, name);
          return json({ value: runs.map((run) => projectRun(scope, found.name, run, version)) });
        },
      },
    },
  ];
}

function versionIn(request: SampleRequest): { apiVersion: string; version: ExportVersion } {
  const versions = Object.keys(EXPORT_VERSIONS) as (keyof typeof EXPORT_VERSIONS)[];
  const apiVersion = versionOf(request, versions, 'exports');
  return { apiVersion, version: EXPORT_VERSIONS[apiVersion] };
}

function wantsRuns(request: SampleRequest, { expand }: ExportVersion): boolean {
  return expand && expandOf(request).has('runhistory');
}

/** A body is passed over by versions that do not know it. */
function ownPeriod(request: SampleRequest, version: ExportVersion, type: string): DayRange | undefined {
  if (!version.runPeriod || request.body.trim() === '') return undefined;
  const days = readRunPeriod(jsonBody(request), version);
  if (days && type === 'ReservationRecommendations') {
    throw badRequest('timePeriod is not supported for exports of reservation recommendations.');
  }
  return days;
}

function checkETag({ name, eTag }: CostExport, given: unknown): void {
  if (given === undefined) {
    throw badRequest(`The export '${name}' exists: eTag is required to update it, as it was last read.`);
  }
  if (given !== eTag) {
    throw new Refusal(
      409,
      'Conflict',
      `The eTag ${String(given)} is not the latest of the export '${name}': read the export again before updating it.`,
    );
  }
}

/** A deleted subscription: what it has can be read, nothing can be written or run. */
function checkWritable(tenant: Tenant, { kind, id }: CostScope): void {
  if (kind !== 'subscription' && kind !== 'resourceGroup') return;
  if (tenant.directory.subscriptionNamed(id.split('/')[2] ?? '')?.status !== 'Deleted') return;
  throw new Refusal(
    409,
    'ReadOnlyDisabledSubscription',
    `The subscription of '${id}' is disabled and therefore marked as read only. Exports cannot be written or run.`,
  );
}

/** The code is the status, and the message tells a subscription even where the scope has none. */
function unknown({ id }: CostScope, name: string): Refusal {
  const subscription = /^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? '';
  return new Refusal(
    404,
    '404',
    `The export '${name}' was not found, Subscription: ${subscription} (Request ID: ${randomUUID()})`,
  );
}
