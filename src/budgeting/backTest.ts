import { grainStart } from '../api/arm/budgetRules/periodRules.ts';
import { GRAIN_MONTHS } from '../api/arm/budgetRules/words.ts';
import { addMonths } from '../api/arm/days.ts';
import { isObject } from '../api/arm/problems.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import type { BudgetBody } from './budgetBody.ts';
import { decimalsIn, unitsAt } from './decimal.ts';

/** What a scope cost on one day (UTC), in the currency of the budget, through its filter. */
export interface DailyCost {
  /** `YYYY-MM-DD`. */
  day: string;
  /** Digits. */
  cost: string;
}

/** Days, both inclusive, `YYYY-MM-DD`, UTC. */
export interface Days {
  from: string;
  to: string;
}

/** A notification that would have been sent. */
export interface Firing {
  notification: string;
  thresholdType: 'Actual' | 'Forecasted';
  /** The day at whose end the threshold was passed; the service looks about once a day, so that mails come a day or so later. */
  day: string;
  /** The period of the budget that the day is in. */
  period: Days;
  /** Percent of the amount at the end of the day, spent or foreseen, cut behind two decimals. */
  percent: string;
  /** Of our own extrapolation: what the service foresaw on that day is not kept anywhere. */
  estimated: boolean;
  /** The days do not begin with the period, so that it may have fired before. */
  partial: boolean;
}

export interface BackTest {
  /** By day, then in the order of the notifications. */
  firings: Firing[];
  /** Notifications that were not replayed, and why, in one sentence each. */
  notTested: { notification: string; reason: string }[];
}

/** How many days up to a day an extrapolation looks at, and how many it needs at least. */
const LOOKBACK = 28;
const LEAST = 7;

/**
 * Replays a budget's notifications over days that are past: on which days each would have fired, at most once a period, as if
 * the budget had been in force all the time with its present amount. Spend counts from 0 in each month, quarter or year of the
 * calendar. Switched-off notifications are replayed too: the question is what they would do.
 *
 * A forecast is the spend so far and, for each day left in the period, the mean of the last 28 days (of as many as there are, from 7 on).
 *
 * @param costs in any order; days without an entry cost nothing
 * @param window the days that are known, all of them
 */
export function backTest(body: BudgetBody, costs: readonly DailyCost[], window: Days): BackTest {
  const result: BackTest = { firings: [], notTested: [] };
  const months = GRAIN_MONTHS.get(body.timeGrain ?? '');
  const alerts: Alert[] = [];
  for (const [notification, one] of Object.entries(isObject(body.notifications) ? body.notifications : {})) {
    const alert = readAlert(notification, one);
    const reason =
      months === undefined
        ? 'Only monthly, quarterly and yearly budgets can be replayed: the days of other periods are not known.'
        : !isNumber(body.amount)
          ? 'amount is missing; thresholds are percentages of it.'
          : typeof alert === 'string'
            ? alert
            : undefined;
    if (reason === undefined) {
      alerts.push(alert as Alert);
    } else {
      result.notTested.push({ notification, reason });
    }
  }
  if (months !== undefined && isNumber(body.amount) && alerts.length > 0) {
    result.firings = replay(alerts, digitsOf(body.amount), months, costs, window);
  }
  return result;
}

interface Alert {
  notification: string;
  thresholdType: 'Actual' | 'Forecasted';
  operator: string;
  threshold: string;
}

function readAlert(notification: string, value: unknown): Alert | string {
  const { operator, threshold, thresholdType } = isObject(value) ? value : {};
  const known = ['greaterthan', 'greaterthanorequalto', 'equalto'];
  if (!isNumber(threshold) || typeof operator !== 'string' || !known.includes(operator.toLowerCase())) {
    return 'Its operator and threshold cannot be compared with cost; correct them first.';
  }
  const type = String(thresholdType ?? 'Actual').toLowerCase() === 'forecasted' ? 'Forecasted' : 'Actual';
  return { notification, thresholdType: type, operator: operator.toLowerCase(), threshold: digitsOf(threshold) };
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

function replay(
  alerts: readonly Alert[],
  amount: string,
  months: number,
  costs: readonly DailyCost[],
  window: Days,
): Firing[] {
  const scale = Math.max(0, ...costs.map(({ cost }) => decimalsIn(cost)));
  const byDay = new Map<string, bigint>();
  for (const { day, cost } of costs) {
    byDay.set(day, (byDay.get(day) ?? 0n) + unitsAt(cost, scale));
  }
  const limits = alerts.map((alert) => {
    const decimals = decimalsIn(alert.threshold) + decimalsIn(amount);
    const product = unitsAt(alert.threshold, decimalsIn(alert.threshold)) * unitsAt(amount, decimalsIn(amount));
    return { product, decimals };
  });
  const [amountUnits, amountScale] = [unitsAt(amount, decimalsIn(amount)), decimalsIn(amount)];
  const firings: Firing[] = [];
  const recent: bigint[] = [];
  let period: Days | undefined;
  let spent = 0n;
  let fired = new Set<Alert>();
  for (let day = window.from; day <= window.to; day = nextDay(day)) {
    if (period === undefined || day > period.to) {
      const from = grainStart(day, months);
      period = { from, to: previousDay(addMonths(from, months)) };
      spent = 0n;
      fired = new Set();
    }
    const cost = byDay.get(day) ?? 0n;
    spent += cost;
    recent.push(cost);
    if (recent.length > LOOKBACK) {
      recent.shift();
    }
    const left = BigInt(daysBetween(day, period.to));
    const count = BigInt(recent.length);
    const foreseen = spent * count + recent.reduce((sum, one) => sum + one, 0n) * left;
    alerts.forEach((alert, index) => {
      const forecast = alert.thresholdType === 'Forecasted';
      if (fired.has(alert) || (forecast && recent.length < LEAST)) {
        return;
      }
      const limit = limits[index] ?? { product: 0n, decimals: 0 };
      // spent / divisor ≥ threshold % of amount, without a division.
      const [value, divisor] = forecast ? [foreseen, count] : [spent, 1n];
      const one = value * 100n * 10n ** BigInt(limit.decimals);
      const other = limit.product * divisor * 10n ** BigInt(scale);
      if (
        alert.operator === 'greaterthan' ? one > other : alert.operator === 'equalto' ? one === other : one >= other
      ) {
        fired.add(alert);
        firings.push({
          notification: alert.notification,
          thresholdType: alert.thresholdType,
          day,
          period: period as Days,
          percent: percentText(value, divisor * 10n ** BigInt(scale), amountUnits, amountScale),
          estimated: forecast,
          partial: window.from > (period as Days).from,
        });
      }
    });
  }
  return firings;
}

/** Value divided by the amount in percent, cut behind two decimals. */
function percentText(value: bigint, divisor: bigint, amount: bigint, amountScale: number): string {
  const below = divisor * amount;
  const hundredths = below === 0n ? 0n : (value * 10_000n * 10n ** BigInt(amountScale)) / below;
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0+$/, '');
}

const DAY = 86_400_000;

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
}

function previousDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10);
}

/** Days that follow one day up to another. */
function daysBetween(day: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${day}T00:00:00Z`)) / DAY);
}
