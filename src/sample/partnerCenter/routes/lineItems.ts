import type { Answer } from '../../answers.ts';
import type { Currency } from '../../currencies.ts';
import { countOf, type PartnerCall, seeksNext, wordOf } from '../call.ts';
import { currencyNamed } from '../currencyLocale.ts';
import { invalidInput, notUnderstood, refused } from '../errors.ts';
import { PartnerInvoices } from '../invoices.ts';
import type { LegacyInvoice } from '../legacyBilling.ts';
import { type LineItemPage, LineItems, type ModernSource } from '../lineItems.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';
import { PARTNER_MPN_ID } from '../subscriptions.ts';
import { currencyOf } from './invoices.ts';

const PROVIDERS = ['onetime', 'marketplace', 'all', 'office', 'azure'] as const;
type Provider = (typeof PROVIDERS)[number];
type Kind = 'billing' | 'usage';
const MOST = 2000;

/** What line items a request asks for. */
interface Asked {
  readonly call: PartnerCall;
  readonly invoiceId: string;
  readonly provider: Provider;
  readonly kind: Kind;
  readonly size: number;
  /** The path below the version, without query, as it was asked. */
  readonly path: string;
}

/**
 * Line items of invoices and of the open month (Partner Center REST reference: get invoice line items, billed and unbilled commercial
 * consumption, unbilled reconciliation), in the query form and in the older path form.
 */
