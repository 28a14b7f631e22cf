import type { ArmClient } from '../api/arm/armClient.ts';
import type { BillingAccount } from '../api/arm/billingAccounts.ts';
import type { BillingSubscription } from '../api/arm/billingSubscriptions.ts';
import type { Customer } from '../api/arm/customers.ts';
import type { Invoice } from '../api/arm/invoices.ts';
import { parentPath } from '../api/arm/parent.ts';
import type { Call, SendOptions } from '../api/http/client.ts';
import type { PageWalk } from '../api/http/paging.ts';
import { COST_POLICY_WORDS } from '../contributions.ts';
import { displayText } from '../workbench/text.ts';
import { formatMoney } from './money.ts';
import type { ChildNode, ExplorerNode } from './node.ts';

/** The children of one node, page by page. */
export interface ChildPages {
  /** The call that brings the first page; absent where none is needed. */
  readonly first?: Call;
  readonly more: boolean;
  nextPage(options: SendOptions): Promise<ChildNode[]>;
}

/** Where nodes get their children from, and how they speak. */
export interface SourceOptions {
  arm(connection: string): Promise<ArmClient>;
  now(): Date;
  locale: string;
}

/** Partner agreements start in 2019. */
const FIRST_YEAR = 2019;
const YEARS_A_PAGE = 3;

/** The source of a node's children. Only opening it, page by page, sends requests. */
export async function openChildren(node: ExplorerNode, options: SourceOptions): Promise<ChildPages> {
  switch (node.kind) {
    case 'account':
      return fixed(accountFolders(node));
    case 'invoices':
      return years(node, options.now().getUTCFullYear());
    default:
      return remote(node, await options.arm(node.connection), options);
  }
}

/**
 * The call behind a node: that of its children's first page where they come from the service, else that of its usage (in the month
 * to date). Nothing is sent.
 */
export async function firstCall(node: ExplorerNode, options: SourceOptions): Promise<Call | undefined> {
  const call = node.expandable ? (await openChildren(node, options)).first : undefined;
  if (call !== undefined || node.scope === undefined) {
    return call;
  }
  const [{ listUsageDetails }, { parseScope }, arm] = await Promise.all([
    import('../api/arm/usageDetails.ts'),
    import('../api/arm/scope.ts'),
    options.arm(node.connection),
  ]);
  const scope = parseScope(node.scope);
  const today = options.now().toISOString().slice(0, 10);
  const period = scope.kind === 'invoice' ? {} : { from: `${today.slice(0, 8)}01`, to: today };
  return listUsageDetails(arm, { scope, ...period }).first;
}

async function remote(node: ExplorerNode, arm: ArmClient, options: SourceOptions): Promise<ChildPages> {
  const { account = '', customer, year } = node;
  switch (node.kind) {
    case 'connection': {
      const { listBillingAccounts } = await import('../api/arm/billingAccounts.ts');
      return pages(listBillingAccounts(arm), accountNode);
    }
    case 'customers': {
      const { listCustomers } = await import('../api/arm/customers.ts');
      return pages(listCustomers(arm, { account }), (item) => customerNode(item, account));
    }
    case 'customer':
    case 'subscriptions': {
      const { listBillingSubscriptions, subscriptionStatus } = await import('../api/arm/billingSubscriptions.ts');
      const subscriptions = pages(listBillingSubscriptions(arm, { account, customer }), (item) =>
        subscriptionNode(item, subscriptionStatus(item), node.kind === 'customer' ? node.label : undefined),
      );
      return node.kind === 'customer' ? startingWith(costPolicyNode(node), subscriptions) : subscriptions;
    }
    case 'costPolicy': {
      const { getCostPolicy, viewChargesOf } = await import('../api/arm/costPolicy.ts');
      const ask = async (send: SendOptions) =>
        costPolicyState(node, viewChargesOf(await getCostPolicy(arm, { account, customer: customer ?? '' }, send)));
      return once(async (send) => [await ask(send)]);
    }
    case 'year': {
      const [{ invoiceScope, listInvoices }, { scopePath }] = await Promise.all([
        import('../api/arm/invoices.ts'),
        import('../api/arm/scope.ts'),
      ]);
      const scopeOrNone = (item: Invoice): string | undefined => {
        try {
          return scopePath(invoiceScope(item));
        } catch {
          return undefined; // shown all the same: one odd id must not hide a page of invoices
        }
      };
      const period = { from: `${year}-01-01`, to: `${year}-12-31` };
      return pages(listInvoices(arm, { account }, period), (item) =>
        invoiceNode(item, scopeOrNone(item), options.locale),
      );
    }
    default:
      return fixed([]);
  }
}

function pages<T>(walk: PageWalk<T[]>, toNode: (item: T) => ChildNode): ChildPages {
  return {
    first: walk.first,
    get more() {
      return walk.more;
    },
    async nextPage(options) {
      return (await walk.nextPage(options))?.value.map(toNode) ?? [];
    },
  };
}

function fixed(nodes: ChildNode[]): ChildPages {
  return once(async () => nodes);
}

/** One page; asked again when it failed. */
function once(ask: (options: SendOptions) => Promise<ChildNode[]>): ChildPages {
  let more = true;
  return {
    get more() {
      return more;
    },
    async nextPage(options) {
      const page = await ask(options);
      more = false;
      return page;
    },
  };
}

