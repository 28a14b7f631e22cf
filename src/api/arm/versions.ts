/** Which column of the table a client speaks: the newest verified versions, or those of the partner automation article. */
export type VersionSet = 'newest' | 'seed';

/**
 * The one table area → api-version. Versions are never shared between providers. "seed" is what the article "Automate
 * partner billing" names; "newest" is the newest version whose answers were checked against this client.
 */
const VERSIONS = {
  billing: { newest: '2024-04-01', seed: '2019-10-01-preview' },
  usageDetails: { newest: '2023-11-01', seed: '2019-10-01' },
} as const satisfies Record<string, Record<VersionSet, string>>;

export type ApiArea = keyof typeof VERSIONS;

export function apiVersion(area: ApiArea, set: VersionSet): string {
  return VERSIONS[area][set];
}
