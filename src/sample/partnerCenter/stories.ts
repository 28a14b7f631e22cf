import type { Currency } from '../currencies.ts';
import { STORIES } from '../stories.ts';

/**
 * What the Partner Center half adds to the stories of the tenant. Customers are given by their index in the main billing
 * account, or by their place in `own`: those buy nothing through the Microsoft Partner Agreement, so that Azure Resource
 * Manager does not know them. Days are UTC.
 */
export const PARTNER_STORIES = {
  /** A legacy 145P subscription and nothing else: no Azure plan, and no subscription on the ARM side. */
  legacy: { customer: STORIES.noSubscriptions.customer },
  /**
   * Was upgraded from 145P to an Azure plan: the 145P subscription is deleted and has utilization until the day before the plan was
   * bought, under the id of the Azure subscription that lives on in the plan.
   */
  mixed: { customer: 3 },
  /** Has Azure subscriptions under a plan and never any usage: its usage summary is an error. */
  noUsage: { customer: STORIES.noUsage.customer },
  /** Its 145P subscription came from another partner: only the Commerce id works. */
  transferred: { own: 0, firstUse: '2025-10-01' },
  /** Microsoft 365 licences only: no usage, and an error instead of a usage summary. */
  licencesOnly: { own: 1 },
  /** Two 145P subscriptions in yen, one of them suspended. */
  yen: { own: 2, suspendedLastUse: '2026-02-28' },
  own: [
    { displayName: 'Hollowmere Tide Gauges', currency: 'EUR' },
    { displayName: 'Brightwick Reading Rooms', currency: 'USD' },
    { displayName: 'Tanemori Kilnworks', currency: 'JPY' },
  ] as ReadonlyArray<{ readonly displayName: string; readonly currency: Currency }>,
  /** First use of 145P subscriptions. */
  firstUse: '2019-01-01',
} as const;
