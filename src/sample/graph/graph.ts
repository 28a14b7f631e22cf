import { randomUUID } from 'node:crypto';
import type { Answer, SampleRequest } from '../answers.ts';
import type { BlobStore } from '../blobStore.ts';
import type { Tenant } from '../tenant.ts';
import { GraphRefusal, graphFailure, inGraphShape } from './errors.ts';
import { ExportOperations } from './exportOperations.ts';
import { readExportRequest } from './exportRequest.ts';
import { type GraphSettings, GraphSwitches, type Settings } from './settings.ts';

/** A request that Graph answers. */
interface GraphCall {
  /** The name under which it is counted, e.g. `graph.exports.usage.billed`. */
  readonly route: string;
  /** What stands on the answer whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: () => Promise<Answer>;
  /** A fault's answer as Graph gives it. */
  readonly shape: (answer: Answer) => Answer;
}

/** Whether the caller may read billing data: in Graph, has the permission PartnerBilling.Read.All. */
interface Caller {
  may(right: 'read'): boolean;
}

interface Routed {
  readonly route: string;
  readonly method: string;
  readonly answer: () => Answer | Promise<Answer>;
}

const VERSION = '/v1.0';
const BILLING = `${VERSION}/reports/partners/billing`;

/** The Microsoft Graph half of the service: the billing exports below `/v1.0`. */
export class Graph {
  readonly #tenant: Tenant;
  readonly #switches: GraphSwitches;
  readonly #operations: ExportOperations;

  /** Throws a RangeError naming a setting that is not possible. */
  constructor(tenant: Tenant, storage: BlobStore, settings?: GraphSettings) {
    this.#tenant = tenant;
    this.#switches = new GraphSwitches(settings);
    this.#operations = new ExportOperations(tenant, storage, () => this.#switches.now);
  }

  serves(path: string): boolean {
    return path.toLowerCase().startsWith(`${VERSION}/`);
  }

  /** `header` reads one of the request's headers, name in lower case. */
  open(request: SampleRequest, header: (name: string) => string | undefined, caller: Caller): GraphCall {
    const id = randomUUID();
    const ids = { 'request-id': id, 'client-request-id': header('client-request-id') ?? id };
    const { route, method, answer } = this.#find(request);
    return {
      route,
      headers: ids,
      shape: (fault) => inGraphShape(fault, ids),
      answer: async () => {
        try {
          if (!caller.may('read')) throw FORBIDDEN;
          if (method !== request.method) {
            throw new GraphRefusal(405, 'Request_BadRequest', `The method ${request.method} is not allowed here.`);
          }
          return await answer();
        } catch (error) {
          if (error instanceof GraphRefusal) return graphFailure(error.status, error, ids);
          throw error;
        }
      },
    };
  }

  /** The switches in force. */
  get settings(): Settings {
    return this.#switches.now;
  }

  /** Changes switches. Throws a RangeError naming one that is not known or not possible. */
  set(settings: Readonly<Record<string, unknown>>): void {
    this.#switches.set(settings);
  }

  reset(): void {
    this.#switches.reset();
    this.#operations.reset();
  }

  #find({ path, origin, method, body }: SampleRequest): Routed {
    const base = `${origin}${BILLING}`;
    const below = path.toLowerCase().startsWith(`${BILLING}/`) ? path.slice(BILLING.length + 1).toLowerCase() : '';
    const [, kind, state] = /^(usage|reconciliation)\/(billed|unbilled)\/export$/.exec(below) ?? [];
    if (kind === 'usage' || kind === 'reconciliation') {
      const read = () => readExportRequest(this.#tenant, kind, state === 'billed', body);
      return {
        route: `graph.exports.${kind}.${state}`,
        method: 'POST',
        answer: () => this.#operations.begin(read(), base),
      };
    }
    const [, collection, id = ''] = /^(operations|manifests)\/([^/]+)$/.exec(below) ?? [];
    switch (collection) {
      case 'operations':
        return { route: 'graph.operations.get', method: 'GET', answer: () => this.#operations.poll(id, base) };
      case 'manifests':
        return { route: 'graph.manifests.get', method: 'GET', answer: () => this.#operations.manifest(id, base) };
      default:
        return {
          route: 'graph.unknown',
          method,
          answer: () => {
            throw new GraphRefusal(404, 'ResourceNotFound', `Resource not found for the segment of ${path}.`);
          },
        };
    }
  }
}

const FORBIDDEN = new GraphRefusal(
  403,
  'Authorization_RequestDenied',
  'Insufficient privileges to complete the operation.',
);
