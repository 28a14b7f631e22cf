import type { Budget } from '../api/arm/budgets.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { unavailable } from '../api/partnerCenter/availability.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { subscriptionKind } from '../api/partnerCenter/subscriptionKind.ts';
import { getUsageBudget } from '../api/partnerCenter/usageBudget.ts';
import { usageCurrency } from '../api/partnerCenter/usageCurrency.ts';
import {
  listUsageByMeter,
  listUsageByResource,
  listUsageOfSubscriptions,
  readUsageRecords,
  type UsageRecord,
  type UsageRecordPages,
} from '../api/partnerCenter/usageRecords.ts';
import { digitsOf, type JsonNumber } from '../json/exact.ts';
import { tokenPages } from '../usage/partner/tokenPages.ts';
import { parseAmount } from './amounts.ts';
import type { ClientSpend, SpendMonth } from './spendCache.ts';
import { reasonOf } from './spendExtras.ts';
import { monthEnd, spendPeriod } from './spendPeriod.ts';
import { partnerCustomerOf } from './spendQuestion.ts';
import type { SpendRead } from './spendRead.ts';
import type { ReadSpendOptions } from './spendReader.ts';
import type { SpendRow } from './spendRows.ts';
import type { SpendQuestion } from './spendShapes.ts';

/**
 * The estimates of the open billing period of a customer of Partner Center, as one step: the service tells no days (REST reference:
 * usage resources). By meter or resource it takes a list for each subscription, and these are renewed at other times than the sums.
 *
 * @throws BillingError as any call; of kind `argument` where the cloud or the sign-in has no spending
 */
export async function readPartnerSpend(
  client: PartnerCenterClient,
  question: SpendQuestion,
  { cache, now, refresh, forecast: _none, onPart: _whole, ...options }: ReadSpendOptions,
): Promise<SpendRead> {
  const reason = unavailable('usageOfSubscriptions', client.cloud, client.signIn);
  if (reason !== undefined) {
    throw new BillingError('argument', `scope: ${reason}`);
  }
  const kept = cache.of(client);
  if (refresh === true) {
    kept.expire();
  }
  const period = spendPeriod(question, now);
  const month = period.from.slice(0, 7);
  const key = JSON.stringify([question.scope.toLowerCase(), question.groupBy, month]);
  let known = kept.fresh(key, now.getTime());
  if (known === undefined) {
    known = await readMonth(client, question, `${month}-01`, options);
    kept.putEstimate(key, known, now);
  }
  // The one step of a cumulative view is the whole month: that is what the budget is for.
  const isCumulative = question.view === 'cumulative';
  return {
    question,
    granularity: 'monthly',
    until: isCumulative ? monthEnd(period.to) : period.to,
    now: { period, months: new Map([[month, known]]), missing: [], filters: question.filters },
    notes: notesOf(question, known),
    ...(isCumulative && (await spendingBudget(client, question, known, kept, now, options))),
  };
}

/** The name of the only budget that a customer has. */
const BUDGET_NAME = 'Spending budget';

/**
 * The spending budget of the customer as a monthly budget, where there is one (REST reference: Get a customer's usage spending budget). It
 * is in the currency of the customer's usage, which only the usage names.
 */
async function spendingBudget(
  client: PartnerCenterClient,
  { scope }: SpendQuestion,
  { rows }: SpendMonth,
  kept: ClientSpend,
  now: Date,
  options: SendOptions,
): Promise<Pick<SpendRead, 'budgets' | 'noBudgets'>> {
  const known = kept.budgets.get(scope, now.getTime());
  if (known !== undefined) {
    return { budgets: known };
  }
  const reason = unavailable('usageBudget', client.cloud, client.signIn);
  if (reason !== undefined) {
    return { noBudgets: reason };
  }
  try {
    const { amount } = await getUsageBudget(client, partnerCustomerOf(scope) ?? '', options);
    const unit = rows.find(({ currency }) => currency !== '')?.currency;
    const budget: Budget = {
      id: '',
      name: BUDGET_NAME,
      properties: {
        amount,
        timeGrain: 'Monthly',
        timePeriod: { startDate: `${now.toISOString().slice(0, 7)}-01` },
        currentSpend: { unit },
      },
    };
    const budgets = amount === undefined || amount === null ? [] : [budget];
    kept.budgets.put(scope, budgets, now.getTime());
    return { budgets };
  } catch (error) {
    return { noBudgets: `The spending budget could not be read: ${reasonOf(error, options)}` };
  }
}

async function readMonth(
  client: PartnerCenterClient,
  { scope, groupBy }: SpendQuestion,
  day: string,
  options: Parameters<typeof tokenPages>[1],
): Promise<SpendMonth> {
  const customer = partnerCustomerOf(scope) ?? '';
  const signIn = { accepted: false };
  const read = async (walk: UsageRecordPages) => {
    const records: UsageRecord[] = [];
    for await (const { value } of tokenPages(walk, options, signIn)) {
      records.push(...readUsageRecords(value));
    }
    return records;
  };
  const subscriptions = await read(listUsageOfSubscriptions(client, customer));
  let records = subscriptions;
  if (groupBy === 'Meter' || groupBy === 'Resource') {
    records = [];
    for (const record of subscriptions) {
      const subscription = idOf(record);
      // Legacy subscriptions have no records by resource: their sum stands for them.
      const isPlan = subscriptionKind(record) === 'azurePlan';
      if (groupBy === 'Meter') {
        records.push(...(await read(listUsageByMeter(client, { customer, subscription }))));
      } else {
        records.push(...(isPlan ? await read(listUsageByResource(client, { customer, subscription })) : [record]));
      }
    }
  }
  const rows = records.flatMap((record): SpendRow[] => {
    const { totalCost, usdTotalCost } = record;
    if (totalCost === undefined || totalCost === null) {
      return [];
    }
    const currency = usageCurrency(record) ?? '';
    const cost = amountOf(totalCost);
    const told = usdTotalCost === undefined || usdTotalCost === null ? 0n : amountOf(usdTotalCost);
    // Legacy Azure has no sum in US dollars, or a 0 in its place.
    const usd = currency === 'USD' ? cost : told;
    const grouped = groupBy !== '';
    return [{ day, key: grouped ? idOf(record) : '', label: grouped ? nameOf(record) : '', currency, cost, usd }];
  });
  return { rows, fetchedAt: new Date(client.http.clock.now()) };
}

function notesOf({ groupBy, currency }: SpendQuestion, month: SpendMonth): string[] {
  const notes = [
    'Partner Center renews these estimates about once a day; legacy subscriptions count from the billing day of the partner.',
  ];
  if (groupBy === 'Meter' || groupBy === 'Resource') {
    notes.push(
      `Sums by ${groupBy.toLowerCase()} are renewed at other times than those of subscriptions and need not agree with them.`,
    );
  }
  const without = month.rows.filter(({ cost, usd }) => cost !== 0n && usd === 0n).length;
  if (currency === 'usd' && without > 0) {
    notes.push(`${without} of the costs are told in another currency only and are left out here.`);
  }
  return notes;
}

function idOf({ id, resourceId }: UsageRecord): string {
  return id ?? resourceId ?? '';
}

function nameOf({ name, resourceName }: UsageRecord): string {
  return name ?? resourceName ?? '';
}

/** @throws BillingError of kind `malformed` for a number that is no money */
function amountOf(number: JsonNumber): bigint {
  const units = parseAmount(digitsOf(number));
  if (units === undefined) {
    throw new BillingError('malformed', `List usage records failed: '${digitsOf(number).slice(0, 60)}' is no amount.`);
  }
  return units;
}
