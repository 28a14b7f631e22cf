import { type Answer, failure, json, type SampleRequest } from './answers.ts';
import type { OperationSettings } from './operations.ts';
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
export function control(service: Controlled, request: SampleRequest): Answer {
  const name = request.path.slice('/_sample/'.length);
  try {
    switch (`${request.method} ${name}`) {
      case 'GET requests':
        return json(service.log.requests());
      case 'GET counts':
        return json(service.log.counts());
      case 'POST reset':
        service.log.reset();
        service.state.reset();
        service.throttle.reset();
        return json({});
      case 'POST fault':
        service.setFault(faultIn(request.body));
        return json({});
      case 'POST operations':
        service.state.operations.set(settingsIn(request.body));
        return json({});
      case 'GET throttle':
        return json(service.throttle.counts());
      case 'POST clock':
        service.throttle.advance(memberOf(request.body, 'advance', '{"advance": 60000}'));
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

function faultIn(body: string): string | undefined {
  const fault = memberOf(body, 'fault', '{"fault": "429*2"}');
  if (fault === null) return undefined;
  if (typeof fault === 'string') return fault;
  throw new RangeError('The body must have the member fault, a fault name or null.');
}

/** Members beyond the known ones are left alone; wrong values are refused by the operations themselves. */
function settingsIn(body: string): OperationSettings {
  const settings = ['polls', 'retryAfter', 'ending'].flatMap((name) => {
    const value = memberOf(body, name, '{"polls": 2, "ending": "Failed"}');
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(settings) as OperationSettings;
}

function memberOf(body: string, name: string, example: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new RangeError(`The body must be JSON such as ${example}.`);
  }
  return typeof parsed === 'object' && parsed !== null
    ? Object.entries(parsed).find(([key]) => key === name)?.[1]
    : undefined;
}
