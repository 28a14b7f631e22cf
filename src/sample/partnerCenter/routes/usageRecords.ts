import { json } from '../../answers.ts';
import type { PartnerCall } from '../call.ts';
import type { PartnerCustomer } from '../customers.ts';
import { refused, subscriptionNotFound } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';
import { type AzurePlan, type LegacyAzure, PARTNER_MPN_ID } from '../subscriptions.ts';
import { UsageRecords } from '../usageRecords.ts';

const ID = 'customers/*/subscriptions/*';

/** Spending of the open period, in eight calls, and one that is obsolete (Partner Center REST reference: Azure spending). */
export function usageRecordRoutes(parts: Parts): PartnerRoute[] {
  const { customers, subscriptions, wire } = parts;
  const records = new UsageRecords(parts);
  const collection = (items: readonly object[], path: string) =>
    wire.collection(
      items.map((item) => JSON.stringify(item)),
      { self: { path } },
    );
  /** A plan or a 145P subscription of the customer; everything else is no Azure subscription. */
  const azureNamed = (customer: PartnerCustomer, id: string): AzurePlan | LegacyAzure => {
    const subscription = subscriptions.named(customer, id);
    if (subscription.kind !== 'licences') return subscription;
    throw refused(400, 800_011, `The subscription '${id}' is not a valid Azure subscription.`);
  };
  const common = { signIn: 'user', area: 'spending', bom: true } as const;
  const route = (
    name: string,
    path: string,
    handler: (call: PartnerCall, names: readonly string[]) => ReturnType<typeof collection>,
  ): PartnerRoute => ({ ...common, name: `partnerCenter.${name}`, path, methods: { GET: handler } });

  return [
    route('customers.usageRecords', 'customers/usagerecords', () => {
      const items: object[] = [];
      for (let position = 0; position < customers.length; position++) {
        const customer = customers.at(position);
        const hasAzure = subscriptions.hasPlan(customer) || subscriptions.legacyOf(customer).length > 0;
        if (hasAzure) items.push(records.customer(customer));
      }
      return collection(items, 'customers/usagerecords');
    }),
    route('customers.usageSummary', 'customers/*/usagesummary', (_call, [id = '']) => {
      const customer = customers.named(id);
      if (!records.hasUsageData(customer)) {
        throw refused(400, 3000, `The customer '${id}' does not have usage data.`, ['customer_id']);
      }
      return json(records.customerSummary(customer, wire.link({ path: `customers/${customer.id}/usagesummary` })));
    }),
    route('subscriptions.usageRecords', 'customers/*/subscriptions/usagerecords', (_call, [id = '']) => {
      const customer = customers.named(id);
      const azure = subscriptions.of(customer).filter((s) => s.kind !== 'licences');
      // The published link of a 145P customer ends with a slash.
      const slash = subscriptions.hasPlan(customer) ? '' : '/';
      return collection(
        azure.map((subscription) => records.subscription(subscription, PARTNER_MPN_ID)),
        `customers/${customer.id}/subscriptions/usagerecords${slash}`,
      );
    }),
    route('subscriptions.usageSummary', `${ID}/usagesummary`, (_call, [customerId = '', id = '']) => {
      const customer = customers.named(customerId);
      const subscription = azureNamed(customer, id);
      const path = `customers/${customer.id}/subscriptions/${subscription.id}/usagesummary`;
      return json(records.subscriptionSummary(subscription, wire.link({ path })));
    }),
    {
      ...route('usageRecords.resources', `${ID}/usagerecords/resources`, (_call, [customerId = '', id = '']) => {
        const customer = customers.named(customerId);
        const subscription = subscriptions.legacyNamed(customer, id);
        if (!subscription) throw subscriptionNotFound(id);
        return collection(
          records.legacyResources(subscription),
          `customers/${customer.id}/subscriptions/${subscription.id}/usagerecords/resources`,
        );
      }),
      signIn: 'any',
    },
    route('meterUsageRecords', `${ID}/meterusagerecords`, (_call, [customerId = '', id = '']) => {
      const customer = customers.named(customerId);
      const subscription = azureNamed(customer, id);
      return collection(
        records.meters(subscription),
        `customers/${customer.id}/subscriptions/${subscription.id}/meterusagerecords`,
      );
    }),
    route('resourceUsageRecords', `${ID}/resourceusagerecords`, (_call, [customerId = '', id = '']) => {
      const customer = customers.named(customerId);
      const subscription = azureNamed(customer, id);
      if (subscription.kind !== 'azurePlan') {
        throw refused(
          400,
          800_011,
          `The subscription '${id}' is not an Azure plan: ask for its usagerecords/resources.`,
        );
      }
      return collection(
        records.resources(subscription),
        `customers/${customer.id}/subscriptions/${subscription.id}/resourceusagerecords`,
      );
    }),
    route('usageSummary', 'usagesummary', () => json(records.partnerSummary(wire.link({ path: 'usagesummary' })))),
    route('usageRecords.daily', `${ID}/usagerecords/daily`, () => {
      throw refused(400, 900_141, 'The operation is obsolete and not supported: use meterusagerecords.');
    }),
  ];
}
