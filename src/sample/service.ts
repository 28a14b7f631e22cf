import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Answer, failure, Refusal, type SampleRequest } from './answers.ts';
import { answerBlobs } from './blobRequests.ts';
import type { BlobStore } from './blobStore.ts';
import type { CallerRole } from './callers.ts';
import { control } from './control.ts';
import { EmbeddedBlobStore } from './embeddedBlobStore.ts';
import type { ExportSettings } from './exportSettings.ts';
import { ActiveFault } from './faults.ts';
import type { GraphSettings } from './graph/settings.ts';
import { DOCUMENTS_PATH, preparedDocument } from './invoiceDocuments.ts';
import type { OperationSettings } from './operations.ts';
import { inPartnerShape } from './partnerCenter/errors.ts';
import type { PartnerCenter } from './partnerCenter/partnerCenter.ts';
import type { PartnerCenterSettings } from './partnerCenter/settings.ts';
import type { ReportSettings } from './reportSettings.ts';
import { type LoggedRequest, RequestLog } from './requestLog.ts';
import { routesOf } from './routes/index.ts';
import type { Routed } from './routes/table.ts';
import { ServiceState } from './state.ts';
import { Tenant } from './tenant.ts';
import { THROTTLE_POLICIES, Throttle, type ThrottleCounts, type ThrottlePolicy } from './throttle.ts';

export type { CallerRole } from './callers.ts';
export type { LoggedRequest } from './requestLog.ts';
export type { Tenant, Truth } from './tenant.ts';
export type { ThrottleCounts, ThrottlePolicy } from './throttle.ts';

export interface SampleOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Customers of both billing accounts together, at least 10; default 60. */
  customers?: number;
  /** About how many usage rows the whole tenant has over all its days; default 100,000. */
  usageRows?: number;
  /** Default 1. */
  seed?: number;
  /** The present moment (UTC); default is the clock when the service starts, and it stays there. */
  now?: Date;
  /** Milliseconds before each answer; default 0. */
  latency?: number;
  /** `NAME`, `NAME*TIMES`, `NAME@PART` or `NAME*TIMES@PART`. */
  fault?: string;
  /** Whether the published limits are enforced; default `off`. */
  throttle?: ThrottlePolicy;
  /** The throttle's time in milliseconds, for tests that do not wait; default is the machine's. */
  clock?: () => number;
  /** Whose rights the caller has; default `adminAgent`. */
  caller?: CallerRole;
  /** How long-running operations go. */
  operations?: OperationSettings;
  /** How runs of exports go. */
  exports?: ExportSettings;
  /** How the Partner Center half behaves. */
  partnerCenter?: PartnerCenterSettings;
  /** How the Microsoft Graph half behaves. */
  graph?: GraphSettings;
  /** How reports are written. */
  reports?: ReportSettings;
  /** Where reports and exports are written to; default is a store inside the service. */
  storage?: BlobStore;
  /** Serves over https with this private key and certificate, both PEM; plain http when left out. */
  tls?: { readonly key: string; readonly cert: string };
}

/** Addresses without trailing slash; today one server answers all four. */
export interface SampleEndpoints {
  resourceManager: string;
  partnerCenter: string;
  graph: string;
  authority: string;
}

export interface SampleService {
  endpoints: SampleEndpoints;
  tenant: Tenant;
  /** Its Partner Center half: stories, switches and the truth of utilization. */
  partnerCenter: PartnerCenter;
  /** Where it writes reports and exports to. */
  storage: BlobStore;
  /** The last 10,000 requests answered, oldest first. */
  requests(): readonly LoggedRequest[];
  /** Route name, e.g. `customers.list` → number of requests answered. */
  counts(): Record<string, number>;
  /** What the throttle did. */
  throttled(): ThrottleCounts;
  /** Throws a RangeError listing the known names for an unknown fault. */
  setFault(fault: string | undefined): void;
  /** From now on the caller has this role; until `/_sample/reset`. */
  setCaller(role: CallerRole): void;
  /** Ends open sockets at once. */
  close(): Promise<void>;
}

const READS_A_MINUTE = 250;
const MOST_BODY_BYTES = 1_000_000;

