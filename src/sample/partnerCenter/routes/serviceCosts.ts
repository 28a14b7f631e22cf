import { json } from '../../answers.ts';
import { refused } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';
import { ServiceCosts } from '../serviceCosts.ts';

/** Service costs of a customer; the only period is the most recent. */
export function serviceCostRoutes(parts: Parts): PartnerRoute[] {
  const { customers, wire } = parts;
  const costs = new ServiceCosts(parts);
  const onlyMostRecent = (period: string): void => {
    if (period.toLowerCase() === 'mostrecent') return;
    throw refused(400, 900_126, `The billing period '${period}' is not valid: use MostRecent.`, ['billing_period']);
  };
  const common = { signIn: 'user', area: 'invoices' } as const;
  return [
    {
      ...common,
      name: 'partnerCenter.serviceCosts.summary',
      path: 'customers/*/servicecosts/*',
      methods: {
        GET: (_call, [id = '', period = '']) => {
          onlyMostRecent(period);
          return json(costs.summary(customers.named(id), wire));
        },
      },
    },
    {
      ...common,
      name: 'partnerCenter.serviceCosts.lineItems',
      path: 'customers/*/servicecosts/*/lineitems',
      methods: {
        GET: (_call, [id = '', period = '']) => {
          onlyMostRecent(period);
          const customer = customers.named(id);
          return wire.collection(
            costs.lineItems(customer).map((item) => JSON.stringify(item)),
            { self: { path: `customers/${customer.id}/servicecosts/MostRecent/lineitems` } },
          );
        },
      },
    },
  ];
}
