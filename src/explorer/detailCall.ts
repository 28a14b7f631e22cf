import type { ApiArea } from '../api/arm/versions.ts';
import type { Call } from '../api/http/client.ts';
import type { ExplorerNode, NodeKind } from './node.ts';
import type { SourceOptions } from './pages.ts';

/** Whose version brings a resource by its id. */
const AREAS: Partial<Record<NodeKind, ApiArea>> = {
  account: 'billing',
  customer: 'billing',
  subscription: 'billing',
  invoice: 'billing',
  profile: 'billing',
  invoiceSection: 'billing',
  product: 'billing',
  balance: 'billing',
  balanceAmount: 'billing',
  costPolicy: 'billing',
  alert: 'alerts',
  export: 'exports',
};

/** The call that brings one resource by its id; undefined where there is none. Nothing is sent. */
export async function detailCall(node: ExplorerNode, options: SourceOptions): Promise<Call | undefined> {
  const { id, area } = node.kind === 'budget' ? budgetId(node) : { id: node.resourceId, area: AREAS[node.kind] };
  if (id === undefined || area === undefined) {
    return undefined;
  }
  const [{ armPath }, { normalizeId }, arm] = await Promise.all([
    import('../api/arm/armClient.ts'),
    import('../api/arm/scope.ts'),
    options.arm(node.connection),
  ]);
  return { operation: `Get '${node.label}'`, method: 'GET', address: armPath(arm, area, normalizeId(id)) };
}

/** Ids of budgets are unreliable: some name only the scope. */
function budgetId({ resourceId = '', costScope, budget = '' }: ExplorerNode): { id: string; area: ApiArea } {
  const consumption = /\/Microsoft\.Consumption\//i.test(resourceId);
  const provider = consumption ? 'Microsoft.Consumption' : 'Microsoft.CostManagement';
  const own = `${costScope}/providers/${provider}/budgets/${encodeURIComponent(budget)}`;
  return {
    id: /\/budgets\/[^/]+$/i.test(resourceId) ? resourceId : own,
    area: consumption ? 'consumptionBudgets' : 'costBudgets',
  };
}
