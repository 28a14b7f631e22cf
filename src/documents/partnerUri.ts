import type { LineItemProvider, LineItemType } from '../api/partnerCenter/lineItemRules.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import {
  type LineItemsSpec,
  type PartnerDocument,
  type PartnerDocumentSpec,
  type RatedUsageSpec,
  USAGE_RECORD_SUBJECTS,
  type UsageRecordsSpec,
  type UtilizationSpec,
} from '../choices/partnerSpecs.ts';
import { DOCUMENT_FORMATS, DOCUMENT_SCHEME } from '../contributions.ts';

/** What an address is made of; a `vscode.Uri` has these members. */
interface UriParts {
  scheme: string;
  authority: string;
  path: string;
  query: string;
}

const LINE_PROVIDERS = [
  'onetime',
  'marketplace',
  'all',
  'azure',
  'office',
] as const satisfies readonly LineItemProvider[];
const LINE_TYPES = ['billinglineitems', 'usagelineitems'] as const satisfies readonly LineItemType[];

const WORDS = {
  usageRecords: 'usagerecords',
  utilization: 'utilizations',
  ratedUsage: 'ratedusage',
  lineItems: 'lineitems',
} as const;

/** Labels end in a window or a period, which tell documents apart: characters. */
const LONGEST_LABEL = 130;

/**
 * `azure-billing://<connection>/partnerCenter/customers/<tenant id>/usagerecords/<label>.csv?of=subscriptions`, `…/utilizations/…?start=…&end=…`,
 * `…/ratedusage/…?period=current&currency=EUR`, `…/lineitems/…?provider=azure&type=billinglineitems&invoice=D012345678`; without a customer the part in the middle is left out. The label is for people.
 */
export function partnerUri(spec: PartnerDocumentSpec, label: string): UriParts {
  const { kind, connection, format, customer, ...rest } = spec;
  const owner = customer === undefined ? '' : `/customers/${customer}`;
  return {
    scheme: DOCUMENT_SCHEME,
    authority: connection,
    path: `/partnerCenter${owner}/${WORDS[kind]}/${fileLabel(label, LONGEST_LABEL)}.${format}`,
    query: Object.entries(rest)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
      .join('&'),
  };
}

const PATH = /^\/partnerCenter(?:\/customers\/([^/]+))?\/(\w+)\/[^/]+\.(csv|json|ndjson)$/;

/** Ids of Partner Center and invoices: nothing that would make another path or query of an address. */
const ID = /^[\w-]{1,100}$/;

/** A day or moment in UTC; whether it is one the service takes is checked before it is asked. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Whether a path is in the part of the file system that holds documents of Partner Center. */
export function isPartnerPath(path: string): boolean {
  return path.startsWith('/partnerCenter/');
}

/** Reads such an address; undefined when any part of it is not what one of ours says. */
export function parsePartnerUri({ scheme, authority, path, query }: UriParts): PartnerDocumentSpec | undefined {
  const [, customer, word, ending] = PATH.exec(path) ?? [];
  const format = DOCUMENT_FORMATS.find((known) => known === ending);
  if (scheme !== DOCUMENT_SCHEME || format === undefined || (customer !== undefined && !ID.test(customer))) {
    return undefined;
  }
  const given = new Given(query);
  const common = { connection: authority, format, customer, subscription: given.matching('subscription', ID) };
  let spec: PartnerDocumentSpec | undefined;
  switch (word) {
    case WORDS.usageRecords:
      spec = usageRecords(common, given);
      break;
    case WORDS.utilization:
      spec = utilization(common, given);
      break;
    case WORDS.ratedUsage:
      spec = withLines({ ...common, kind: 'ratedUsage' }, given);
      break;
    case WORDS.lineItems:
      spec = lineItems(common, given);
      break;
  }
  return given.allRead ? spec : undefined;
}

function usageRecords(common: PartnerDocument, given: Given): UsageRecordsSpec | undefined {
  const of = given.word('of', USAGE_RECORD_SUBJECTS);
  const { customer, subscription } = common;
  const whole =
    of === 'customers'
      ? customer === undefined && subscription === undefined
      : customer !== undefined && (of === 'subscriptions') === (subscription === undefined);
  return of !== undefined && whole ? { ...common, kind: 'usageRecords', of } : undefined;
}

/** Length of the slices that utilization sums up; windows begin and end on a boundary of them. Milliseconds. */
const STEP = { daily: 86_400_000, hourly: 3_600_000 } as const;

function utilization(common: PartnerDocument, given: Given): UtilizationSpec | undefined {
  const { customer, subscription } = common;
  const start = given.matching('start', MOMENT);
  const end = given.matching('end', MOMENT);
  const granularity = given.word('granularity', ['daily', 'hourly'] as const);
  const showDetails = given.word('showDetails', ['true', 'false'] as const);
  const size = given.matching('size', /^[1-9]\d{0,3}$/);
  const complete = start !== undefined && end !== undefined && granularity !== undefined && showDetails !== undefined;
  if (customer === undefined || subscription === undefined || !complete) {
    return undefined;
  }
  const askedStart = given.matching('askedStart', MOMENT);
  const askedEnd = given.matching('askedEnd', MOMENT);
  const leadsTo = (boundary: string, asked = boundary): boolean =>
    Math.floor(Date.parse(asked) / STEP[granularity]) * STEP[granularity] === Date.parse(boundary);
  if (!leadsTo(start, askedStart) || !leadsTo(end, askedEnd)) {
    return undefined;
  }
  return {
    ...common,
    kind: 'utilization',
    customer,
    subscription,
    start,
    end,
    granularity,
    showDetails: showDetails === 'true',
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(askedStart === undefined ? {} : { askedStart }),
    ...(askedEnd === undefined ? {} : { askedEnd }),
  };
}

function lineItems(common: PartnerDocument, given: Given): LineItemsSpec | undefined {
  const provider = given.word('provider', LINE_PROVIDERS);
  const type = given.word('type', LINE_TYPES);
  return provider === undefined || type === undefined
    ? undefined
    : withLines({ ...common, kind: 'lineItems', provider, type }, given);
}

function withLines<T extends RatedUsageSpec | LineItemsSpec>(spec: T, given: Given): T | undefined {
  const invoice = given.matching('invoice', ID);
  const period = given.word('period', ['current', 'last'] as const);
  const currency = given.matching('currency', /^[A-Z]{3}$/);
  const fragment = given.word('fragment', ['full', 'basic'] as const);
  const whole = invoice === undefined ? period !== undefined && currency !== undefined : period === undefined;
  return whole ? { ...spec, invoice, period, currency, fragment } : undefined;
}

/** The query of an address. What is there and not understood would show other figures under the same address. */
class Given {
  readonly #left: URLSearchParams;

  constructor(query: string) {
    this.#left = new URLSearchParams(query);
  }

  matching(name: string, pattern: RegExp): string | undefined {
    const value = this.#only(name);
    if (value === undefined || !pattern.test(value)) {
      return undefined;
    }
    this.#left.delete(name);
    return value;
  }

  word<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.#only(name);
    const found = words.find((known) => known === value);
    if (found !== undefined) {
      this.#left.delete(name);
    }
    return found;
  }

  /** Given twice, it means nothing, and stays. */
  #only(name: string): string | undefined {
    const values = this.#left.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  }

  get allRead(): boolean {
    return this.#left.size === 0;
  }
}
