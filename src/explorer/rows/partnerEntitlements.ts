import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import type { Entitlement } from '../../api/partnerCenter/entitlements.ts';
import { digitsOf } from '../../json/exact.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode } from '../node.ts';
import { facts, lines } from './tooltip.ts';

/** A reservation or software that a customer bought. */
export function partnerEntitlementNode(entitlement: Entitlement): ChildNode {
  const { entitlementType, productId, skuId, quantity, expiryDate, referenceOrder } = entitlement;
  const order = referenceOrder?.id ?? undefined;
  const count = quantity === undefined || quantity === null ? undefined : digitsOf(quantity);
  const expires = partnerMoment(expiryDate) === undefined ? undefined : expiryDate?.slice(0, 10);
  const type = displayText(entitlementType?.replaceAll('_', ' '), 'Entitlement');
  return {
    key: [order, productId, skuId].join(' '),
    kind: 'partnerEntitlement',
    // Spelled out it would leave no room for what tells one reservation from another.
    label: entitlementType === 'virtual_machine_reserved_instance' ? 'VM reservation' : type,
    description: facts(count && `× ${count}`, expires && `until ${expires}`, productId),
    tooltip: lines(
      type,
      productId && `Product: ${productId}`,
      skuId && `SKU: ${skuId}`,
      count && `Quantity: ${count}`,
      expires && `Expires: ${expires}`,
      order && `Order: ${order}`,
    ),
    expandable: false,
    resourceId: order,
    idName: 'order id',
  };
}
