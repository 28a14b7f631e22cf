import type { Tenant } from '../tenant.ts';
import { SpendingBudgets } from './budgets.ts';
import { Wire } from './collections.ts';
import { PartnerCustomers } from './customers.ts';
import { Estimates } from './estimates.ts';
import { LegacyBilling } from './legacyBilling.ts';
import { SeekTokens } from './seekTokens.ts';
import type { PartnerSettings } from './settings.ts';
import { PartnerSubscriptions } from './subscriptions.ts';
import { Utilization } from './utilization.ts';

/** Everything that routes answer from. */
export interface Parts {
  readonly tenant: Tenant;
  readonly settings: PartnerSettings;
  readonly wire: Wire;
  readonly tokens: SeekTokens;
  readonly customers: PartnerCustomers;
  readonly subscriptions: PartnerSubscriptions;
  readonly utilization: Utilization;
  readonly legacy: LegacyBilling;
  readonly estimates: Estimates;
  readonly budgets: SpendingBudgets;
}

export function partsOf(tenant: Tenant, settings: PartnerSettings): Parts {
  const { seed } = tenant.options;
  const customers = new PartnerCustomers(tenant);
  const subscriptions = new PartnerSubscriptions(customers);
  const utilization = new Utilization(seed, () => settings.now.utilizationRows);
  return {
    tenant,
    settings,
    wire: new Wire(() => settings.now),
    tokens: new SeekTokens(seed),
    customers,
    subscriptions,
    utilization,
    legacy: new LegacyBilling(tenant, subscriptions, utilization),
    estimates: new Estimates(tenant),
    budgets: new SpendingBudgets(),
  };
}
