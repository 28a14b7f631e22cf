import type * as v from 'valibot';
import { type Answer, HttpClient, type HttpClientOptions } from '../http/client.ts';
import { systemClock } from '../http/clock.ts';
import type { BillingError } from '../http/errors.ts';
import { isLoopback } from '../http/loopback.ts';
import { readShape, unlike } from '../http/shape.ts';
import type { StorageClient } from '../storage/storageClient.ts';
import { GRAPH_DIALECT } from './refusals.ts';

/** Microsoft Graph as the billing exports use it. */
export interface GraphClient {
  http: HttpClient;
  /** Address in front of every path, with the version: `https://graph.microsoft.com/v1.0`. */
  base: string;
  /** Where the files of an export are fetched from, without the token. */
  storage: StorageClient;
}

/** The token is for `https://graph.microsoft.com`, with the permission PartnerBilling.Read.All. */
export type GraphClientOptions = Omit<HttpClientOptions, 'headers' | 'dialect' | 'quota'>;

/**
 * A client for Microsoft Graph, version 1.0. (Sovereign clouds have no billing exports: see `unavailable` of Partner Center.)
 *
 * @param options `base` is the host's address, with or without the version behind it
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { transport, log, clock = systemClock } = options;
  const base = `${options.base.replace(/\/+$/, '').replace(/\/v1\.0$/i, '')}/v1.0`;
  const headers = { 'user-agent': 'azure-billing-explorer' };
  return {
    http: new HttpClient({ ...options, base, headers, dialect: GRAPH_DIALECT }),
    base,
    storage: { transport, log, clock, loopback: isLoopback(new URL(base).hostname) },
  };
}

const SERVICE = 'Microsoft Graph';

/** {@link readShape} of an answer of Graph. */
export function readAs<S extends v.GenericSchema>(schema: S, answer: Answer): v.InferOutput<S> {
  return readShape(schema, answer, SERVICE);
}

/** JSON, but not what Graph promises; asking again would bring the same. */
export function unlikeGraph(answer: Answer, why: string): BillingError {
  return unlike(answer, why, SERVICE);
}
