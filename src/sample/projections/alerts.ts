import { isoDay } from '../calendar.ts';
import type { CostAlert } from '../costAlerts.ts';
import type { CostScope } from '../costScopes.ts';

/** How the service writes that there is no such time. */
const NEVER = '0001-01-01T00:00:00';

/** An alert; `dismissedAt` is in milliseconds since 1970. Ids of alerts have no leading slash. */
export function projectAlert(scope: CostScope, alert: CostAlert, dismissedAt: number | undefined): unknown {
  const { name, type, category, criteria, description, details, costEntityId, createdOn, closedOn } = alert;
  const dismissed = dismissedAt === undefined ? undefined : `${new Date(dismissedAt).toISOString().slice(0, -1)}0000Z`;
  return {
    id: `${scope.id.slice(1)}/providers/Microsoft.CostManagement/alerts/${name}`,
    name,
    type: 'Microsoft.CostManagement/alerts',
    properties: {
      definition: { type, category, criteria },
      description,
      source: 'Preset',
      details,
      costEntityId,
      status: dismissed ? 'Dismissed' : closedOn === undefined ? 'Active' : 'Resolved',
      creationTime: time(createdOn),
      closeTime: closedOn === undefined ? NEVER : time(closedOn),
      modificationTime: dismissed ?? time(closedOn ?? createdOn),
      statusModificationUserName: null,
      statusModificationTime: dismissed ?? NEVER,
    },
  };
}

const time = (day: number): string => `${isoDay(day)}T06:00:00.0000000Z`;
