import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import { type ArmClient, armPath, getOne } from './armClient.ts';
import { type BillingParent, parentPath } from './parent.ts';
import { sinceNewest } from './sinceNewest.ts';
import { money, optionalText, resource } from './wire.ts';

const payment = v.looseObject({ amount: v.nullish(money), date: optionalText, paymentType: optionalText });

const availableBalance = v.looseObject({
  ...resource,
  properties: v.looseObject({
    amount: v.nullish(money),
    /** 2024-04-01 only. */
    paymentsOnAccount: v.nullish(v.array(payment)),
    totalPaymentsOnAccount: v.nullish(money),
  }),
});

/** What can still be used to pay invoices (REST reference: Available Balances). */
export type AvailableBalance = v.InferOutput<typeof availableBalance>;

/** The balance of a billing profile; or of an account, which exists from 2024-04-01 on and is sent with that version. */
export function getAvailableBalance(
  arm: ArmClient,
  { account, profile }: Pick<BillingParent, 'account' | 'profile'>,
  options?: SendOptions,
): Promise<AvailableBalance> {
  const client = profile === undefined ? sinceNewest(arm) : arm;
  const address = armPath(client, 'billing', `${parentPath({ account, profile })}/availableBalance/default`);
  return getOne(arm, { operation: 'Get the available balance', method: 'GET', address }, availableBalance, options);
}
