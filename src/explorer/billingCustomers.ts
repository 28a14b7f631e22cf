import type { ExplorerNode } from './node.ts';

/** Among rows that were shown, the customers of billing accounts, by tenant id in lower case: the first row of each account. */
export function billingCustomers(seen: Iterable<ExplorerNode>, connection: string): Map<string, ExplorerNode[]> {
  const found = new Map<string, ExplorerNode[]>();
  for (const node of seen) {
    if (node.kind === 'customer' && node.connection === connection && node.parent?.kind === 'customers') {
      const tenant = (node.customer ?? '').toLowerCase();
      const rows = found.get(tenant) ?? [];
      if (rows.every(({ account }) => account !== node.account)) {
        found.set(tenant, [...rows, node]);
      }
    }
  }
  return found;
}
