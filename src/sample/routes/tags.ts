import { badRequest, json } from '../answers.ts';
import { NO_CONTENT } from '../costPages.ts';
import { costScope } from '../costScopes.ts';
import type { Tenant } from '../tenant.ts';
import { CONSUMPTION_VERSIONS, versionOf } from '../versions.ts';
import { get, type Route } from './table.ts';

/** Scopes that the REST reference names; customers and billing profiles are not among them. */
const SERVED: readonly string[] = ['billingAccount', 'subscription', 'resourceGroup'];

/** REST reference: Consumption, Tags - Get. Keys of the scope's usage with their values, in one page; 204 where nothing is tagged. */
export function tagRoutes(tenant: Tenant): Route[] {
  return [
    get('tags.get', '**/providers/microsoft.consumption/tags', (request, [scopePath = '']) => {
      versionOf(request, CONSUMPTION_VERSIONS, 'tags');
      const scope = costScope(tenant, scopePath);
      if (!SERVED.includes(scope.kind)) throw badRequest(`The scope ${scopePath} is not supported for tags.`);
      const values = new Map<string, Set<string>>();
      for (const { lines } of scope.parts) {
        for (const { tags } of lines) {
          for (const [key, value] of Object.entries(tags ?? {})) {
            values.set(key, (values.get(key) ?? new Set()).add(value));
          }
        }
      }
      if (values.size === 0) return NO_CONTENT;
      const tags = [...values].sort(([one], [other]) => (one < other ? -1 : 1));
      return json({
        id: `${scope.id}/providers/Microsoft.Consumption/tags/tags`,
        name: 'tags',
        type: 'Microsoft.Consumption/tags',
        properties: {
          nextLink: null,
          previousLink: null,
          tags: tags.map(([key, all]) => ({ key, value: [...all].sort() })),
        },
      });
    }),
  ];
}
