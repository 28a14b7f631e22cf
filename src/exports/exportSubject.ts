import type { CostQuery } from '../api/arm/costQuery.ts';
import { parseScope, scopePath } from '../api/arm/scope.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import { lineItemsName } from '../choices/lineItemNames.ts';
import { partnerLabel } from '../choices/partnerLabels.ts';
import type { LineItemsSpec, PartnerDocumentSpec, RatedUsageSpec, UtilizationSpec } from '../choices/partnerSpecs.ts';
import type { UsageMetricArgument } from '../contributions.ts';
import type { CostQuestion } from '../spend/costTables.ts';
import { type Period, periodLabel } from '../usage/period.ts';
import type { ExportSource, LabelledScope, TransactionsSource } from '../usage/plan/exportSource.ts';

/** What is exported: the question for the service, and what people call it. */
export interface ExportSubject {
  connection: string;
  source: ExportSource;
  /** What the list of exports calls it. */
  title: string;
  /** A file name without its ending. */
  name: string;
  /** The same without a word of whose it is. */
  shareSafeName: string;
  /** Nothing that is kept will do. */
  anew?: true;
}

/**
 * @param scopes at least one; a label is what people call it
 * @param period undefined for invoices
 */
export function usageSubject(
  connection: string,
  scopes: readonly LabelledScope[],
  period: Period | undefined,
  metric: UsageMetricArgument | undefined,
): ExportSubject {
  const [first] = scopes;
  const named =
    first?.label ??
    scopePath(parseScope(first?.scope ?? ''))
      .split('/')
      .at(-1) ??
    '';
  const who = scopes.length === 1 ? fileLabel(named) : manyText(scopes);
  const when = period === undefined ? '' : ` ${periodLabel(period)}`;
  const what = `usage${when}${metric === undefined ? '' : METRIC_NAMES[metric]}`;
  const source = {
    kind: 'usageDetails',
    scopes,
    ...(period === undefined ? {} : { period }),
    ...(metric === undefined ? {} : { metric }),
  } as const;
  return { connection, source, title: `Usage of ${who}${when}`, name: `${who} ${what}`, shareSafeName: what };
}

const METRIC_NAMES: Readonly<Record<UsageMetricArgument, string>> = {
  ActualCost: '',
  AmortizedCost: ' amortized',
  Usage: ' usage only',
};

/** `3 customers`: the names of all would be too long for a file. */
function manyText(scopes: readonly LabelledScope[]): string {
  const kinds = new Set(scopes.map(({ scope }) => parseScope(scope).kind));
  const [kind] = kinds;
  return `${scopes.length} ${kinds.size === 1 && kind !== undefined ? KIND_NAMES[kind] : 'scopes'}`;
}

const KIND_NAMES: Readonly<Record<ReturnType<typeof parseScope>['kind'], string>> = {
  billingAccount: 'billing accounts',
  billingProfile: 'billing profiles',
  customer: 'customers',
  invoice: 'invoices',
  subscription: 'subscriptions',
};

/** @param label what people call the customer, subscription or invoice */
export function partnerSubject(spec: PartnerDocumentSpec, label: string | undefined): ExportSubject {
  const name = partnerLabel(spec, label);
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { connection: spec.connection, source: sourceOf(spec), title, name, shareSafeName: shareSafeName(spec) };
}

/** Utilization of several subscriptions in the same window. */
export function utilizationSubject(
  spec: UtilizationSpec,
  subscriptions: readonly { customer: string; subscription: string; label?: string }[],
): ExportSubject {
  const label = `${subscriptions.length} subscriptions`;
  return { ...partnerSubject(spec, label), source: { ...utilizationSource(spec), subscriptions } };
}

function sourceOf(spec: PartnerDocumentSpec): ExportSource {
  switch (spec.kind) {
    case 'usageRecords': {
      const { of, customer = '', subscription = '' } = spec;
      const kind = 'usageRecords';
      return of === 'customers'
        ? { kind, of }
        : of === 'subscriptions'
          ? { kind, of, customer }
          : { kind, of, customer, subscription };
    }
    case 'utilization':
      return utilizationSource(spec);
    case 'ratedUsage':
      return { kind: 'ratedUsage', ...linesSource(spec) };
    case 'lineItems':
      return { kind: 'lineItems', provider: spec.provider, type: spec.type, ...linesSource(spec) };
  }
}

function utilizationSource(spec: UtilizationSpec): Extract<ExportSource, { kind: 'utilization' }> {
  const { customer, subscription, start, end, granularity, showDetails, size } = spec;
  return {
    kind: 'utilization',
    subscriptions: [{ customer, subscription }],
    start,
    end,
    granularity,
    showDetails,
    ...(size === undefined ? {} : { size }),
  };
}

/** What is left out is left out of the JSON that outlives the editor as well. */
function linesSource({
  invoice,
  period = 'current',
  currency,
  customer,
  subscription,
  fragment,
}: RatedUsageSpec | LineItemsSpec) {
  const owner = {
    ...(customer === undefined ? {} : { customer }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(fragment === undefined ? {} : { fragment }),
  };
  return invoice === undefined
    ? { ...owner, period, currency: currency ?? '' }
    : { ...owner, invoice, ...(currency === undefined ? {} : { currency }) };
}

function shareSafeName(spec: PartnerDocumentSpec): string {
  switch (spec.kind) {
    case 'usageRecords':
      return `usage by ${spec.of.replace(/s$/, '')}`;
    case 'utilization':
      return `utilization ${spec.start.slice(0, 10)} to ${spec.end.slice(0, 10)}`;
    case 'ratedUsage':
    case 'lineItems': {
      const what = spec.kind === 'lineItems' ? lineItemsName(spec) : 'rated usage';
      return spec.invoice === undefined ? `${what} unbilled ${spec.period ?? ''} ${spec.currency ?? ''}` : what;
    }
  }
}

/** @param label what people call the account, profile or customer */
export function transactionsSubject(connection: string, source: TransactionsSource, label: string): ExportSubject {
  const which =
    'invoice' in source
      ? ` invoice ${fileLabel(source.invoice)}`
      : `${source.type === 'Unbilled' ? ' unbilled' : ''} ${periodLabel(source.period)}`;
  const who = fileLabel(label);
  return {
    connection,
    source,
    title: `Transactions of ${who}${which}`,
    name: `${who} transactions${which}`,
    shareSafeName: 'invoice' in source ? 'transactions' : `transactions${which}`,
  };
}

/** @param label what people call the scope */
export function costsSubject(
  connection: string,
  { scope, period, groupBy }: CostQuestion,
  query: CostQuery,
  label: string,
): ExportSubject {
  const by = groupBy.length === 0 ? '' : ` by ${fileLabel(groupBy.join(' and '))}`;
  const what = `costs ${periodLabel(period)}${by}`;
  const who = fileLabel(label);
  return {
    connection,
    source: { kind: 'query', scope, query },
    title: `Costs of ${who} ${periodLabel(period)}${by}`,
    name: `${who} ${what}`,
    shareSafeName: what,
  };
}
