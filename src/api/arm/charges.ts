import * as v from 'valibot';
import { BillingError } from '../http/errors.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, listOf } from './armClient.ts';
import { type DayPeriod, requirePeriod } from './dayPeriod.ts';
import { parentPath } from './parent.ts';
import { type Scope, scopePath } from './scope.ts';
import { money, optionalText, resource } from './wire.ts';

const chargeSummary = v.looseObject({
  ...resource,
  /** modern, legacy. */
  kind: optionalText,
  properties: v.looseObject({
    billingPeriodId: optionalText,
    /** Days, inclusive, UTC. */
    usageStart: optionalText,
    usageEnd: optionalText,
    azureCharges: v.nullish(money),
    chargesBilledSeparately: v.nullish(money),
    marketplaceCharges: v.nullish(money),
    billingAccountId: optionalText,
    billingProfileId: optionalText,
    invoiceSectionId: optionalText,
    customerId: optionalText,
    /** False while the charges are an estimate. */
    isInvoiced: v.nullish(v.boolean()),
  }),
});

/** The charges of a billing period, three sums that overlap in nothing (REST reference: Consumption, Charges - List). */
export type ChargeSummary = v.InferOutput<typeof chargeSummary>;

/** Where summaries exist. */
export type ChargesScope =
  | Extract<Scope, { kind: 'billingAccount' | 'billingProfile' | 'customer' }>
  | { kind: 'invoiceSection'; account: string; profile: string; invoiceSection: string };

const GROUPINGS = {
  billingProfile: 'properties/billingProfileId',
  invoiceSection: 'properties/invoiceSectionId',
  customer: 'properties/customerId',
} as const;

export type ChargesGrouping = keyof typeof GROUPINGS;

/** By what each kind of scope can be split. */
const GROUPINGS_OF: Readonly<Record<ChargesScope['kind'], readonly ChargesGrouping[]>> = {
  billingAccount: ['billingProfile', 'invoiceSection', 'customer'],
  billingProfile: ['invoiceSection'],
  invoiceSection: [],
  customer: [],
};

export interface ChargesQuery {
  scope: ChargesScope;
  /** Left out, the service chooses the billing period. */
  period?: DayPeriod | undefined;
  /** One row per billing period and profile, section or customer; without it one per billing period. */
  groupBy?: ChargesGrouping | undefined;
  /** E.g. `properties/usageStart ge '2026-10-01'`. */
  filter?: string | undefined;
}

/**
 * Charges by billing period, billed or not: a cheap answer to what a scope costs.
 *
 * @throws BillingError of kind `argument` for a scope without summaries, or a grouping that it does not have
 */
export function listCharges(
  arm: ArmClient,
  { scope, period, groupBy, filter }: ChargesQuery,
): PageWalk<ChargeSummary[]> {
  const query = {
    startDate: period?.from,
    endDate: period?.to,
    $filter: filter,
    $apply: grouping(scope, groupBy),
  };
  if (period !== undefined) {
    requirePeriod(period);
  }
  const path = scope.kind === 'invoiceSection' ? parentPath(scope) : scopePath(scope);
  const address = armPath(arm, 'charges', `${path}/providers/Microsoft.Consumption/charges`, query);
  // The limit is the billing account's, whatever is asked about below it.
  const quota = { area: 'charges', scope: scope.account.toLowerCase() } as const;
  return listOf(arm, { operation: 'List charges', method: 'GET', address, quota }, chargeSummary);
}

function grouping(scope: ChargesScope, groupBy: ChargesGrouping | undefined): string | undefined {
  const accepted = Object.hasOwn(GROUPINGS_OF, scope.kind) ? GROUPINGS_OF[scope.kind] : undefined;
  if (accepted === undefined) {
    throw new BillingError('argument', `scope: a ${String(scope.kind)} has no charges summary.`, {
      advice: 'Use a billing account, billing profile, invoice section or customer.',
    });
  }
  if (groupBy === undefined) {
    return undefined;
  }
  if (!accepted.includes(groupBy)) {
    throw new BillingError('argument', `groupBy: '${String(groupBy).slice(0, 60)}' does not split this scope.`, {
      advice: accepted.length === 0 ? 'Leave it out.' : `Use ${accepted.join(', ')}, or leave it out.`,
    });
  }
  return `groupby((${GROUPINGS[groupBy]}))`;
}
