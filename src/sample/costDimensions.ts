import type { CostFacts } from './costFacts.ts';
import type { CostScope } from './costScopes.ts';
import type { UsageLine } from './usageLines.ts';

type ScopeKind = CostScope['kind'];

/** A property by which costs can be grouped and filtered. */
export interface CostDimension {
  readonly name: string;
  /** Other spellings that the query takes; the answer's column is named as the request named it. */
  readonly aliases: readonly string[];
  readonly description: string;
  readonly scopes: ReadonlySet<ScopeKind>;
  /** Where it can be grouped by; elsewhere it only filters. */
  readonly groupingScopes: ReadonlySet<ScopeKind>;
  /** Whether the value changes from month to month for one line. */
  readonly monthly: boolean;
  /** Empty when the row has none, as rounding rows have no customer. */
  readonly value: (facts: CostFacts, month: number) => string;
}

const BILLING: readonly ScopeKind[] = ['billingAccount', 'billingProfile'];
const PARTNER: readonly ScopeKind[] = [...BILLING, 'customer'];
const RESOURCES: readonly ScopeKind[] = ['subscription', 'resourceGroup'];
const EVERYWHERE: readonly ScopeKind[] = [...PARTNER, ...RESOURCES];

interface Extra {
  readonly aliases?: readonly string[];
  readonly scopes?: readonly ScopeKind[];
  readonly groupingScopes?: readonly ScopeKind[];
  readonly monthly?: boolean;
}

function dimension(name: string, description: string, value: CostDimension['value'], extra: Extra = {}): CostDimension {
  const { aliases = [], scopes = EVERYWHERE, groupingScopes = scopes, monthly = false } = extra;
  return {
    name,
    aliases,
    description,
    scopes: new Set(scopes),
    groupingScopes: new Set(groupingScopes),
    monthly,
    value,
  };
}

function ofLine(name: string, description: string, value: (line: UsageLine) => string, extra?: Extra): CostDimension {
  return dimension(name, description, ({ line }) => (line ? value(line) : ''), extra);
}

const DIMENSIONS: readonly CostDimension[] = [
  ofLine('ResourceGroupName', 'Resource group', (line) => line.resourceGroup, { aliases: ['ResourceGroup'] }),
  dimension('ResourceId', 'Resource', resourceId, { groupingScopes: RESOURCES }),
  ofLine('ResourceType', 'Resource type', resourceType),
  ofLine('ResourceLocation', 'Location', (line) => line.region.displayName),
  dimension('SubscriptionId', 'Subscription', ({ subscription }) => subscription?.name ?? ''),
  dimension('SubscriptionName', 'Subscription name', ({ subscription }) => subscription?.displayName ?? ''),
  ofLine('ServiceName', 'Service name', (line) => line.meter.category),
  ofLine('ServiceFamily', 'Service family', (line) => line.meter.serviceFamily),
  ofLine('ServiceTier', 'Service tier', (line) => line.meter.subCategory),
  ofLine('MeterCategory', 'Meter category', (line) => line.meter.category),
  ofLine('MeterSubCategory', 'Meter subcategory', (line) => line.meter.subCategory, {
    aliases: ['MeterSubcategory'],
  }),
  ofLine('Meter', 'Meter', (line) => line.meter.name),
  dimension('ChargeType', 'Charge type', ({ line }) => (line ? 'Usage' : 'RoundingAdjustment')),
  dimension('PublisherType', 'Publisher type', () => 'Microsoft'),
  dimension('PricingModel', 'Pricing model', () => 'OnDemand'),
  dimension('Product', 'Product', ({ line }) =>
    line ? `${line.meter.category} - ${line.meter.name} - ${line.region.displayName}` : 'Rounding adjustment',
  ),
  dimension('BillingProfileId', 'Billing profile id', ({ profile }) => profile.name, { scopes: BILLING }),
  dimension('BillingProfileName', 'Billing profile', ({ profile }) => profile.displayName, { scopes: BILLING }),
  dimension('BillingCurrency', 'Billing currency', ({ profile }) => profile.currency, {
    aliases: ['Currency', 'BillingCurrencyCode'],
    scopes: BILLING,
  }),
  dimension('InvoiceId', 'Invoice id', ({ tenant, profile }, month) => tenant.invoiceOf(profile, month)?.name ?? '', {
    scopes: PARTNER,
    monthly: true,
  }),
  dimension('Customer', 'Customer', ({ customer }) => customer?.displayName ?? '', { scopes: BILLING }),
  dimension('CustomerTenantId', 'Customer tenant id', ({ customer }) => customer?.name ?? '', { scopes: PARTNER }),
  dimension('CustomerName', 'Customer name', ({ customer }) => customer?.displayName ?? '', { scopes: PARTNER }),
  dimension('PartnerTenantId', 'Partner tenant id', ({ tenant }) => tenant.directory.partnerTenantId, {
    scopes: PARTNER,
  }),
  dimension('PartnerName', 'Partner name', ({ tenant }) => tenant.directory.partnerName, { scopes: PARTNER }),
  dimension('ResellerMPNId', 'Reseller MPN id', () => '', { scopes: PARTNER }),
  dimension(
    'PartnerEarnedCreditApplied',
    'Partner earned credit applied',
    ({ line }) => (line?.earnsCredit ? '1' : '0'),
    { scopes: PARTNER },
  ),
];

const BY_SPELLING: ReadonlyMap<string, CostDimension> = new Map(
  DIMENSIONS.flatMap((d) => [d.name, ...d.aliases].map((spelling) => [spelling.toLowerCase(), d] as const)),
);

/** The dimensions that a scope offers, in a fixed order. */
export function dimensionsOf(kind: ScopeKind): readonly CostDimension[] {
  return DIMENSIONS.filter((d) => d.scopes.has(kind));
}

/** By name or alias, compared without case; undefined when the scope does not offer it. */
export function dimensionNamed(kind: ScopeKind, name: string): CostDimension | undefined {
  const found = BY_SPELLING.get(name.toLowerCase());
  return found?.scopes.has(kind) ? found : undefined;
}

/** The dimension's own spelling of a name that stands for it: a column is named after what was asked for. */
export function spellingOf(found: CostDimension, name: string): string {
  return [found.name, ...found.aliases].find((s) => s.toLowerCase() === name.toLowerCase()) ?? found.name;
}

/** The line's value of a tag, its name compared without case; undefined where the tag is not set. */
export function tagOf({ line }: CostFacts, name: string): string | undefined {
  if (!line?.tags) return undefined;
  const wanted = name.toLowerCase();
  return Object.entries(line.tags).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function resourceId({ line, subscription }: CostFacts): string {
  if (!line || !subscription) return '';
  const { resourceType: type } = line.meter;
  return `/subscriptions/${subscription.name}/resourceGroups/${line.resourceGroup}/providers/${type}/${line.resourceName}`;
}

/** A nested type such as `servers/main/databases` has the parent's name in between, which is no part of the type. */
function resourceType({ meter }: UsageLine): string {
  const [provider, ...segments] = meter.resourceType.split('/');
  return [provider, ...segments.filter((_, i) => i % 2 === 0)].join('/').toLowerCase();
}
