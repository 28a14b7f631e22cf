import { isObject, member } from '../bodyMembers.ts';
import { COST_SCALE, decimalUnits } from '../decimal.ts';
import { digitsOf, parseExact } from '../exactJson.ts';
import { invalidInput } from './errors.ts';

/** Customers (positions) whose budget is not simply absent at the start; amounts are decimal texts. */
const AT_START: ReadonlyMap<number, string> = new Map([
  [0, '6500'],
  [1, '97'],
  [2, '1234.56'],
  [3, '0'],
  [7, '1000'],
]);

/** Spending budgets of customers: one amount each, in the customer's currency, no etag. */
export class SpendingBudgets {
  #amounts = new Map(AT_START);

  /** The amount as it was written, a decimal text; undefined without budget. */
  amount(position: number): string | undefined {
    return this.#amounts.get(position);
  }

  set(position: number, amount: string | undefined): void {
    if (amount === undefined) this.#amounts.delete(position);
    else this.#amounts.set(position, amount);
  }

  reset(): void {
    this.#amounts = new Map(AT_START);
  }
}

/**
 * The amount of a request body: a decimal text, or undefined to clear the budget (null, or no amount at all). Names of members
 * are compared without case. Throws the refusals of a body that is no JSON object and of an amount that is no number from 0.
 */
export function amountIn(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = parseExact(body.replace(/^\uFEFF/, ''));
  } catch {
    throw invalidInput('The body of the request is not JSON.');
  }
  if (!isObject(parsed)) {
    throw invalidInput('The body of the request must be an object with the member Amount.');
  }
  const amount = member(parsed, 'Amount');
  if (amount === undefined) return undefined;
  const digits = digitsOf(amount);
  if (digits === undefined) throw invalidInput('Amount must be a number or null.');
  if (digits.startsWith('-')) throw invalidInput(`Amount must not be negative, but it is ${digits}.`);
  if (!/^\d{1,18}(\.\d{1,20})?$/.test(digits)) {
    throw invalidInput(
      `Amount must be a plain decimal number of at most 18 digits with at most 20 decimals, not ${digits}.`,
    );
  }
  return digits;
}

/** How much of a budget is used, in per cent with two decimals, as a decimal text; 0 without budget. */
export function percentUsed(cost: bigint, amount: string | undefined): string {
  const budget = amount === undefined ? 0n : decimalUnits(amount, COST_SCALE);
  if (budget === 0n) return '0';
  const hundredths = (cost * 10_000n + budget / 2n) / budget;
  const [whole, rest] = [hundredths / 100n, hundredths % 100n];
  return rest === 0n ? String(whole) : `${whole}.${String(rest).padStart(2, '0').replace(/0$/, '')}`;
}
