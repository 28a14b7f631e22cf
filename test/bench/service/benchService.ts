import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import type { Answer, SampleRequest } from '../../../src/sample/answers.ts';
import { startSampleService, type Tenant } from '../../../src/sample/service.ts';
import { Throttle, type ThrottleCounts } from '../../../src/sample/throttle.ts';
import { pageBytes, RecordedPages } from './recordedPages.ts';

/** A scope, and a period in which it has about so many rows as a bench needs. */
export interface BenchScope {
  scope: string;
  period: { from: string; to: string };
  rows: number;
}

/** How the service behaves until it is told otherwise. */
export interface ServiceSettings {
  /** Milliseconds before each answer. */
  latency: number;
  /** Whether the published limits are enforced; setting it begins to count anew. */
  throttle: 'documented' | 'off';
  /** How often each list is gone through before it ends: many rows from few recorded ones. */
  laps: number;
}

/** The present of the sample tenant: October 2026 is closed, November open. */
const NOW = new Date('2026-11-21T12:00:00Z');
const FIRST_CLOSED = Date.parse('2025-05-01');
const LAST_CLOSED = '2026-10-31';
/** Few and big customers, so that even one subscription has hundreds of thousands of rows. */
const CUSTOMERS = 10;
const USAGE_ROWS = 4_000_000;
const DAY = 86_400_000;
const USAGE = /\/providers\/microsoft\.consumption\/usagedetails$/i;

/** Serves the sample tenant: pages of usage details as recorded, everything else from the sample service itself. */
export async function startBenchService(): Promise<{
  base: string;
  /** The biggest customer, with all closed days that bring about so many rows. */
  customer(rows: number): BenchScope;
  /** The same for its biggest subscription. */
  subscription(rows: number): BenchScope;
  set(settings: ServiceSettings): void;
  throttled(): ThrottleCounts;
}> {
  const sample = await startSampleService({ customers: CUSTOMERS, usageRows: USAGE_ROWS, now: NOW });
  const { tenant } = sample;
  const clock = () => performance.now();
  const pages = new RecordedPages(sample.endpoints.resourceManager);
  const agent = new Agent();
  let settings: ServiceSettings = { latency: 0, throttle: 'off', laps: 1 };
  let throttle = new Throttle(tenant, 'off', clock);

  const biggest = (scopes: readonly string[], rows: number): BenchScope => {
    const found = scopes.map((scope) => daysWith(tenant, scope, rows));
    return found.reduce((best, other) => (other.rows / days(other) > best.rows / days(best) ? other : best));
  };
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => tenant.directory.customer(index));

  const usagePage = async (request: SampleRequest): Promise<Answer> => {
    const page = await pages.page(`${request.path}?${request.query}`, new URL(request.origin).host);
    const lap = Number(request.parameters.get('lap') ?? 1);
    const bytes = pageBytes(page, nextPage(request, page.next, lap, settings.laps));
    const empty = page.status === 204;
    return { status: page.status, headers: page.headers, body: undefined, ...(empty ? {} : { bytes }) };
  };

  const forward = async (request: SampleRequest, incoming: IncomingMessage): Promise<Answer> => {
    const { 'content-length': _length, connection: _connection, ...headers } = incoming.headers;
    const answer = await agent.request({
      origin: sample.endpoints.resourceManager,
      path: incoming.url ?? '/',
      method: request.method as 'GET',
      headers,
      body: request.body === '' ? null : request.body,
    });
    const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(kept.map(([name, value = '']) => [name, String(value)])),
      body: undefined,
      bytes: await answer.body.bytes(),
    };
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    // Files are fetched from storage, which is another service with no such limits.
    const isFile = request.parameters.has('sig');
    if (settings.latency > 0 && !isFile) {
      await delay(settings.latency);
    }
    const normal = () => (USAGE.test(request.path) ? usagePage(request) : forward(request, incoming));
    const clientType = incoming.headersDistinct.clienttype?.[0];
    const { status, headers, body, bytes } = isFile
      ? await normal()
      : await throttle.answer(request, clientType, normal);
    const sent = bytes ?? Buffer.from(body ?? '');
    response.writeHead(status, {
      'x-ms-request-id': randomUUID(),
      ...headers,
      ...(status === 204 ? {} : { 'content-length': String(sent.length) }),
    });
    response.end(status === 204 ? undefined : sent);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    customer: (rows) => biggest(customers.map(customerScope), rows),
    subscription(rows) {
      const subscriptions = customers.map((customer) => tenant.subscriptions(customer));
      const all = subscriptions.flatMap((list) => Array.from({ length: list.length }, (_, at) => list.at(at)));
      return biggest(
        all.map(({ name }) => `/subscriptions/${name}`),
        rows,
      );
    },
    set(told) {
      settings = told;
      throttle = new Throttle(tenant, told.throttle, clock);
    },
    throttled: () => throttle.counts(),
  };
}

function customerScope({ account, name }: { account: { name: string }; name: string }): string {
  return `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${name}`;
}

const days = ({ period }: BenchScope): number => (Date.parse(period.to) - Date.parse(period.from)) / DAY + 1;

/** As many days back from the last closed one as bring that many rows, or all there are. */
function daysWith(tenant: Tenant, scope: string, rows: number): BenchScope {
  let from = Date.parse(LAST_CLOSED);
  let found = tenant.truth(scope, LAST_CLOSED, LAST_CLOSED).rows;
  while (found < rows && from > FIRST_CLOSED) {
    from -= DAY;
    found = tenant.truth(scope, dayText(from), LAST_CLOSED).rows;
  }
  return { scope, period: { from: dayText(from), to: LAST_CLOSED }, rows: found };
}

const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

/** The link behind a page: to the next one, or from the last one of a lap to the first one of the next. */
function nextPage(request: SampleRequest, next: string | undefined, lap: number, laps: number): string | undefined {
  const link = next === undefined ? undefined : new URL(next);
  const first = new URL(`${request.origin}${request.path}?${request.query}`);
  if (link !== undefined) {
    if (lap > 1) {
      link.searchParams.set('lap', String(lap));
    }
    return link.href;
  }
  if (lap >= laps) {
    return undefined;
  }
  first.searchParams.delete('$skiptoken');
  first.searchParams.set('lap', String(lap + 1));
  return first.href;
}

async function readRequest(incoming: IncomingMessage): Promise<SampleRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) {
    pieces.push(piece as Buffer);
  }
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    parameters.set(name.toLowerCase(), value);
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    parameters,
    origin: `http://${incoming.headers.host}`,
    body: Buffer.concat(pieces).toString(),
  };
}
