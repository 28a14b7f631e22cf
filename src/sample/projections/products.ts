import { isoDay } from '../calendar.ts';
import type { BillingAccount } from '../directory.ts';
import type { Product } from '../products.ts';
import type { BillingVersion } from '../versions.ts';
import { accountId, customerId, money, profileCustomerId, profileId } from './common.ts';
import { invoiceSectionId } from './invoiceSections.ts';

const time = (day: number): string => `${isoDay(day)}T00:00:00Z`;

/** A product. 2019-10-01-preview puts it below its customer or invoice section, later versions below the account. */
export function projectProduct(
  product: Product,
  account: BillingAccount,
  version: BillingVersion,
  partnerTenantId: string,
): unknown {
  const { name, profile, customer } = product;
  const newest = version === '2024-04-01';
  const section = {
    invoiceSectionId: invoiceSectionId(account, profile),
    invoiceSectionDisplayName: profile.displayName,
  };
  const properties = {
    displayName: product.displayName,
    productTypeId: product.productTypeId,
    productType: product.productType,
    status: 'Active',
    purchaseDate: time(product.purchaseDay),
    ...(product.endDay === undefined ? {} : { endDate: time(product.endDay) }),
    billingFrequency: product.frequency,
    lastCharge: money(profile.currency, product.lastCharge),
    lastChargeDate: time(product.lastChargeDay),
    quantity: product.quantity,
    skuId: product.skuId,
    skuDescription: product.skuDescription,
    tenantId: customer?.name ?? partnerTenantId,
    availabilityId: '',
    ...(newest ? { autoRenew: product.endDay === undefined ? 'Off' : 'On' } : { parentProductId: '' }),
    billingProfileId: profileId(account, profile),
    billingProfileDisplayName: profile.displayName,
    ...(customer
      ? {
          customerId: newest ? profileCustomerId(customer) : customerId(customer),
          customerDisplayName: customer.displayName,
        }
      : section),
  };
  if (version !== '2019-10-01-preview') {
    return {
      id: `${accountId(account)}/products/${name}`,
      name,
      type: 'Microsoft.Billing/billingAccounts/products',
      properties,
    };
  }
  const parent = customer ? customerId(customer) : section.invoiceSectionId;
  return {
    id: `${parent.replace('/billingAccounts/', '/BillingAccounts/')}/products/${name}`,
    name,
    type: customer
      ? 'Microsoft.Billing/billingAccounts/customers/products'
      : 'Microsoft.Billing/billingAccounts/billingProfiles/invoiceSections/products',
    properties,
  };
}
