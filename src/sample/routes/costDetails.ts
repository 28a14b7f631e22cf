import { type Answer, failure, json, Refusal, type SampleRequest } from '../answers.ts';
import { momentText, REPORTS, type ReportTarget, writeReport } from '../costReportFiles.ts';
import {
  COST_DETAILS_MEMBERS,
  type CostReportRequest,
  DETAILED_REPORT_MEMBERS,
  readCostReport,
  reportScope,
} from '../costReportRules.ts';
import type { ServiceState } from '../state.ts';
import type { Tenant } from '../tenant.ts';
import { versionOf } from '../versions.ts';
import { post, type Route } from './table.ts';

const COST_DETAILS_VERSIONS = [
  '2022-05-01',
  '2022-10-01',
  '2023-03-01',
  '2023-08-01',
  '2023-11-01',
  '2024-08-01',
  '2025-03-01',
] as const;
const DETAILED_REPORT_VERSIONS = ['2021-10-01', ...COST_DETAILS_VERSIONS] as const;
const PROVIDER = 'providers/Microsoft.CostManagement';
const FAILED = { code: 'ReportFailed', message: 'The report could not be written. Ask for it again.' } as const;

/**
 * REST reference: Generate Cost Details Report, and its predecessor Generate Detailed Cost Report. Both answer 202; the
 * files are written when a poll finds the operation ended.
 */
export function costDetailsRoutes(tenant: Tenant, state: ServiceState): Route[] {
  const target = (settings = {}): ReportTarget => ({
    tenant,
    storage: state.storage,
    settings: { ...state.reports.settings, ...settings },
  });
  return [
    post(
      'costDetails.generate',
      '**/providers/microsoft.costmanagement/generatecostdetailsreport',
      (request, [scopePath = '']) => {
        const version = versionOf(request, COST_DETAILS_VERSIONS, 'generateCostDetailsReport');
        const scope = reportScope(tenant, scopePath);
        const asked = readCostReport(tenant, scope, request, COST_DETAILS_MEMBERS);
        const result = (id: string): string => `${scope.id}/${PROVIDER}/costDetailsOperationResults/${id}`;
        const identity = (id: string) => ({
          id: result(id).slice(1),
          name: id,
          type: 'Microsoft.CostManagement/costDetailsOperationResults',
        });
        return state.operations.begin(request, {
          result,
          finish: async (id) => json({ ...identity(id), ...(await costDetails(target(), asked, id, version)) }),
          fail: (id) => json({ ...identity(id), status: 'Failed', error: FAILED }),
        });
      },
    ),
    post(
      'detailedCostReport.generate',
      '**/providers/microsoft.costmanagement/generatedetailedcostreport',
      (request, [scopePath = '']) => {
        versionOf(request, DETAILED_REPORT_VERSIONS, 'generateDetailedCostReport');
        const scope = reportScope(tenant, scopePath);
        const asked = readCostReport(tenant, scope, request, DETAILED_REPORT_MEMBERS);
        return detailedCostReport(state, request, `${scope.id}/${PROVIDER}`, (id) =>
          singleFile(target({ compress: false, partitionRows: Number.MAX_SAFE_INTEGER }), asked, id),
        );
      },
    ),
  ];
}

/** What the result says of the report beside its identity. */
async function costDetails(
  target: ReportTarget,
  asked: CostReportRequest,
  id: string,
  version: string,
): Promise<object> {
  const { blobs, validTill } = await writeReport(target, asked, id);
  if (blobs.length === 0) return { status: 'NoDataFound' };
  return {
    status: 'Completed',
    manifest: {
      manifestVersion: version,
      dataFormat: 'Csv',
      blobCount: blobs.length,
      byteCount: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
      compressData: target.settings.compress,
      requestContext: { requestScope: asked.scope.id.slice(1), requestBody: asked.body },
      blobs: blobs.map(({ url, bytes }) => ({ blobLink: url, byteCount: bytes })),
    },
    validTill: momentText(validTill),
  };
}

/** Where the one file of a detailed report is; undefined without rows. */
async function singleFile(target: ReportTarget, asked: CostReportRequest, id: string): Promise<object | undefined> {
  const { blobs, validTill } = await writeReport(target, asked, id);
  const [file] = blobs;
  if (!file) return undefined;
  if (file.bytes > target.settings.singleFileBytes) {
    await target.storage.delete(REPORTS, file.name);
    throw new Refusal(413, 'RequestEntityTooLarge', 'The report is too large for one file: ask for a shorter period.');
  }
  return { downloadUrl: file.url, validTill: momentText(validTill) };
}

/** The predecessor tells how far it is by a status resource with words of its own, beside the result behind Location. */
function detailedCostReport(
  { operations }: ServiceState,
  request: SampleRequest,
  parent: string,
  write: (id: string) => Promise<object | undefined>,
): Answer {
  const result = (id: string): string => `${parent}/operationResults/${id}`;
  const path = (id: string): string => `${parent}/operationStatus/${id}`;
  const started = operations.begin(request, {
    result,
    status: {
      path,
      body: (id, last) => ({
        id: path(id).slice(1),
        name: id,
        type: 'Microsoft.Consumption/operationStatus',
        ...statusOf(last),
      }),
    },
    finish: async (id) => {
      const properties = await write(id);
      if (!properties) return { status: 204, headers: {}, body: undefined };
      return json({ id: result(id).slice(1), name: id, type: 'Microsoft.Consumption/operationResult', properties });
    },
    fail: () => failure(500, FAILED.code, FAILED.message),
  });
  const { 'azure-asyncoperation': status = '' } = started.headers;
  return { ...started, headers: { ...started.headers, 'azure-consumption-asyncoperation': status } };
}

const NO_ERROR = { code: '0', message: null };

function statusOf(last: Answer | undefined): object {
  if (!last) return { status: 'InProgress', error: NO_ERROR };
  if (last.status === 204) return { status: 'NoDataFound', error: NO_ERROR };
  const { properties, error = NO_ERROR } = JSON.parse(last.body ?? '{}') as { properties?: object; error?: object };
  return properties ? { status: 'Completed', properties, error } : { status: 'Failed', error };
}
