import type { AzureCloud } from '../clouds.ts';

/** How a connection signs in: as an application, or as an application on behalf of a user. */
export type PartnerSignIn = 'appOnly' | 'appAndUser';

/** What a call needs. */
interface Needs {
  /** Refused to applications without a user. */
  user?: true;
  /** Azure spending, which the cloud in China does not have. */
  spending?: true;
  /** The public cloud only. */
  publicOnly?: true;
}

/** Prerequisites as each call's page of the Partner Center REST reference names them. */
const NEEDS = {
  customers: {},
  subscriptions: {},
  azureEntitlements: {},
  entitlements: { user: true },
  usageOfCustomers: { user: true, spending: true },
  usageSummaryOfPartner: { user: true, spending: true },
  usageSummaryOfCustomer: { user: true, spending: true },
  usageOfSubscriptions: { user: true, spending: true },
  usageSummaryOfSubscription: { user: true, spending: true },
  usageByMeter: { user: true, spending: true },
  usageByResource: { user: true, spending: true },
  usageByMeterOfLegacyAzure: { spending: true },
  usageBudget: { spending: true },
  utilizations: { spending: true },
  invoices: {},
  accountBalance: {},
  estimateLinks: {},
  lineItems: {},
  invoice: { user: true },
  invoiceSummaries: { user: true },
  invoiceStatement: { user: true },
  serviceCosts: { user: true },
  rateCards: {},
  billingExports: { publicOnly: true },
} as const satisfies Record<string, Needs>;

/** The calls of Partner Center, and the billing exports of Microsoft Graph that stand beside them. */
export type PartnerCall = keyof typeof NEEDS;

/**
 * Why a cloud or a sign-in cannot serve a call, as one sentence for the user; undefined when it can, as far as is known.
 *
 * @param signIn left out when it is not known; then only the cloud counts
 */
export function unavailable(call: PartnerCall, cloud: AzureCloud, signIn?: PartnerSignIn): string | undefined {
  const needs: Needs = NEEDS[call];
  if (needs.spending === true && cloud === 'china') {
    return 'Partner Center in China (21Vianet) has no Azure spending, utilization or budgets; use its invoices and their line items.';
  }
  if (needs.publicOnly === true && cloud !== 'public') {
    return 'Microsoft Graph has the billing exports in the public cloud only; use the line items of the invoice.';
  }
  if (needs.user === true && signIn === 'appOnly') {
    return 'Partner Center refuses this to an application on its own; use a connection that signs in a user with multifactor authentication and the Admin agent role.';
  }
  return undefined;
}
