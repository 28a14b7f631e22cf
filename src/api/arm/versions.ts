/** Which column of the table a client speaks: the newest verified versions, or those of the partner automation article. */
export type VersionSet = 'newest' | 'seed';

/**
 * The one table area → api-version. Versions are never shared between providers. "seed" is what the article "Automate
 * partner billing" names, or the first version that has the call; "newest" is the newest version whose answers were checked
 * against this client.
 */
const VERSIONS = {
  // Microsoft.Billing
  billing: { newest: '2024-04-01', seed: '2019-10-01-preview' },
  // Microsoft.Consumption
  usageDetails: { newest: '2023-11-01', seed: '2019-10-01' },
  tags: { newest: '2023-11-01', seed: '2019-10-01' },
  charges: { newest: '2023-11-01', seed: '2019-10-01' },
  consumptionBudgets: { newest: '2023-11-01', seed: '2019-10-01' },
  // Microsoft.CostManagement
  costQuery: { newest: '2025-03-01', seed: '2019-10-01' },
  forecast: { newest: '2025-03-01', seed: '2019-11-01' },
  dimensions: { newest: '2025-03-01', seed: '2019-10-01' },
  alerts: { newest: '2025-03-01', seed: '2019-11-01' },
  costDetails: { newest: '2025-03-01', seed: '2022-05-01' },
  exports: { newest: '2025-03-01', seed: '2019-10-01' },
  costBudgets: { newest: '2025-03-01', seed: '2019-10-01' },
  // Moved from Billing to CostManagement in between.
  priceSheet: { newest: '2025-03-01', seed: '2019-10-01-preview' },
  // Microsoft.Storage: only to read what an export wrote.
  storageAccounts: { newest: '2023-05-01', seed: '2019-06-01' },
  // Resource Manager itself.
  tenants: { newest: '2022-12-01', seed: '2020-01-01' },
} as const satisfies Record<string, Record<VersionSet, string>>;

export type ApiArea = keyof typeof VERSIONS;

export function apiVersion(area: ApiArea, set: VersionSet): string {
  return VERSIONS[area][set];
}
