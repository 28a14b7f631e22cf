import * as v from 'valibot';
import { digitsOf, ExactNumber, type JsonNumber } from '../../json/exact.ts';
import { sameNumber } from '../../json/sameNumber.ts';
import { refused } from '../arm/input.ts';
import type { Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { asOneOperation, customerPath, getOne, type PartnerCenterClient, partnerCall } from './partnerCenterClient.ts';
import { isSpendingAmount } from './spendingAmount.ts';
import { attributes, optionalNumber } from './wire.ts';

const usageBudget = v.pipe(
  v.looseObject({
    /** Missing or null: there is no budget. */
    amount: optionalNumber,
    attributes,
  }),
  // Anything else would pass for a customer without a budget.
  v.check((budget) => 'amount' in budget || 'attributes' in budget, 'it is not a spending budget'),
);

/**
 * The spending budget of a customer for all its Azure (REST reference: Get a customer's usage spending budget). One amount in the
 * currency of the customer's usage, which the answer does not name; nothing stops when it is reached. It has no etag.
 */
export type UsageBudget = v.InferOutput<typeof usageBudget>;

/** An amount as a caller gives it: plain decimal digits as a text keep all of them. Null means no budget. */
export type BudgetAmount = number | string | ExactNumber | null;

/** The spending budget of a customer as the service holds it now. */
export function getUsageBudget(
  client: PartnerCenterClient,
  customer: string,
  options?: SendOptions,
): Promise<UsageBudget> {
  const call = partnerCall(client, 'Get the spending budget', `${customerPath(customer)}/usagebudget`);
  return getOne(client, call, usageBudget, options);
}

/**
 * Sets the spending budget, whatever it was; null clears it. The last writer wins: see {@link changeUsageBudget}.
 *
 * @returns the budget as the service answers with it
 * @throws BillingError of kind `argument` for an amount that is none
 */
export function setUsageBudget(
  client: PartnerCenterClient,
  customer: string,
  amount: BudgetAmount,
  options?: SendOptions,
): Promise<UsageBudget> {
  const call: Call = {
    ...partnerCall(client, 'Change the spending budget', `${customerPath(customer)}/usagebudget`),
    method: 'PATCH',
    body: { Amount: checkedAmount(amount), Attributes: { ObjectType: 'SpendingBudget' } },
    // The amount is absolute, and the request id is the same again: twice is as good as once.
    repeatable: true,
  };
  return getOne(client, call, usageBudget, options);
}

/** Somebody else changed the budget since it was read. Nothing was written. */
export class ChangedBudgetError extends BillingError {
  /** The budget as the service holds it now. */
  readonly current: UsageBudget;

  constructor(current: UsageBudget) {
    super('refused', `Change the spending budget failed: it is ${amountText(current.amount)} by now.`, {
      advice: 'It was changed by somebody else since it was read; compare, and change it again if it still should be.',
    });
    this.current = current;
  }
}

export interface BudgetChange {
  /** The amount that the user saw; undefined and null both mean that there was none. */
  from: BudgetAmount | undefined;
  to: BudgetAmount;
}

/**
 * Sets the spending budget if it still is what the user saw. The service has no etag, so it is read again just before; what
 * happens between the two calls stays unseen.
 *
 * @throws ChangedBudgetError; BillingError of kind `argument` for an amount that is none
 */
export async function changeUsageBudget(
  client: PartnerCenterClient,
  customer: string,
  { from, to }: BudgetChange,
  options?: SendOptions,
): Promise<{ before: UsageBudget; after: UsageBudget }> {
  const expected = checkedAmount(from ?? null);
  checkedAmount(to);
  const operation = asOneOperation(client);
  const before = await getUsageBudget(operation, customer, options);
  if (!sameAmount(before.amount ?? null, expected)) {
    throw new ChangedBudgetError(before);
  }
  return { before, after: await setUsageBudget(operation, customer, to, options) };
}

function checkedAmount(amount: BudgetAmount): ExactNumber | null {
  if (amount === null) {
    return null;
  }
  const digits = amount instanceof ExactNumber ? amount.digits : String(amount).trim();
  if (!isSpendingAmount(digits)) {
    const problem = digits.startsWith('-') ? 'is negative' : 'is not an amount such as 2500 or 99.50';
    throw refused('amount', `'${digits.slice(0, 60)}' ${problem}; give a number from 0 on, or null for no budget.`);
  }
  return new ExactNumber(digits);
}

function sameAmount(one: JsonNumber | null, other: JsonNumber | null): boolean {
  return one === null || other === null ? one === other : sameNumber(digitsOf(one), digitsOf(other));
}

function amountText(amount: JsonNumber | null | undefined): string {
  return amount === null || amount === undefined ? 'no budget' : digitsOf(amount);
}
