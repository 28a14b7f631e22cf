export type QuotaArea =
  | 'costQuery'
  | 'usageDetails'
  | 'usageDetailsOfSubscription'
  | 'usagePages'
  | 'charges'
  | 'priceSheet'
  | 'costDetails';

/** At most `limit` calls (or query units) within any `window` milliseconds, counted together for the same `per`. */
export interface QuotaRule {
  per: 'scope' | 'connection';
  limit: number;
  window: number;
  counts?: 'units';
  /** The service's own counter of the same limit, by the name that `readCounters` gives it. */
  told?: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The documented limits. Sources: "Manage costs with automation" (query processing units and requests per scope) and "Cost
 * Management API latency and rate limits". A connection stands for its tenant.
 */
export const QUOTA_RULES: Readonly<Record<QuotaArea, readonly QuotaRule[]>> = {
  costQuery: [
    { per: 'scope', limit: 4, window: MINUTE, told: 'costmanagement-entity-requests' },
    { per: 'connection', limit: 20, window: MINUTE, told: 'costmanagement-tenant-requests' },
    { per: 'connection', limit: 12, window: 10 * SECOND, counts: 'units', told: 'QueriesPer10Sec' },
    { per: 'connection', limit: 60, window: MINUTE, counts: 'units', told: 'QueriesPerMin' },
    { per: 'connection', limit: 600, window: HOUR, counts: 'units', told: 'QueriesPerHour' },
  ],
  usageDetails: [{ per: 'scope', limit: 6, window: MINUTE, told: 'consumption-tenant-requests' }],
  usageDetailsOfSubscription: [{ per: 'connection', limit: 10, window: MINUTE, told: 'consumption-tenant-requests' }],
  // The pages behind the first: the reads of Azure Resource Manager, 250 at once and 25 a second ("Understand how Azure Resource Manager
  // throttles requests"), with some left for everything else. Lists that are read side by side would exceed them.
  usagePages: [{ per: 'scope', limit: 240, window: 10 * SECOND }],
  charges: [
    { per: 'scope', limit: 20, window: MINUTE },
    { per: 'connection', limit: 125, window: MINUTE, told: 'consumption-tenant-requests' },
  ],
  priceSheet: [{ per: 'scope', limit: 30, window: MINUTE }],
  costDetails: [
    { per: 'scope', limit: 2, window: MINUTE },
    { per: 'scope', limit: 10, window: HOUR },
    { per: 'scope', limit: 50, window: 24 * HOUR },
  ],
};
