import * as v from 'valibot';
import { type Answer, type Call, HttpClient, type HttpClientOptions, type SendOptions } from '../http/client.ts';
import { systemClock } from '../http/clock.ts';
import { isLoopback } from '../http/loopback.ts';
import { type PageRead, PageWalk } from '../http/paging.ts';
import { QuotaScheduler } from '../http/quota.ts';
import { readShape } from '../http/shape.ts';
import type { StorageClient } from '../storage/storageClient.ts';
import { type ApiArea, apiVersion, type VersionSet } from './versions.ts';

/** Azure Resource Manager as the resource modules use it. */
export interface ArmClient {
  http: HttpClient;
  versions: VersionSet;
  /** Where files that it prepares are fetched from. */
  storage: StorageClient;
}

export interface ArmClientOptions extends Omit<HttpClientOptions, 'headers'> {
  /** Defaults to `newest`. */
  versions?: VersionSet;
}

/** Our own bucket of Cost Management quota: callers without this header share one with everybody. */
const CLIENT_TYPE = 'AzureBillingExplorer';

export function createArmClient(options: ArmClientOptions): ArmClient {
  const headers = { 'user-agent': 'azure-billing-explorer', ClientType: CLIENT_TYPE };
  const { transport, log, clock = systemClock } = options;
  const quota = new QuotaScheduler(clock);
  return {
    http: new HttpClient({ quota, ...options, headers }),
    versions: options.versions ?? 'newest',
    storage: { transport, log, clock, loopback: isLoopback(new URL(options.base).hostname) },
  };
}

/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Path and query of a call: the api-version of the area first, then the parameters. */
export function armPath(arm: ArmClient, area: ApiArea, path: string, query: Query = {}): string {
  const parameters = new URLSearchParams({ 'api-version': apiVersion(area, arm.versions) });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parameters.set(name, String(value));
    }
  }
  return `${path}?${parameters}`;
}

/** {@link readShape} of an answer of Azure Resource Manager. */
export function readAs<S extends v.GenericSchema>(schema: S, answer: Answer): v.InferOutput<S> {
  return readShape(schema, answer, 'Azure Resource Manager');
}

/** One resource. */
export function getOne<S extends v.GenericSchema>(
  arm: ArmClient,
  call: Call,
  schema: S,
  options?: SendOptions,
): Promise<v.InferOutput<S>> {
  return arm.http.send(call, (answer) => readAs(schema, answer), options);
}

/** A list `{value, nextLink}` of resources, page by page. An absent, null or empty nextLink ends it; so does 204. */
export function listOf<S extends v.GenericSchema>(arm: ArmClient, call: Call, item: S): PageWalk<v.InferOutput<S>[]> {
  const page = v.looseObject({ value: v.array(item), nextLink: v.nullish(v.string()) });
  return new PageWalk(arm.http, call, (answer, current): PageRead<v.InferOutput<S>[]> => {
    if (answer.status === 204) {
      return { value: [] };
    }
    const { value, nextLink } = readAs(page, answer);
    return { value, next: nextCall(current, nextLink) };
  });
}

/** GET paging: the same operation at the link, unchanged. */
export function nextCall(current: Call, nextLink: string | null | undefined): Call | undefined {
  if (nextLink === undefined || nextLink === null || nextLink === '') {
    return undefined;
  }
  // Limits count the lists that are begun; pages have one of their own, twice a minute for the same link, which only a page that
  // failed twice meets: then the service says how long to wait.
  const { quota: _begun, ...rest } = current;
  return { ...rest, address: nextLink };
}