/** Starts the sample tenant's service on 127.0.0.1. Rejects with a RangeError that names a wrong option. */
export async function startSampleService(options: SampleOptions = {}): Promise<SampleService> {
  const { port = 0, customers = 60, usageRows = 100_000, seed = 1, now = new Date(), latency = 0 } = options;
  if (!Number.isFinite(latency) || latency < 0) throw new RangeError('latency must be a number of milliseconds from 0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError('port must be a whole number from 0 to 65535');
  const { throttle: policy = 'off', clock = () => performance.now() } = options;
  if (!THROTTLE_POLICIES.includes(policy)) throw new RangeError(`throttle must be ${THROTTLE_POLICIES.join(' or ')}`);
  let fault = options.fault === undefined ? undefined : ActiveFault.parse(options.fault);
  const tenant = new Tenant({ seed, customers, usageRows, now });
  let address = '';
  const embedded = new EmbeddedBlobStore(() => address);
  const state = new ServiceState(tenant, options.storage ?? embedded, options);
  const routes = routesOf(tenant, state);
  const throttle = new Throttle(tenant, policy, clock);
  const log = new RequestLog();
  const stopping = new AbortController();
  const reads = { minute: 0, left: READS_A_MINUTE };
  const setFault = (text: string | undefined): void => {
    fault = text === undefined ? undefined : ActiveFault.parse(text);
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = readRequest(incoming, await readBody(incoming));
    if (request.path.startsWith(DOCUMENTS_PATH)) {
      send(response, preparedDocument(tenant, request, incoming.headers.authorization !== undefined));
      return;
    }
    if (request.path.startsWith('/_sample/')) {
      send(response, await control({ tenant, log, state, throttle, setFault }, request));
      return;
    }
    const respond = async (route: string, normal: () => Promise<Answer>, shape = asItIs): Promise<void> => {
      const active = fault?.take(request);
      const whole = active ? async () => held(await normal()) : normal;
      const answer = active?.answer ? shape(await active.answer(request, whole)) : await whole();
      (active?.send ?? send)(response, answer);
      const { method, path, query } = request;
      const status = response.headersSent ? response.statusCode : 0;
      log.add(route, { method, path, query, status, headers: headersOf(incoming) });
    };
    if (embedded.serves(request.path)) {
      await respond('blobs.read', async () => answerBlobs(embedded, request, incoming.headers));
      return;
    }
    if (latency > 0) await delay(latency, undefined, { signal: stopping.signal });
    const { partnerCenter, graph } = state;
    const header = (name: string): string | undefined => incoming.headersDistinct[name]?.join(', ');
    if (graph.serves(request.path)) {
      const call = graph.open(request, header, state.caller);
      for (const [name, value] of Object.entries(call.headers)) response.setHeader(name, value);
      await respond(call.route, call.answer, call.shape);
      return;
    }
    if (partnerCenter.serves(request.path)) {
      const told = partnerCenter.headers(request, header);
      for (const [name, value] of Object.entries(told)) response.setHeader(name, value);
      const found = partnerCenter.find(request, header, state.caller);
      await respond(found.route, found.answer, inPartnerShape);
      return;
    }
    for (const [name, value] of Object.entries(commonHeaders(incoming, reads))) response.setHeader(name, value);
    // An enforced limit has its own counters on the answer.
    if (policy === 'documented') response.removeHeader('x-ms-ratelimit-remaining-tenant-reads');
    const routed = routes.find(request);
    const clientType = incoming.headersDistinct.clienttype?.[0];
    await respond(routed.route, () =>
      throttle.answer(request, clientType, async () => state.caller.answer(request) ?? (await answerOf(routed))),
    );
  };
  const handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed || stopping.signal.aborted) response.destroy();
      else send(response, failure(500, 'InternalServerError', error instanceof Error ? error.message : String(error)));
    });
  };
  const server = options.tls === undefined ? createServer(handle) : createTlsServer(options.tls, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  address = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoints: { resourceManager: address, partnerCenter: address, graph: address, authority: address },
    tenant,
    partnerCenter: state.partnerCenter,
    storage: state.storage,
    requests: () => log.requests(),
    counts: () => log.counts(),
    throttled: () => throttle.counts(),
    setFault,
    setCaller: (role) => state.caller.set(role),
    close: async () => {
      stopping.abort();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerOf(routed: Routed): Promise<Answer> {
  try {
    return await routed.answer();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

const asItIs = (answer: Answer): Answer => answer;

/** With all it streams at once, as faults take it. */
async function held(answer: Answer): Promise<Answer> {
  const { stream, ...rest } = answer;
  if (!stream) return answer;
  const pieces: Uint8Array[] = [];
  for await (const piece of stream()) pieces.push(piece);
  return { ...rest, bytes: Buffer.concat(pieces) };
}

function readRequest(incoming: IncomingMessage, body: string): SampleRequest {
  const [path = '/', ...rest] = (incoming.url ?? '/').split('?');
  const query = rest.join('?');
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) parameters.set(name.toLowerCase(), value);
  const { localAddress, localPort } = incoming.socket;
  const scheme = incoming.socket instanceof TLSSocket ? 'https' : 'http';
  const host = incoming.headers.host ?? `${localAddress}:${localPort}`;
  return { method: incoming.method ?? 'GET', path, query, parameters, origin: `${scheme}://${host}`, body };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming) {
    size += piece.length;
    if (size > MOST_BODY_BYTES) throw new RangeError('the body is too big');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
}

/** The headers that Azure Resource Manager puts on every answer; reads count down within each minute. */
function commonHeaders(
  incoming: IncomingMessage,
  reads: { minute: number; left: number },
): Readonly<Record<string, string>> {
  const now = new Date();
  const minute = Math.floor(now.getTime() / 60_000);
  if (minute !== reads.minute) {
    reads.minute = minute;
    reads.left = READS_A_MINUTE;
  }
  reads.left = Math.max(0, reads.left - 1);
  const correlation = incoming.headers['x-ms-correlation-request-id'];
  const id = randomUUID();
  const stamp = now.toISOString().replace(/[-:]/g, '').slice(0, 15);
  return {
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': typeof correlation === 'string' ? correlation : randomUUID(),
    'x-ms-routing-request-id': `SAMPLE:${stamp}Z:${id}`,
    'x-ms-ratelimit-remaining-tenant-reads': String(reads.left),
    'cache-control': 'no-cache',
  };
}

function send(response: ServerResponse, { status, headers, body, bytes: binary, stream }: Answer): void {
  if (stream) {
    response.writeHead(status, headers);
    // Who went away in the middle is no failure of the service.
    pipeline(Readable.from(stream()), response, () => {});
    return;
  }
  const bytes = binary ?? (body === undefined ? undefined : Buffer.from(body));
  response.writeHead(status, { ...headers, ...(bytes ? { 'content-length': String(bytes.length) } : {}) });
  response.end(bytes);
}
