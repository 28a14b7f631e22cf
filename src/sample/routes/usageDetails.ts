import { badRequest, jsonText, linkTo, Refusal, type SampleRequest } from '../answers.ts';
import { type DayRange, firstDay, lastDay, parseIsoDay } from '../calendar.ts';
import type { Tenant } from '../tenant.ts';
import { UsagePages } from '../usagePages.ts';
import { parseUsageScope } from '../usageScopes.ts';
import { CONSUMPTION_VERSIONS, versionOf } from '../versions.ts';
import { get, type Route } from './table.ts';

const MOST_ROWS = 1000;

/** REST reference: Usage Details - List. Modern rows take dates, not a filter; without dates it is the open month. */
export function usageDetailsRoutes(tenant: Tenant): Route[] {
  const pages = new UsagePages(tenant);
  return [
    get('usageDetails.list', '**/providers/microsoft.consumption/usagedetails', (request, [scopePath = '']) => {
      const version = versionOf(request, CONSUMPTION_VERSIONS, 'usageDetails');
      const scope = parseUsageScope(tenant, scopePath);
      if ('error' in scope) throw new Refusal(scope.error === 'NotFound' ? 404 : 400, scope.error, scope.message);
      const { ledger } = tenant;
      const open = { from: firstDay(ledger.openMonth), to: lastDay(ledger.openMonth) };
      const days = usageDays(request) ?? scope.days ?? open;
      const size = rowLimit(request.parameters.get('$top'));
      const projection = version === '2019-10-01' ? 'first' : 'extended';
      const page = pages.page(scope, days, size, projection, request.parameters.get('$skiptoken'));
      if (!page) throw badRequest('The $skiptoken is not valid for this scope and period.');
      if (page.rows.length === 0 && version === '2023-11-01') return { status: 204, headers: {}, body: undefined };
      const next = page.next ? `,"nextLink":${JSON.stringify(linkTo(request, { $skiptoken: page.next }))}` : '';
      return jsonText(`{"value":[${page.rows.join(',')}]${next}}`);
    }),
  ];
}

function usageDays(request: SampleRequest): DayRange | undefined {
  const start = request.parameters.get('startdate');
  const end = request.parameters.get('enddate');
  if (start === undefined && end === undefined) return undefined;
  const read = (field: string, text: string | undefined): number => {
    if (text === undefined) throw badRequest(`The query parameter ${field} is required when the other date is given.`);
    const day = parseIsoDay(text);
    if (day === undefined) throw badRequest(`The value '${text}' of ${field} is not a date such as 2026-10-31.`);
    return day;
  };
  const range = { from: read('startDate', start), to: read('endDate', end) };
  if (range.from > range.to) throw badRequest(`startDate ${start} is after endDate ${end}.`);
  return range;
}

function rowLimit(text: string | undefined): number {
  if (text === undefined) return MOST_ROWS;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST_ROWS) return value;
  throw badRequest(`The value '${text}' of $top is not valid: it must be a whole number from 1 to ${MOST_ROWS}.`);
}
