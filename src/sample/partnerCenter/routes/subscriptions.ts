import { json } from '../../answers.ts';
import { isoDay } from '../../calendar.ts';
import { guid, hash } from '../../hash.ts';
import type { PartnerCall } from '../call.ts';
import { refused, subscriptionNotFound } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';
import { orderOf, PARTNER_MPN_ID, projectSubscription } from '../subscriptions.ts';

/**
 * Subscriptions, Azure subscriptions under plans, and entitlements of a customer (Partner Center REST reference: get all of a
 * customer's subscriptions, get a list of Azure entitlements for a subscription, get a collection of entitlements).
 */
export function subscriptionRoutes({ tenant, customers, subscriptions, wire }: Parts): PartnerRoute[] {
  const link = (path: string): unknown => wire.link({ path });
  const list = (call: PartnerCall, [customerId = '']: readonly string[]) => {
    const customer = customers.named(customerId);
    const order = call.parameters.get('order_id')?.toLowerCase();
    const mpn = call.parameters.get('mpn_id');
    const found = subscriptions
      .of(customer)
      .filter((subscription) => order === undefined || orderOf(subscription) === order)
      .filter(() => mpn === undefined || mpn === PARTNER_MPN_ID);
    return wire.collection(found.map((subscription) => JSON.stringify(projectSubscription(subscription, link))));
  };
  /** The Azure subscriptions under a plan. */
  const azureUnder = (customerId: string, planId: string) => {
    const customer = customers.named(customerId);
    const subscription = subscriptions.named(customer, planId);
    if (subscription.kind !== 'azurePlan' || !customer.modern) {
      throw refused(400, 800_011, `The subscription '${planId}' is not an Azure plan.`);
    }
    const azure = tenant.subscriptions(customer.modern);
    return Array.from({ length: azure.length }, (_, n) => {
      const { name, displayName, status } = azure.at(n);
      return {
        id: name,
        friendlyName: displayName,
        status: status.toLowerCase(),
        subscriptionId: subscription.id,
        partnerOnRecord: PARTNER_MPN_ID,
      };
    });
  };
  const entitlements = (call: PartnerCall, [customerId = '']: readonly string[]) => {
    const { id, modern } = customers.named(customerId);
    const type = call.parameters.get('entitlementtype')?.toLowerCase();
    const bought = modern ? tenant.purchases.ofCustomer(modern) : [];
    const items = bought
      .filter(({ offer }) => offer.kind === 'reservation')
      .filter(() => type === undefined || type === RESERVATION || type === 'reservedinstance')
      .map((purchase) => ({
        includedEntitlements: [],
        referenceOrder: {
          id: guid(hash(0x0d3, ...Buffer.from(purchase.name)), 0),
          lineItemId: '0',
          alternateId: purchase.name.slice(-12),
        },
        productId: purchase.offer.productTypeId,
        skuId: purchase.offer.skuId,
        quantity: purchase.quantity,
        entitledArtifacts: [
          {
            artifactType: RESERVATION,
            dynamicAttributes: { reservationType: 'virtualmachines' },
            link: link(`customers/${id}/artifacts/virtualmachinereservedinstance/groups/${purchase.name}`),
          },
        ],
        entitlementType: RESERVATION,
        ...(call.parameters.get('showexpiry')?.toLowerCase() === 'true'
          ? { expiryDate: `${isoDay(tenant.purchases.term(purchase).to)}T00:00:00Z` }
          : {}),
      }));
    return wire.collection(
      items.map((item) => JSON.stringify(item)),
      { self: { path: `customers/${id}/entitlements${call.query === '' ? '' : `?${call.query}`}` } },
    );
  };
  const common = { signIn: 'any', area: 'customers', bom: true, limited: true } as const;
  return [
    {
      ...common,
      name: 'partnerCenter.subscriptions.list',
      path: 'customers/*/subscriptions',
      methods: { GET: list },
    },
    {
      ...common,
      name: 'partnerCenter.subscriptions.get',
      path: 'customers/*/subscriptions/*',
      methods: {
        GET: (_call, [customerId = '', id = '']) =>
          json(projectSubscription(subscriptions.named(customers.named(customerId), id), link)),
      },
    },
    {
      ...common,
      name: 'partnerCenter.azureEntitlements.list',
      path: 'customers/*/subscriptions/*/azureentitlements',
      methods: {
        GET: (_call, [customerId = '', planId = '']) =>
          wire.collection(azureUnder(customerId, planId).map((item) => JSON.stringify(item))),
      },
    },
    {
      ...common,
      name: 'partnerCenter.azureEntitlements.get',
      path: 'customers/*/subscriptions/*/azureentitlements/*',
      methods: {
        GET: (_call, [customerId = '', planId = '', id = '']) => {
          const found = azureUnder(customerId, planId).find((item) => item.id === id.toLowerCase());
          if (!found) throw subscriptionNotFound(id);
          return json(found);
        },
      },
    },
    {
      name: 'partnerCenter.entitlements.list',
      path: 'customers/*/entitlements',
      signIn: 'user',
      area: 'customers',
      methods: { GET: entitlements },
    },
  ];
}

const RESERVATION = 'virtual_machine_reserved_instance';
