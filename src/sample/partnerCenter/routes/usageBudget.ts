import { type Answer, json } from '../../answers.ts';
import { exactDigits } from '../../exactJson.ts';
import { amountIn } from '../budgets.ts';
import type { PartnerCall } from '../call.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';

/** The spending budget of a customer (Partner Center REST reference: get and update a customer's usage spending budget). */
export function usageBudgetRoutes({ customers, budgets, wire }: Parts): PartnerRoute[] {
  const told = (id: string, position: number, method: string): Answer => {
    const text = budgets.amount(position);
    const amount = text === undefined ? {} : { amount: exactDigits(text), usageSpendingBudget: exactDigits(text) };
    return json({
      ...amount,
      attributes: { objectType: 'SpendingBudget' },
      links: { self: wire.link({ path: `customers/${id}/usagebudget`, method }, 'version') },
    });
  };
  return [
    {
      name: 'partnerCenter.usageBudget',
      path: 'customers/*/usagebudget',
      signIn: 'any',
      area: 'spending',
      bom: true,
      methods: {
        GET: (_call, [id = '']) => {
          const customer = customers.named(id);
          return told(customer.id, customer.position, 'GET');
        },
        PATCH: (call: PartnerCall, [id = '']) => {
          const customer = customers.named(id);
          budgets.set(customer.position, amountIn(call.body));
          return told(customer.id, customer.position, 'PATCH');
        },
      },
    },
  ];
}