/** A row before those of the first page. */
function startingWith(first: ChildNode, rest: ChildPages): ChildPages {
  let started = false;
  return {
    ...(rest.first === undefined ? {} : { first: rest.first }),
    get more() {
      return rest.more;
    },
    async nextPage(options) {
      const page = await rest.nextPage(options);
      const rows = started ? page : [first, ...page];
      started = true;
      return rows;
    },
  };
}

/** Years need no request: invoices are asked for when a year is opened. */
function years(node: ExplorerNode, current: number): ChildPages {
  let next = current;
  return {
    get more() {
      return next >= FIRST_YEAR;
    },
    async nextPage() {
      const page: ChildNode[] = [];
      for (const end = next - YEARS_A_PAGE; next > end && next >= FIRST_YEAR; next--) {
        page.push({
          key: String(next),
          kind: 'year',
          label: String(next),
          expandable: true,
          account: node.account,
          year: next,
        });
      }
      return page;
    },
  };
}

function accountFolders(node: ExplorerNode): ChildNode[] {
  const { account } = node;
  return [
    node.partner === true
      ? { key: 'customers', kind: 'customers', label: 'Customers', expandable: true, account }
      : { key: 'subscriptions', kind: 'subscriptions', label: 'Subscriptions', expandable: true, account },
    { key: 'invoices', kind: 'invoices', label: 'Invoices', expandable: true, account },
  ];
}

const AGREEMENTS = new Map(
  Object.entries({
    MicrosoftPartnerAgreement: 'Partner agreement',
    MicrosoftCustomerAgreement: 'Customer agreement',
    EnterpriseAgreement: 'Enterprise agreement',
    MicrosoftOnlineServicesProgram: 'Online services program',
  }),
);

function accountNode({ id, name, properties }: BillingAccount): ChildNode {
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

function customerNode({ id, name, properties }: Customer, account: string): ChildNode {
  const label = displayText(properties.displayName, name);
  const status = displayText(properties.status, 'Active');
  const profile = displayText(properties.billingProfileDisplayName, '');
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
    customer: name,
    alarm: status === 'Active' ? undefined : 'muted',
  };
}

function subscriptionNode(
  { id, name, properties }: BillingSubscription,
  status: string | undefined,
  customer: string | undefined,
): ChildNode {
  // Licences and reservations are billing subscriptions too, but no Azure subscriptions: they have no usage of their own.
  const subscription = properties.subscriptionId || undefined;
  const label = displayText(properties.displayName, subscription ?? name);
  const sku = displayText(properties.skuDescription, '');
  const state = displayText(status, '');
  const active = state === '' || state === 'Active';
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
    expandable: false,
    resourceId: id,
    scope: subscription && `/subscriptions/${subscription}`,
    title: [customer ?? displayText(properties.customerDisplayName, ''), label].filter(Boolean).join(' '),
    alarm: active ? undefined : 'muted',
  };
}

/** Opened on its own: most people come for the subscriptions, and the policy is a request more. */
function costPolicyNode({ account, customer, label }: ExplorerNode): ChildNode {
  return {
    key: 'costPolicy',
    kind: 'costPolicy',
    label: 'Cost policy',
    tooltip: "Whether people in the customer's tenant may see charges",
    title: label,
    expandable: true,
    aside: true,
    account,
    customer,
  };
}

function costPolicyState({ account, customer, title }: ExplorerNode, state: string | undefined): ChildNode {
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

const ALARMING_INVOICES = new Set(['overdue', 'pastdue']);

function invoiceNode({ id, name, properties }: Invoice, scope: string | undefined, locale: string): ChildNode {
  const from = properties.invoicePeriodStartDate?.slice(0, 10);
  const to = properties.invoicePeriodEndDate?.slice(0, 10);
  const status = displayText(properties.status, 'Unknown');
  const total = formatMoney(properties.totalAmount ?? properties.billedAmount, locale);
  const profile = displayText(properties.billingProfileDisplayName, '');
  const alarming = ALARMING_INVOICES.has(status.toLowerCase());
  return {
    key: name,
    kind: 'invoice',
    label: displayText(from?.slice(0, 7), name),
    description: displayText([total, status, from && name].filter(Boolean).join(' · '), ''),
    tooltip: lines(
      `Invoice ${name}`,
      from && to && `Period: ${from} to ${to} (UTC, inclusive)`,
      total && `Total: ${total}`,
      formatMoney(properties.amountDue, locale) && `Due: ${formatMoney(properties.amountDue, locale)}`,
      properties.dueDate && `Due date: ${properties.dueDate.slice(0, 10)}`,
      `Status: ${status}`,
      profile && `Billing profile: ${profile}`,
    ),
    expandable: false,
    resourceId: id,
    scope,
    title: displayText(`Invoice ${[from?.slice(0, 7), name].filter(Boolean).join(' ')}`, ''),
    alarm: alarming ? 'warning' : status === 'Void' ? 'muted' : undefined,
  };
}

/** A tooltip of those lines that say something; text of the service cannot add lines of its own. */
function lines(...texts: (string | null | undefined)[]): string {
  return texts
    .map((text) => displayText(text, ''))
    .filter(Boolean)
    .join('\n');
}
