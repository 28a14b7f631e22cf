import { refused } from '../arm/input.ts';

const ATTRIBUTE_SETS = ['full', 'basic'] as const;
const PERIODS = ['current', 'last'] as const;

/** Which attributes rows have: all of them, or about half. The service's default is `full`. */
type AttributeSet = (typeof ATTRIBUTE_SETS)[number];

/** The running month, or the month that is over and has no invoice yet. */
type OpenPeriod = (typeof PERIODS)[number];

/** Rows of one invoice of new commerce. */
interface BilledExport {
  /** Daily rated usage, or the charges that add up to the invoice. */
  kind: 'billedUsage' | 'billedReconciliation';
  /** `G…`, also as Partner Center's links spell it, `OneTime-G…`. */
  invoiceId: string;
  attributeSet?: AttributeSet | undefined;
}

/** Rows that have no invoice yet, in one billing currency. */
interface UnbilledExport {
  kind: 'unbilledUsage' | 'unbilledReconciliation';
  /** ISO 4217, in any case. */
  currencyCode: string;
  /** `previous`, as Partner Center calls it, is taken for `last`. */
  billingPeriod: OpenPeriod | 'previous';
  attributeSet?: AttributeSet | undefined;
}

/** What is exported. Plain data. */
export type BillingExportRequest = BilledExport | UnbilledExport;

/** A request in the words of the service. */
interface ExportCall {
  operation: string;
  path: string;
  body: Readonly<Record<string, string>>;
}

const EXPORTS = {
  billedUsage: { operation: 'Export billed usage', path: 'usage/billed' },
  unbilledUsage: { operation: 'Export unbilled usage', path: 'usage/unbilled' },
  billedReconciliation: { operation: 'Export billed reconciliation', path: 'reconciliation/billed' },
  unbilledReconciliation: { operation: 'Export unbilled reconciliation', path: 'reconciliation/unbilled' },
} as const satisfies Record<BillingExportRequest['kind'], Omit<ExportCall, 'body'>>;

/**
 * Checks what would otherwise come back, minutes later, as "no data" (Graph reference: billedUsage, unbilledUsage,
 * billedReconciliation and unbilledReconciliation, export).
 *
 * @throws BillingError of kind `argument` that names the field and what to do
 */
export function exportCall(request: BillingExportRequest): ExportCall {
  const known = Object.hasOwn(EXPORTS, request.kind) ? EXPORTS[request.kind] : undefined;
  if (known === undefined) {
    throw refused('kind', `${shown(request.kind)}; use ${Object.keys(EXPORTS).join(', ')}.`);
  }
  const { attributeSet } = request;
  const source = isBilled(request)
    ? { invoiceId: checkInvoice(request.invoiceId) }
    : {
        currencyCode: checkCurrency(request.currencyCode),
        billingPeriod: word('billingPeriod', inGraphWords(request.billingPeriod), PERIODS),
      };
  return {
    operation: known.operation,
    path: `/reports/partners/billing/${known.path}/export`,
    body: {
      ...source,
      ...(attributeSet === undefined ? {} : { attributeSet: word('attributeSet', attributeSet, ATTRIBUTE_SETS) }),
    },
  };
}

/** Callers of commands give plain objects: the kind decides what is asked for, whatever else stands beside it. */
function isBilled(request: BillingExportRequest): request is BilledExport {
  return request.kind === 'billedUsage' || request.kind === 'billedReconciliation';
}

function checkInvoice(value: unknown): string {
  const id = typeof value === 'string' ? value.trim().replace(/^OneTime-/i, '') : '';
  if (/^(Recurring-)?D\d/i.test(id)) {
    throw refused(
      'invoiceId',
      `'${id.slice(0, 60)}' is an invoice of legacy commerce, which has no export; use its line items (provider azure or office).`,
    );
  }
  if (id.toLowerCase() === 'unbilled') {
    throw refused('invoiceId', `'unbilled' is no invoice; export unbilled usage of a currency instead.`);
  }
  if (!/^[A-Z]\w{1,63}$/i.test(id)) {
    throw refused('invoiceId', `${shown(value)}; give the id of an invoice of new commerce, such as G016907411.`);
  }
  return id;
}

function checkCurrency(value: unknown): string {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (!/^[A-Z]{3}$/.test(code)) {
    throw refused('currencyCode', `${shown(value)}; give the ISO code of the billing currency, such as USD.`);
  }
  return code;
}

function inGraphWords(period: unknown): unknown {
  return typeof period === 'string' && period.trim().toLowerCase() === 'previous' ? 'last' : period;
}

function word<T extends string>(field: string, value: unknown, words: readonly T[]): T {
  const plain = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  const found = words.find((known) => known === plain);
  if (found === undefined) {
    throw refused(field, `${shown(value)}; use ${words.join(' or ')}.`);
  }
  return found;
}

function shown(value: unknown): string {
  return value === undefined ? 'is missing' : `'${String(value).slice(0, 60)}' is not known`;
}
