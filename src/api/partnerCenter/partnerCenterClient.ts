import { randomUUID } from 'node:crypto';
import type * as v from 'valibot';
import { type AzureCloud, CLOUDS } from '../clouds.ts';
import { type Answer, type Call, HttpClient, type HttpClientOptions, type SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { readShape, unlike } from '../http/shape.ts';
import type { PartnerSignIn } from './availability.ts';

import { PARTNER_CENTER_DIALECT } from './refusals.ts';

/** Partner Center as the resource modules use it. */
export interface PartnerCenterClient {
  http: HttpClient;
  /** Address in front of every path, with the version: `https://api.partnercenter.microsoft.com/v1`. */
  base: string;
  cloud: AzureCloud;
  /** Undefined when it is not known. */
  signIn: PartnerSignIn | undefined;
  /** The operation that all calls belong to; without one, each call and each walk over a list is an operation of its own. */
  correlationId?: string;
}

export interface PartnerCenterClientOptions extends Omit<HttpClientOptions, 'base' | 'headers' | 'dialect'> {
  /** Address of the host, with or without the version behind it; left out: that of the cloud. */
  base?: string | undefined;
  /** Defaults to `public`. */
  cloud?: AzureCloud | undefined;
  signIn?: PartnerSignIn | undefined;
  /**
   * BCP 47 tag of the language that the service answers in, and of the market of rate cards where none is given. Defaults to
   * `en-US`, as the service's own does.
   */
  locale?: string | undefined;
}

/**
 * A client for the Partner Center API, version 1.
 *
 * @throws BillingError of kind `argument` when the locale is no language tag
 */
export function createPartnerCenterClient(options: PartnerCenterClientOptions): PartnerCenterClient {
  const { cloud = 'public', signIn, locale = 'en-US', ...http } = options;
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale)) {
    throw new BillingError('argument', `locale: '${locale.slice(0, 60)}' is not a language tag.`, {
      advice: 'Use one such as en-US or de-DE.',
    });
  }
  const host = options.base ?? CLOUDS[cloud].partnerCenter;
  const base = `${host.replace(/\/+$/, '').replace(/\/v1$/i, '')}/v1`;
  const headers = {
    'user-agent': 'azure-billing-explorer',
    'X-Locale': locale,
    'MS-PartnerCenter-Application': 'Azure Billing Explorer',
  };
  return { http: new HttpClient({ ...http, base, headers, dialect: PARTNER_CENTER_DIALECT }), base, cloud, signIn };
}

/** The same client with all its calls under one correlation id, its own or a new one: for operations of several calls. */
export function asOneOperation(client: PartnerCenterClient): PartnerCenterClient {
  return { ...client, correlationId: client.correlationId ?? randomUUID() };
}

/** Query parameters; undefined ones are left out. */
export type PartnerQuery = Readonly<Record<string, string | number | boolean | undefined>>;

/** A path with its query. A blank becomes `%20` and a plus `%2B`: a bare plus means one or the other, depending on who reads it. */
export function partnerPath(path: string, query: PartnerQuery = {}): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
}

/** A GET of a path. */
export function partnerCall(client: PartnerCenterClient, operation: string, address: string): Call {
  return { operation, method: 'GET', address, correlationId: client.correlationId ?? randomUUID() };
}

/**
 * One path segment of an id that a caller gave.
 *
 * @param field what the caller calls it
 * @param what what it is the id of, with its article
 * @throws BillingError of kind `argument` when the id would make the path mean something else
 */
export function idSegment(field: string, id: string, what: string): string {
  if (typeof id !== 'string' || id.trim() === '' || /^\.{1,2}$|[/\\]/.test(id)) {
    throw new BillingError('argument', `${field}: '${String(id).slice(0, 60)}' is not the id of ${what}.`, {
      advice: 'Use the id that Partner Center lists; nothing was sent.',
    });
  }
  return encodeURIComponent(id.trim());
}

/** `/customers/{tenant id}`. */
export function customerPath(customer: string): string {
  return `/customers/${idSegment('customer', customer, 'a customer')}`;
}

/** `/customers/{tenant id}/subscriptions/{id}`. */
export function subscriptionPath(customer: string, subscription: string): string {
  return `${customerPath(customer)}/subscriptions/${idSegment('subscription', subscription, 'a subscription')}`;
}

const SERVICE = 'Partner Center';

/** {@link readShape} of an answer of Partner Center. */
export function readAs<S extends v.GenericSchema>(schema: S, answer: Answer): v.InferOutput<S> {
  return readShape(schema, answer, SERVICE);
}

/** JSON, but not what Partner Center promises; asking again would bring the same. */
export function unlikePartnerCenter(answer: Answer, why: string): BillingError {
  return unlike(answer, why, SERVICE);
}

/** One resource. */
export function getOne<S extends v.GenericSchema>(
  client: PartnerCenterClient,
  call: Call,
  schema: S,
  options?: SendOptions,
): Promise<v.InferOutput<S>> {
  return client.http.send(call, (answer) => readAs(schema, answer), options);
}
