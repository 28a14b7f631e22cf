import { type Answer, failure, json, type SampleRequest } from './answers.ts';
import type { OperationSettings } from './operations.ts';
import type { ReportSettings } from './reportSettings.ts';
import type { RequestLog } from './requestLog.ts';
import type { ServiceState } from './state.ts';
import type { Tenant } from './tenant.ts';
import type { Throttle } from './throttle.ts';

interface Controlled {
  readonly tenant: Tenant;
  readonly log: RequestLog;
  readonly state: ServiceState;
  readonly throttle: Throttle;
  setFault(fault: string | undefined): void;
}

/**
 * The control routes below `/_sample/`, for tests that only have the address. They are not Azure's, not logged, not
 * counted and not hit by faults.
 */
export async function control(service: Controlled, request: SampleRequest): Promise<Answer> {
  const name = request.path.slice('/_sample/'.length);
  try {
    switch (`${request.method} ${name}`) {
      case 'GET requests':
        return json(service.log.requests());
      case 'GET counts':
        return json(service.log.counts());
      case 'POST reset':
        service.log.reset();
        await service.state.reset();
        service.throttle.reset();
        return json({});
      case 'POST fault':
        service.setFault(faultIn(request.body));
        return json({});
      case 'POST caller':
        service.state.caller.set(memberOf(request.body, 'role', '{"role": "billingReader"}'));
        return json({});
      case 'POST operations':
        service.state.operations.set(settingsIn(request.body));
        return json({});
      case 'POST exports':
        service.state.exports.set(members(request.body, ['asks', 'ending'], '{"asks": 0, "ending": "Failed"}'));
        return json({});
      case 'GET partnerCenter':
        return json(service.state.partnerCenter.told());
      case 'GET graph':
        return json(service.state.graph.settings);
      case 'POST graph':
        service.state.graph.set(membersOf(request.body, '{"manifest": "link", "partitionRows": 1000}'));
        return json(service.state.graph.settings);
      case 'POST partnerCenter':
        service.state.partnerCenter.set(membersOf(request.body, '{"bom": true, "links": "version"}'));
        return json(service.state.partnerCenter.told());
      case 'GET utilizationTruth':
        return json(utilizationTruth(service, request));
      case 'POST reports':
        service.state.reports.set(reportSettingsIn(request.body));
        return json({});
      case 'GET throttle':
        return json(service.throttle.counts());
      case 'POST clock':
        service.throttle.advance(memberOf(request.body, 'advance', '{"advance": 60000}'));
        service.state.partnerCenter.advance(Number(memberOf(request.body, 'advance', '{"advance": 60000}')));
        return json({});
      case 'GET truth': {
        const parameter = (field: string): string => {
          const text = request.parameters.get(field);
          if (!text) throw new RangeError(`The query parameter ${field} is required.`);
          return text;
        };
        const truth = service.tenant.truth(parameter('scope'), parameter('from'), parameter('to'));
        return json({ rows: truth.rows, totals: Object.fromEntries(truth.totals) });
      }
      default:
        return failure(404, 'NotFound', `There is no control route ${request.method} ${request.path}.`);
    }
  } catch (error) {
    if (error instanceof RangeError) return failure(400, 'BadRequest', error.message);
    throw error;
  }
}

/** Rows and quantities of a window of a 145P subscription: full hours, whole days when daily. */
function utilizationTruth({ state }: Controlled, { parameters }: SampleRequest): unknown {
  const time = (field: string): Date => {
    const date = new Date(parameters.get(field) ?? '');
    if (Number.isNaN(date.getTime())) throw new RangeError(`The query parameter ${field} must be a date and time.`);
    return date;
  };
  const truth = state.partnerCenter.utilizationTruth(parameters.get('subscription') ?? '', {
    start: time('start'),
    end: time('end'),
    granularity: parameters.get('granularity')?.toLowerCase() === 'hourly' ? 'Hourly' : 'Daily',
    showDetails: parameters.get('showdetails')?.toLowerCase() !== 'false',
  });
  return { ...truth, quantities: Object.fromEntries(truth.quantities) };
}

function faultIn(body: string): string | undefined {
  const fault = memberOf(body, 'fault', '{"fault": "429*2"}');
  if (fault === null) return undefined;
  if (typeof fault === 'string') return fault;
  throw new RangeError('The body must have the member fault, a fault name or null.');
}

/** Members beyond the known ones are left alone; wrong values are refused by the operations themselves. */
function settingsIn(body: string): OperationSettings {
  return members(body, ['polls', 'retryAfter', 'ending'], '{"polls": 2, "ending": "Failed"}');
}

/** As `settingsIn`, for reports. */
function reportSettingsIn(body: string): ReportSettings {
  const names = ['compress', 'partitionRows', 'validSeconds', 'singleFileBytes', 'priceSheetPartBytes'];
  return members(body, names, '{"compress": true, "partitionRows": 1000}');
}

function members(body: string, names: readonly string[], example: string): object {
  const given = names.map((name) => [name, memberOf(body, name, example)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** All members of the body, an object. */
function membersOf(body: string, example: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new RangeError(`The body must be JSON such as ${example}.`);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new RangeError(`The body must be JSON such as ${example}.`);
  return { ...parsed };
}

function memberOf(body: string, name: string, example: string): unknown {
  return Object.entries(membersOf(body, example)).find(([key]) => key === name)?.[1];
}
