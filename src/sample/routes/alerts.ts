import type { AlertStatuses } from '../alertStatuses.ts';
import { type Answer, json, type SampleRequest } from '../answers.ts';
import { member } from '../bodyMembers.ts';
import type { Budgets } from '../budgets.ts';
import { type CostAlert, costAlerts } from '../costAlerts.ts';
import { costRefusal } from '../costDefinition.ts';
import { type CostScope, costScope } from '../costScopes.ts';
import { projectAlert } from '../projections/alerts.ts';
import type { Tenant } from '../tenant.ts';
import { COST_MANAGEMENT_VERSIONS, versionOf } from '../versions.ts';
import { get, type Route } from './table.ts';

/** REST reference: Alerts - List, Get and Dismiss. */
export function alertRoutes(tenant: Tenant, budgets: Budgets, statuses: AlertStatuses): Route[] {
  const path = '**/providers/microsoft.costmanagement/alerts';
  const scopeOf = (request: SampleRequest, scopePath: string): CostScope => {
    versionOf(request, COST_MANAGEMENT_VERSIONS.slice(1), 'alerts');
    return costScope(tenant, scopePath);
  };
  const find = (scope: CostScope, name: string): CostAlert => {
    const alert = costAlerts(tenant, scope, budgets).find((a) => a.name === name.toLowerCase());
    if (!alert) throw costRefusal(404, '404', `The alert '${name}' was not found.`);
    return alert;
  };
  const one = (scope: CostScope, alert: CostAlert): Answer =>
    json(projectAlert(scope, alert, statuses.dismissedAt(alert.name)));
  return [
    get('alerts.list', path, (request, [scopePath = '']) => {
      const scope = scopeOf(request, scopePath);
      const value = costAlerts(tenant, scope, budgets).map((alert) =>
        projectAlert(scope, alert, statuses.dismissedAt(alert.name)),
      );
      return json({ value, nextLink: null });
    }),
    {
      name: 'alerts.get',
      path: `${path}/*`,
      methods: {
        GET: (request, [scopePath = '', name = '']) => {
          const scope = scopeOf(request, scopePath);
          return one(scope, find(scope, name));
        },
        PATCH: (request, [scopePath = '', name = '']) => {
          const scope = scopeOf(request, scopePath);
          const alert = find(scope, name);
          checkDismissal(request.body);
          statuses.dismiss(alert.name, tenant.options.now.getTime());
          return one(scope, alert);
        },
      },
    },
  ];
}

/** The only change there is: `{"properties": {"status": "Dismissed"}}`. */
function checkDismissal(body: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw costRefusal(400, 'BadRequest', 'The body is not valid JSON.');
  }
  const status = member(member(parsed, 'properties'), 'status');
  if (typeof status !== 'string' || status.toLowerCase() !== 'dismissed') {
    throw costRefusal(400, 'BadRequest', 'properties.status must be Dismissed.');
  }
}
