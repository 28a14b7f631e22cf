import fc from 'fast-check';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { addDays } from '../../src/spend/spendPeriod.ts';
import type { SpendFilter } from '../../src/spend/spendShapes.ts';

/** The days that questions about the truth are of, both included. */
export const FROM = '2026-09-01';
export const TODAY = '2026-11-21';

/** A usage row, as far as pictures are about it. */
export interface TruthRow {
  day: string;
  currency: string;
  cost: string;
  profile: string;
  customer: string;
  subscription: string;
  /** By dimension or tag. */
  values: Readonly<Record<string, string>>;
}

/** A scope, and the rows that are of it. */
export interface TruthScope<Row> {
  scope: string;
  owns(row: Row): boolean;
}

const GROUPS = ['ServiceName', 'ResourceGroupName', 'Meter', 'ChargeType', 'SubscriptionId', 'tag:environment'];

/** @param of the currency that amounts are taken in */
export function truthRow(
  { tags, properties }: { tags: object | null; properties: object },
  of: 'Billing' | 'Pricing',
): TruthRow {
  const fields = properties as Record<string, unknown>;
  const text = (name: string) => String(fields[name] ?? '');
  return {
    day: text('date').slice(0, 10),
    currency: text(of === 'Billing' ? 'billingCurrencyCode' : 'pricingCurrencyCode'),
    cost: digitsOf(fields[`costIn${of}Currency`] as JsonNumber),
    profile: text('billingProfileId'),
    customer: text('customerTenantId'),
    subscription: text('subscriptionGuid'),
    values: {
      '': '',
      ServiceName: text('meterCategory'),
      ResourceGroupName: text('resourceGroup'),
      Meter: text('meterName'),
      ChargeType: text('chargeType'),
      SubscriptionId: text('subscriptionGuid'),
      'tag:environment': String((tags as Record<string, unknown> | null)?.environment ?? ''),
    },
  };
}

/** What a property asks; {@link drawn} makes a question of it. */
export const asked = fc.record({
  scope: fc.nat(),
  groupBy: fc.constantFrom('', ...GROUPS),
  filter: fc.option(fc.record({ by: fc.constantFrom(...GROUPS), seed: fc.nat(), not: fc.boolean() }), { freq: 2 }),
  start: fc.nat({ max: 81 }),
  length: fc.integer({ min: 1, max: 82 }),
  granularity: fc.constantFrom('daily', 'monthly'),
  top: fc.integer({ min: 1, max: 6 }),
  compareWith: fc.constantFrom(undefined, 'previous' as const),
});

type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * A question, and the rows of its scope and days, before its filters. A filter is by a value that occurs there.
 *
 * @param empty whether a filter may be by the value of rows that have none
 */
export function drawn<Row extends TruthRow>(
  { scope: which, filter, start, length, ...given }: Asked,
  scopes: readonly TruthScope<Row>[],
  rows: readonly Row[],
  empty: boolean,
) {
  const { scope, owns } = scopes[which % scopes.length] ?? { scope: '', owns: () => false };
  const from = addDays(FROM, start);
  const last = addDays(from, length - 1);
  const to = last > TODAY ? TODAY : last;
  const ofScope = rows.filter(owns);
  const example = filter ? ofScope[filter.seed % Math.max(ofScope.length, 1)]?.values[filter.by] : undefined;
  const filters: SpendFilter[] =
    filter === null || example === undefined || (example === '' && !empty)
      ? []
      : [{ by: filter.by, values: [example], ...(filter.not && { not: true as const }) }];
  const inDays = ofScope.filter(({ day }) => day >= from && day <= to);
  return { question: { ...given, scope, period: { from, to }, filters }, inDays };
}
