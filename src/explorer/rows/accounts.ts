import type { BillingAccount } from '../../api/arm/billingAccounts.ts';
import type { BillingProfile } from '../../api/arm/billingProfiles.ts';
import type { BillingSubscription } from '../../api/arm/billingSubscriptions.ts';
import type { Customer } from '../../api/arm/customers.ts';
import type { InvoiceSection } from '../../api/arm/invoiceSections.ts';
import { parentPath } from '../../api/arm/parent.ts';
import { matchScope } from '../../api/arm/scope.ts';
import { COST_POLICY_WORDS } from '../../contributions.ts';
import { digitsOf } from '../../json/exact.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { facts, lines } from './tooltip.ts';

const AGREEMENTS = new Map(
  Object.entries({
    MicrosoftPartnerAgreement: 'Partner agreement',
    MicrosoftCustomerAgreement: 'Customer agreement',
    EnterpriseAgreement: 'Enterprise agreement',
    MicrosoftOnlineServicesProgram: 'Online services program',
  }),
);

/** A billing account. */
export function accountNode({ id, name, properties }: BillingAccount): ChildNode {
  const label = displayText(properties.displayName, name);
  const agreement = displayText(properties.agreementType, 'Unknown agreement');
  const status = displayText(properties.accountStatus, 'Active');
  return {
    key: name,
    kind: 'account',
    label,
    description: [AGREEMENTS.get(agreement) ?? agreement, ...(status === 'Active' ? [] : [status])].join(' · '),
    tooltip: lines(label, `Billing account ${name}`, `Agreement: ${agreement}`, `Status: ${status}`),
    expandable: true,
    resourceId: id,
    scope: parentPath({ account: name }),
    account: name,
    partner: agreement === 'MicrosoftPartnerAgreement',
  };
}

/** A customer of a partner. */
export function customerNode({ id, name, properties }: Customer, account: string): ChildNode {
  const label = displayText(properties.displayName, name);
  const status = displayText(properties.status, 'Active');
  const profile = displayText(properties.billingProfileDisplayName, '');
  const scope = matchScope(properties.billingProfileId ?? '');
  return {
    key: name,
    kind: 'customer',
    label,
    description: status === 'Active' ? undefined : status,
    tooltip: lines(label, `Customer ${name}`, `Status: ${status}`, profile && `Billing profile: ${profile}`),
    expandable: true,
    resourceId: id,
    // The cost APIs take this form only, whatever form the id has.
    scope: parentPath({ account, customer: name }),
    account,
    // Some lists of the newest version are below the profile only; the seed version does not tell it and does not ask for it.
    profile: scope?.kind === 'billingProfile' ? scope.profile : undefined,
    customer: name,
    alarm: status === 'Active' ? undefined : 'muted',
  };
}

/**
 * A billing subscription.
 *
 * @param parent the row below which it was listed
 * @param status in the words of its version
 * @param byName whether its invoices are found by its name, as in the seed version, not by the Azure subscription's id
 */
export function subscriptionNode(
  { id, name, properties }: BillingSubscription,
  parent: ExplorerNode,
  status: string | undefined,
  byName: boolean,
): ChildNode {
  // Licences and reservations are billing subscriptions too, but no Azure subscriptions: they have no usage of their own.
  const subscription = properties.subscriptionId || undefined;
  const label = displayText(properties.displayName, subscription ?? name);
  const sku = displayText(properties.skuDescription, '');
  const state = displayText(status, '');
  const active = state === '' || state === 'Active';
  const customer = parent.kind === 'customer' ? parent.label : displayText(properties.customerDisplayName, '');
  return {
    key: name,
    kind: 'subscription',
    label,
    description: active ? (/azure plan/i.test(sku) ? undefined : sku || undefined) : state,
    tooltip: lines(
      label,
      subscription === undefined ? `Billing subscription ${name}` : `Subscription ${subscription}`,
      sku && `Product: ${sku}`,
      `Status: ${state || 'not told'}`,
    ),
    expandable: subscription !== undefined,
    resourceId: id,
    scope: subscription && `/subscriptions/${subscription}`,
    title: [customer, label].filter(Boolean).join(' '),
    account: parent.account,
    customer: parent.customer,
    subscription: byName ? name : subscription,
    alarm: active ? undefined : 'muted',
  };
}

/** A billing profile: invoices are made for it, in one currency. */
export function profileNode({ id, name, properties }: BillingProfile, account: string): ChildNode {
  const label = displayText(properties.displayName, name);
  const status = displayText(properties.status, 'Active');
  const reason = displayText(properties.statusReasonCode, '');
  const day = properties.invoiceDay;
  return {
    key: name,
    kind: 'profile',
    label,
    description: facts(properties.currency, status !== 'Active' && status),
    tooltip: lines(
      label,
      `Billing profile ${name}`,
      properties.currency && `Currency: ${properties.currency}`,
      `Status: ${status}${reason && ` (${reason})`}`,
      day !== undefined && day !== null && `Invoice day: ${digitsOf(day)}`,
      properties.poNumber && `Purchase order: ${properties.poNumber}`,
      properties.hasReadAccess === false && 'This sign-in may not read it.',
    ),
    expandable: true,
    resourceId: id,
    scope: parentPath({ account, profile: name }),
    account,
    profile: name,
    alarm: status === 'Active' ? undefined : status === 'Warned' ? 'warning' : 'muted',
  };
}

/** A section of a profile's invoices. */
export function invoiceSectionNode({ id, name, properties }: InvoiceSection): ChildNode {
  const label = displayText(properties.displayName, name);
  const state = displayText(properties.state, 'Active');
  return {
    key: name,
    kind: 'invoiceSection',
    label,
    description: state === 'Active' ? undefined : state,
    tooltip: lines(label, `Invoice section ${name}`, `State: ${state}`),
    expandable: false,
    resourceId: id,
    alarm: state === 'Active' ? undefined : 'muted',
  };
}

/** What the cost policy of a customer says. */
export function costPolicyState({ account, customer, title }: ExplorerNode, state: string | undefined): ChildNode {
  const words = state === 'Allowed' || state === 'NotAllowed' ? COST_POLICY_WORDS[state] : undefined;
  const label = words?.label ?? displayText(state, 'Not told');
  return {
    key: 'state',
    kind: 'costPolicyState',
    label,
    description: words?.meaning,
    tooltip: words === undefined ? `The service says '${label}'.` : `${words.label}: ${words.meaning}`,
    title,
    expandable: false,
    account,
    customer,
  };
}