export function lineItemRoutes(parts: Parts): PartnerRoute[] {
  const { tokens, wire, settings } = parts;
  const invoices = new PartnerInvoices(parts.tenant, parts.legacy);
  const items = new LineItems(parts, PARTNER_MPN_ID);

  const modern = (asked: Asked, source: ModernSource | undefined): Answer => {
    const { call, kind, size } = asked;
    if (settings.now.modernLineItemsRetired) {
      throw refused(
        400,
        900_141,
        'Line items of modern invoices are not supported any more: export them through Microsoft Graph.',
      );
    }
    const list =
      `${asked.invoiceId} ${asked.provider} ${kind} ${call.parameters.get('currencycode')} ${size} ${creditOf(call)}`.toLowerCase();
    const start = seeksNext(call, 'seekOperation')
      ? (JSON.parse(tokens.open(call, list)) as readonly [number, number])
      : ([0, 0] as const);
    const page = !source
      ? NOTHING
      : kind === 'usage'
        ? items.dailyRated(source, size, start, creditOf(call))
        : items.oneTime(source, size, start[0]);
    const query = call.query.split(/[&?]/).filter((pair) => pair !== '' && !/^seekoperation=/i.test(pair));
    const glue = settings.now.malformedLinks && kind === 'billing' && query.length > 0 ? '?' : '&';
    return wire.collection(page.rows, {
      self: { path: withQuery(asked.path, call.query) },
      next: page.next
        ? {
            path: withQuery(asked.path, `${query.join('&')}${query.length > 0 ? glue : ''}seekOperation=Next`),
            token: tokens.seal(list, JSON.stringify(page.next)),
          }
        : undefined,
      continuationToken: kind === 'billing',
    });
  };

  const legacy = (asked: Asked, invoice: LegacyInvoice): Answer => {
    const { call, provider, kind, size, path } = asked;
    const offset = countOf(call, 'offset', { least: 0, most: 1_000_000_000, otherwise: 0 });
    let page: LineItemPage = NOTHING;
    if (provider === 'office' && kind === 'billing') page = items.licences(invoice, size, offset);
    if (provider === 'azure') {
      page = kind === 'billing' ? items.legacyAzure(invoice, size, offset) : items.legacyDaily(invoice, size, offset);
    }
    const query = call.query.split('&').filter((pair) => pair !== '' && !/^(size|offset)=/i.test(pair));
    const at = (from: number): string => withQuery(path, [...query, `size=${size}`, `offset=${from}`].join('&'));
    return wire.collection(page.rows, {
      self: { path: at(offset) },
      next: page.next ? { path: at(page.next[0]) } : undefined,
    });
  };

  const answer = (asked: Asked): Answer => {
    const { call, invoiceId, provider, kind } = asked;
    const isModern = provider === 'onetime' || provider === 'marketplace' || provider === 'all';
    if ((provider === 'marketplace' && kind === 'billing') || (provider === 'office' && kind === 'usage')) {
      throw invalidInput('Invoice Line Item type is not valid.');
    }
    if (invoiceId.toLowerCase() === 'unbilled') {
      if (!isModern) throw invalidInput(`The provider '${provider}' has no unbilled line items.`);
      const currency = currencyOf(call);
      if (!call.parameters.get('period'))
        throw invalidInput('The query parameter period is required: current or previous.');
      // Every month is invoiced on the day after its end, so that there never is a previous one without invoice.
      const isCurrent = wordOf(call, 'period', ['current', 'previous'], 'current') === 'current';
      return modern(asked, isCurrent ? items.unbilled(currency) : undefined);
    }
    const invoice = invoices.named(invoiceId);
    if (invoice.legacy) return isModern ? modernNothing(asked) : legacy(asked, invoice.legacy);
    const source = invoice.modern;
    if (!isModern || !source) return modernNothing(asked);
    const currency = kind === 'usage' ? currencyOf(call) : optionalCurrency(call);
    const matches = currency === undefined || currency === source.profile.currency;
    return modern(asked, matches ? { profile: source.profile, month: source.month, invoice: source } : undefined);
  };

  /** What an invoice of the other kind has for a provider. */
  const modernNothing = ({ path, call }: Asked): Answer =>
    wire.collection([], { self: { path: withQuery(path, call.query) } });

  const size = (call: PartnerCall): number => countOf(call, 'size', { least: 1, most: MOST, otherwise: MOST });
  return [
    {
      name: 'partnerCenter.lineItems',
      path: 'invoices/*/lineitems',
      signIn: 'any',
      area: 'invoices',
      methods: {
        GET: (call, [invoiceId = '']) => {
          const [provider = '', kind = ''] = ['provider', 'invoicelineitemtype'].map((name) =>
            call.parameters.get(name),
          );
          if (provider === '') throw invalidInput('The query parameter provider is required.');
          if (kind === '') throw invalidInput('The query parameter invoicelineitemtype is required.');
          return answer({
            call,
            invoiceId,
            provider: providerOf(provider),
            kind: kindOf(kind),
            size: size(call),
            path: `invoices/${invoiceId}/lineitems`,
          });
        },
      },
    },
    {
      name: 'partnerCenter.lineItems',
      path: 'invoices/*/lineitems/*/*',
      signIn: 'any',
      area: 'invoices',
      methods: {
        GET: (call, [invoiceId = '', provider = '', kind = '']) =>
          answer({
            call,
            invoiceId,
            provider: providerOf(provider),
            kind: kindOf(kind),
            size: size(call),
            path: `invoices/${invoiceId}/lineitems/${provider}/${kind}`,
          }),
      },
    },
  ];
}

const NOTHING: LineItemPage = { rows: [], next: undefined };

/** Requests write words without the underscores that answers have. */
function providerOf(text: string): Provider {
  const provider = PROVIDERS.find((word) => word === text.toLowerCase());
  if (!provider) throw notUnderstood();
  return provider;
}

function kindOf(text: string): Kind {
  const kind = (['billing', 'usage'] as const).find((word) => `${word}lineitems` === text.toLowerCase());
  if (!kind) throw invalidInput('Invoice Line Item type is not valid.');
  return kind;
}

function optionalCurrency(call: PartnerCall): Currency | undefined {
  const text = call.parameters.get('currencycode');
  return text ? (currencyNamed(text) ?? currencyOf(call)) : undefined;
}

function creditOf(call: PartnerCall): boolean | undefined {
  if (!call.parameters.get('haspartnerearnedcredit')) return undefined;
  return wordOf(call, 'hasPartnerEarnedCredit', ['true', 'false'], 'true') === 'true';
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}
