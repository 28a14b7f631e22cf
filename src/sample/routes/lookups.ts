import { notFound, type SampleRequest } from '../answers.ts';
import type { BillingAccount, BillingProfile, BillingSubscription, Customer } from '../directory.ts';
import type { Invoice } from '../invoices.ts';
import type { Tenant } from '../tenant.ts';

/** Finds what the names of a path stand for, or answers 404. */
export class Lookups {
  readonly tenant: Tenant;

  constructor(tenant: Tenant) {
    this.tenant = tenant;
  }

  account(name: string): BillingAccount {
    const account = this.tenant.directory.accountNamed(name);
    if (!account) throw notFound('billing account', name);
    return account;
  }

  profile(account: BillingAccount, name: string): BillingProfile {
    const profile = this.tenant.directory.profileNamed(account, name);
    if (!profile) throw notFound('billing profile', name);
    return profile;
  }

  customer(account: BillingAccount, name: string): Customer {
    const customer = this.tenant.customerNamed(account, name);
    if (!customer) throw notFound('customer', name);
    return customer;
  }

  customerOfProfile(account: BillingAccount, profileName: string, name: string): Customer {
    const profile = this.profile(account, profileName);
    const customer = this.customer(account, name);
    if (customer.profile !== profile) throw notFound('customer', name);
    return customer;
  }

  /** The account may be `default`, which stands for whichever has the subscription. */
  subscription(accountName: string, name: string): BillingSubscription {
    const account = isDefault(accountName) ? undefined : this.account(accountName);
    const subscription = this.tenant.directory.subscriptionNamed(name);
    if (!subscription || (account && subscription.customer.account !== account)) {
      throw notFound('billing subscription', name);
    }
    return subscription;
  }

  /** A monthly invoice or one of purchases. */
  invoice(name: string): Invoice | undefined {
    return this.tenant.invoiceNamed(name) ?? this.tenant.purchases.invoiceNamed(name);
  }

  /** The account may be `default`, which stands for whichever has the invoice. */
  invoiceOfAccount(accountName: string, name: string): { account: BillingAccount; invoice: Invoice } {
    const invoice = this.invoice(name);
    const account = isDefault(accountName)
      ? this.tenant.accounts[invoice?.profile.account ?? 0]
      : this.account(accountName);
    if (!invoice || !account || invoice.profile.account !== account.index) throw notFound('invoice', name);
    return { account, invoice };
  }

  invoiceOfProfile(account: BillingAccount, profileName: string, name: string): Invoice {
    const profile = this.profile(account, profileName);
    const invoice = this.invoice(name);
    if (invoice?.profile !== profile) throw notFound('invoice', name);
    return invoice;
  }

  /** The billing profile whose only invoice section this is. */
  profileOfSection(account: BillingAccount, profileName: string, name: string): BillingProfile {
    const profile = this.profile(account, profileName);
    if (profile.systemId !== name.toUpperCase()) throw notFound('invoice section', name);
    return profile;
  }
}

function isDefault(accountName: string): boolean {
  return accountName.toLowerCase() === 'default';
}

/** The words of `expand` or `$expand`, in lower case and without `properties/`. */
export function expandOf(request: SampleRequest): ReadonlySet<string> {
  const text = request.parameters.get('$expand') ?? request.parameters.get('expand') ?? '';
  return new Set(
    text
      .toLowerCase()
      .split(',')
      .map((word) => word.trim().replace(/^properties\//, '')),
  );
}

/** Where Microsoft.Billing begins, as route patterns spell it. */
const ACCOUNTS = 'providers/microsoft.billing/billingaccounts';

/** Patterns of the parents that lists hang below. */
export const PATHS = {
  accounts: ACCOUNTS,
  account: `${ACCOUNTS}/*`,
  profile: `${ACCOUNTS}/*/billingprofiles/*`,
  section: `${ACCOUNTS}/*/billingprofiles/*/invoicesections/*`,
  customer: `${ACCOUNTS}/*/customers/*`,
  profileCustomer: `${ACCOUNTS}/*/billingprofiles/*/customers/*`,
  invoice: `${ACCOUNTS}/*/invoices/*`,
  profileInvoice: `${ACCOUNTS}/*/billingprofiles/*/invoices/*`,
} as const;
