import * as v from 'valibot';
import type { ArmClient } from '../api/arm/armClient.ts';
import { queryCost } from '../api/arm/costQuery.ts';
import { type CostPage, readCostTable } from '../api/arm/costTable.ts';
import { type CostScope, scopePath } from '../api/arm/scope.ts';
import type { Money } from '../api/arm/wire.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PageWalk } from '../api/http/paging.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { DecimalSum } from '../records/decimal.ts';
import { OPEN_MONTH_FOR } from '../usage/period.ts';
import type { AnswerStore } from './answerStore.ts';
import { parsedBytes } from './keptMonths.ts';

/** What the parts of a scope cost: by the customer's tenant, by subscription or by resource group. */
export type Part = 'CustomerTenantId' | 'SubscriptionId' | 'ResourceGroupName';

/** The query behind {@link monthToDateByPart}. Nothing is sent. */
export function monthToDateQuery(arm: ArmClient, scope: CostScope, part: Part): PageWalk<CostPage> {
  return queryCost(arm, scope, {
    // The seed version knows no other type.
    type: arm.versions === 'newest' ? 'ActualCost' : 'Usage',
    timeframe: 'MonthToDate',
    dataset: {
      granularity: 'None',
      aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
      grouping: [{ type: 'Dimension', name: part }],
    },
  });
}

/** What is kept, and how it is used. */
interface Keeping {
  /** Undefined: nothing is kept. */
  answers: AnswerStore | undefined;
  /** Asks though an answer is kept. */
  anew: boolean;
  now: Date;
}

const KEPT = v.array(
  v.strictTuple([v.string(), v.array(v.strictTuple([v.string(), v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/))]))]),
);

/** Costs by part, as {@link monthToDateByPart} gives them. */
interface KeptCosts {
  costs: Map<string, Money[]>;
  /** When they were fetched, where that was not just now. */
  keptSince?: Date;
  /** Why they are older than they should be. */
  away?: BillingError;
}

/**
 * {@link monthToDateByPart} as it was answered in the last four hours, in whichever window. While Azure cannot be reached, whatever of the
 * open month is kept.
 *
 * @throws BillingError as it does
 */
export async function keptMonthToDate(
  arm: ArmClient,
  scope: CostScope,
  part: Part,
  { answers, anew, now }: Keeping,
  options?: SendOptions,
): Promise<KeptCosts> {
  const question = `monthToDate ${part} ${scopePath(scope).toLowerCase()}`;
  const month = now.toISOString().slice(0, 7);
  const recall = async (): Promise<Required<Omit<KeptCosts, 'away'>> | undefined> => {
    const found = await answers?.find(question, month);
    const costs = found && costsOf(found.bytes);
    return costs && { costs, keptSince: found.fetchedAt };
  };
  const found = anew ? undefined : await recall();
  if (found !== undefined && now.getTime() - found.keptSince.getTime() < OPEN_MONTH_FOR) {
    return found;
  }
  let costs: Map<string, Money[]>;
  try {
    costs = await monthToDateByPart(arm, scope, part, options);
  } catch (error) {
    const old = isAway(error) ? (found ?? (await recall())) : undefined;
    if (old === undefined || !isAway(error)) {
      throw error;
    }
    return { ...old, away: error };
  }
  const kept = Array.from(costs, ([id, ofPart]) => [
    id,
    ofPart.map(({ currency, value }) => [currency, digitsOf(value ?? 0)]),
  ]);
  void answers?.keep(question, month, { bytes: Buffer.from(JSON.stringify(kept)), fetchedAt: now });
  return { costs };
}

/** Undefined for everything that this program did not write. */
function costsOf(bytes: Uint8Array): Map<string, Money[]> | undefined {
  const read = v.safeParse(KEPT, parsedBytes(bytes));
  const money = (costs: readonly (readonly [string, string])[]): Money[] =>
    costs.map(([currency, digits]) => ({ currency, value: new ExactNumber(digits) }));
  return read.success ? new Map(read.output.map(([id, costs]) => [id, money(costs)])) : undefined;
}

/** No answer, or none but that the service has trouble of its own: it says nothing about what may be seen. */
function isAway(error: unknown): error is BillingError {
  return error instanceof BillingError && (error.kind === 'unreachable' || (error.status ?? 0) >= 500);
}

/**
 * The cost of every part of a scope in the open month (UTC) so far, with one query: it fills a whole level of the tree. An
 * estimate, before taxes: the month goes on, and usage of the last day or two is still to come.
 *
 * @returns the part's id in lower case → its cost in each billing currency it has, largest number of digits kept
 * @throws BillingError as any query; of kind `malformed` when the answer lacks a column
 */
export async function monthToDateByPart(
  arm: ArmClient,
  scope: CostScope,
  part: Part,
  options?: SendOptions,
): Promise<Map<string, Money[]>> {
  const table = await readCostTable(monthToDateQuery(arm, scope, part), options);
  if (table.rows.length === 0) {
    return new Map();
  }
  const at = (...names: string[]): number => {
    const index = table.columns.findIndex(({ name }) => names.includes(name.toLowerCase()));
    if (index < 0) {
      throw new BillingError('malformed', `Query costs failed: the answer has no column '${names[0]}'.`);
    }
    return index;
  };
  // The column of a sum has the alias or the name of what was summed.
  const [cost, key, currency] = [at('totalcost', 'cost'), at(part.toLowerCase()), at('currency')];
  const sums = new Map<string, Map<string, DecimalSum>>();
  for (const row of table.rows) {
    const amount = row[cost];
    if (typeof amount !== 'number' && !(amount instanceof ExactNumber)) {
      continue;
    }
    const ofPart = entry(sums, String(row[key] ?? '').toLowerCase(), () => new Map<string, DecimalSum>());
    entry(ofPart, String(row[currency] ?? ''), () => new DecimalSum()).add(digitsOf(amount));
  }
  return new Map(
    [...sums].map(([id, ofPart]) => [
      id,
      [...ofPart].map(([code, sum]) => ({ currency: code, value: new ExactNumber(sum.toString()) })),
    ]),
  );
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
