import { json } from '../../answers.ts';
import { parseIsoDay } from '../../calendar.ts';
import type { Currency } from '../../currencies.ts';
import { countOf, type PartnerCall } from '../call.ts';
import { currencyNamed } from '../currencyLocale.ts';
import { invalidInput, refused } from '../errors.ts';
import { type PartnerInvoice, PartnerInvoices, projectInvoice, projectSummary, statementOf } from '../invoices.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';

/** Invoices and their sums (Partner Center REST reference: get a collection of invoices and the pages beside it). */
export function invoiceRoutes(parts: Parts): PartnerRoute[] {
  const { tenant, wire, legacy } = parts;
  const invoices = new PartnerInvoices(tenant, legacy);
  const { now } = tenant.options;
  const all = (): PartnerInvoice[] => [...invoices.legacy(), ...invoices.modern()];

  /** Size and offset act on legacy invoices; modern ones come whole, with the first page. */
  const list = (call: PartnerCall) => {
    const size = countOf(call, 'size', { least: 1, most: MOST, otherwise: MOST });
    const offset = countOf(call, 'offset', { least: 0, most: 1_000_000, otherwise: 0 });
    const matches = filterOf(call.parameters.get('filter') ?? '');
    const old = invoices.legacy().filter(matches);
    const modern = offset === 0 ? invoices.modern().filter(matches) : [];
    const page = [...old.slice(offset, offset + size), ...modern];
    const filter = call.parameters.get('filter');
    const query = (from: number): string =>
      `invoices?size=${size}&offset=${from}${filter === undefined ? '' : `&filter=${encodeURIComponent(filter)}`}`;
    return wire.collection(
      page.map((invoice) => JSON.stringify(projectInvoice(invoice, wire, false))),
      { self: { path: query(offset) }, next: offset + size < old.length ? { path: query(offset + size) } : undefined },
    );
  };
  const summary = (currency: Currency, self: string) =>
    projectSummary(
      currency,
      all().filter((invoice) => invoice.currency === currency),
      now,
      wire,
      self,
    );

  const route = (
    name: string,
    path: string,
    signIn: PartnerRoute['signIn'],
    handler: PartnerRoute['methods'][string],
  ): PartnerRoute => ({
    name: `partnerCenter.invoices.${name}`,
    path,
    signIn,
    area: 'invoices',
    methods: { GET: handler },
  });

  return [
    route('list', 'invoices', 'any', list),
    route('summary', 'invoices/summary', 'any', () => json(summary('USD', 'invoices/summary'))),
    route('summaries', 'invoices/summaries', 'user', () => {
      const currencies = [...new Set(all().map(({ currency }) => currency))];
      return wire.collection(
        currencies.map((currency) => JSON.stringify(summary(currency, 'invoices/summary'))),
        { self: { path: 'invoices/summaries' } },
      );
    }),
    route('estimateLinks', 'invoices/estimates/links', 'any', (call) => {
      const currency = currencyOf(call);
      const items = ESTIMATES.flatMap(([type, title, description, provider, kind]) =>
        ['Current', 'Previous'].map((period) => ({
          type,
          title,
          description,
          period,
          link: wire.link({
            path: `invoices/unbilled/lineitems?provider=${provider}&invoicelineitemtype=${kind}&currencycode=${currency}&period=${period.toLowerCase()}&size=2000`,
          }),
        })),
      );
      return wire.collection(items.map((item) => JSON.stringify(item)));
    }),
    route('get', 'invoices/*', 'user', (_call, [id = '']) => json(projectInvoice(invoices.named(id), wire, true))),
    route('statement', 'invoices/*/documents/statement', 'user', (_call, [id = '']) => {
      const invoice = invoices.named(id);
      return {
        status: 200,
        headers: {
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename=Invoice_${invoice.id}.pdf`,
        },
        body: statementOf(invoice, tenant.directory.partnerName),
      };
    }),
  ];
}

const MOST = 200;

const ESTIMATES = [
  [
    'daily_rated_usage',
    'Daily rated usage unbilled',
    'Consumption that is not billed yet.',
    'Marketplace',
    'UsageLineItems',
  ],
  [
    'non_consumption',
    'Unbilled reconciliation line items',
    'Reconciliation line items that are not billed yet.',
    'all',
    'billinglineitems',
  ],
] as const;

/** The parameter currencycode. Throws a refusal when it is absent or no currency of the partner. */
export function currencyOf(call: PartnerCall): Currency {
  const text = call.parameters.get('currencycode');
  if (!text) throw invalidInput('The query parameter currencycode is required.');
  const currency = currencyNamed(text);
  if (currency) return currency;
  throw invalidInput(`The value '${text}' of currencycode is not a currency in which this partner is billed.`);
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  equals: (a, b) => a === b,
  not_equals: (a, b) => a !== b,
  greater_than: (a, b) => a > b,
  greater_than_or_equals: (a, b) => a >= b,
  less_than: (a, b) => a < b,
  less_than_or_equals: (a, b) => a <= b,
};

/** Reads `{"Field": "InvoiceDate", "Value": "2026-10-01", "Operator": "greater_than"}`, joined by and / or in `Filters`. */
function filterOf(text: string): (invoice: PartnerInvoice) => boolean {
  if (text === '') return () => true;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidInput('The filter is not JSON.');
  }
  return matcherOf(parsed);
}

function matcherOf(filter: unknown): (invoice: PartnerInvoice) => boolean {
  const members = new Map<string, unknown>(
    Object.entries(typeof filter === 'object' && filter !== null ? filter : {}).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const operator = String(members.get('operator') ?? '').toLowerCase();
  const parts = members.get('filters');
  if (Array.isArray(parts) && (operator === 'and' || operator === 'or')) {
    const matchers = parts.map(matcherOf);
    return (invoice) =>
      operator === 'and' ? matchers.every((matches) => matches(invoice)) : matchers.some((matches) => matches(invoice));
  }
  const field = String(members.get('field') ?? '');
  if (field.toLowerCase() !== 'invoicedate') {
    throw refused(400, 900_126, `The field '${field}' of the filter is not valid: use InvoiceDate.`, ['Field']);
  }
  const compare = COMPARE[operator];
  if (!compare) {
    const known = Object.keys(COMPARE).join(', ');
    throw refused(400, 900_126, `The operator '${operator}' of the filter is not valid: use one of ${known}.`, [
      'Operator',
    ]);
  }
  const date = parseIsoDay(String(members.get('value') ?? '').slice(0, 10));
  if (date === undefined) throw invalidInput('The member Value of the filter must be a date such as 2026-10-31.');
  return ({ invoiceDay }) => compare(invoiceDay, date);
}
