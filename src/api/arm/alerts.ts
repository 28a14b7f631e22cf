import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { type CostScope, scopePath, segment } from './scope.ts';
import { optionalText, resource, wireNumber } from './wire.ts';

const alert = v.looseObject({
  ...resource,
  properties: v.looseObject({
    definition: v.nullish(
      v.looseObject({
        /** Budget, Invoice, Credit, Quota, General, xCloud, BudgetForecast, … */
        type: optionalText,
        /** Cost, Usage, Billing, System. */
        category: optionalText,
        /** CostThresholdExceeded, ForecastCostThresholdExceeded, InvoiceDueDateApproaching, … */
        criteria: optionalText,
      }),
    ),
    description: optionalText,
    /** Preset or User. */
    source: optionalText,
    details: v.nullish(
      v.looseObject({
        timeGrainType: optionalText,
        periodStartDate: optionalText,
        /** A fraction: 0.8 is 80 %. */
        threshold: v.nullish(wireNumber),
        operator: optionalText,
        /** In `unit`, as is `currentSpend`. */
        amount: v.nullish(wireNumber),
        unit: optionalText,
        currentSpend: v.nullish(wireNumber),
      }),
    ),
    /** Name of the budget that raised it. */
    costEntityId: optionalText,
    /** None, Active, Overridden, Resolved, Dismissed. */
    status: optionalText,
    /** Date-times, UTC; see {@link alertTime}. */
    creationTime: optionalText,
    closeTime: optionalText,
    modificationTime: optionalText,
    statusModificationTime: optionalText,
    statusModificationUserName: optionalText,
  }),
});

/** A cost alert of a scope (REST reference: Alerts). */
export type Alert = v.InferOutput<typeof alert>;

function alertPath(arm: ArmClient, scope: CostScope, name?: string): string {
  const own = name === undefined ? '' : `/${segment(name)}`;
  return armPath(arm, 'alerts', `${scopePath(scope)}/providers/Microsoft.CostManagement/alerts${own}`);
}

/** The alerts of a scope, those that were dismissed or resolved among them. */
export function listAlerts(arm: ArmClient, scope: CostScope): PageWalk<Alert[]> {
  return listOf(arm, { operation: 'List alerts', method: 'GET', address: alertPath(arm, scope) }, alert);
}

/** One alert by its name, a GUID. */
export function getAlert(arm: ArmClient, scope: CostScope, name: string, options?: SendOptions): Promise<Alert> {
  const address = alertPath(arm, scope, name);
  return getOne(arm, { operation: 'Get the alert', method: 'GET', address }, alert, options);
}

/** Dismisses an alert; gives it as the service holds it now. */
export function dismissAlert(arm: ArmClient, scope: CostScope, name: string, options?: SendOptions): Promise<Alert> {
  const address = alertPath(arm, scope, name);
  const body = { properties: { status: 'Dismissed' } };
  return getOne(arm, { operation: 'Dismiss the alert', method: 'PATCH', address, body }, alert, options);
}

/** A time of an alert, or undefined where the service writes the first day of year 1 for "never". */
export function alertTime(time: string | null | undefined): string | undefined {
  return !time || time.startsWith('0001-01-01') ? undefined : time;
}
