import * as v from 'valibot';
import type { Call } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { PageWalk } from '../http/paging.ts';
import { readShape } from '../http/shape.ts';
import { nextPage, type Paging } from './nextPage.ts';
import { type PartnerCenterClient, partnerCall } from './partnerCenterClient.ts';

const ID = String.raw`[\w:-]+`;

/** What of Partner Center is billing, and JSON. It also has users, orders and agreements, which are nobody's business here. */
const BILLING = new RegExp(
  `^/(?:${[
    'usagesummary',
    'ratecards/azure(?:-shared)?',
    'invoices',
    'invoices/estimates/links',
    `invoices/${ID}(?:/lineitems(?:/${ID}/${ID})?)?`,
    'customers',
    `customers/${ID}(?:/(?:usagesummary|usagebudget|entitlements|subscriptions|servicecosts/mostrecent(?:/lineitems)?))?`,
    `customers/${ID}/subscriptions/${ID}(?:/(?:usagesummary|usagerecords/resources|meterusagerecords|resourceusagerecords))?`,
    `customers/${ID}/subscriptions/${ID}/(?:azureentitlements(?:/${ID})?|utilizations/azure)`,
  ].join('|')})$`,
  'i',
);

/**
 * The path and query behind the version of the service: `/v1/customers` and `/customers` are the same.
 *
 * @throws BillingError of kind `argument` when it is not one of billing: an address can come from anybody, and the sign-in may see more
 */
export function partnerBillingPath(address: string): string {
  const path = address.replace(/^\/v1(?=\/)/i, '');
  if (!BILLING.test(path.split('?')[0] ?? '') || /[\s#\\]/.test(path)) {
    throw new BillingError(
      'argument',
      'path: is not a path of customers, invoices, usage or rate cards of Partner Center.',
      {
        advice: "Give what is behind the host, such as '/v1/customers' or '/v1/invoices/summaries'.",
      },
    );
  }
  return path;
}

const collection = v.looseObject({
  items: v.array(v.unknown()),
  links: v.optional(v.unknown()),
  continuationToken: v.optional(v.unknown()),
});

const anyObject = v.looseObject({});

/** A resource, or a collection page by page, with all its members and the digits of the service; empty where there is no content. */
export function anyResource(client: PartnerCenterClient, address: string): PageWalk<Record<string, unknown>> {
  const path = partnerBillingPath(address);
  const paging = pagingOf(path);
  const call: Call = {
    ...partnerCall(client, 'Read the JSON', path),
    ...(paging === 'seekAlone' ? { isPending: ({ status }) => status === 204 } : {}),
  };
  return new PageWalk(client.http, call, (answer, current) => {
    const value = answer.status === 204 ? {} : readShape(anyObject, answer, 'Partner Center');
    const page = v.safeParse(collection, value);
    if (!page.success) {
      return { value };
    }
    const { items, links, continuationToken } = page.output;
    return {
      value,
      next: nextPage(client, current, paging, { items: items.length, links, continuationToken }, answer),
    };
  });
}

/** How a collection at a path is paged where its link is damaged. */
function pagingOf(path: string): Paging {
  const [place = '', query = ''] = path.toLowerCase().split('?');
  if (place.endsWith('/utilizations/azure')) {
    return 'seekAlone';
  }
  if (place === '/invoices') {
    return 'index';
  }
  if (/^\/invoices\/[^/]+\/lineitems/.test(place)) {
    return /\/lineitems\/(azure|office)\//.test(`${place}/`) || /(^|&)provider=(azure|office)(&|$)/.test(query)
      ? 'index'
      : 'seek';
  }
  return place === '/customers' ? 'seek' : 'link';
}
