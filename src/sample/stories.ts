import { day, dayOf, monthOf } from './calendar.ts';

/**
 * The ground facts of the sample tenant that are not chance: which customer is what, and what happened when. Tests and
 * documents name customers through this table. Customers are given by their index in the main billing account; a tenant
 * with fewer customers has fewer stories.
 */
export const STORIES = {
  /** Compute of the first subscription runs nine-fold from 9 to 12 March of every year. */
  spike: { customer: 0, subscription: 0, fromMonthDay: '03-09', toMonthDay: '03-12', factor: 9 },
  /** Azure OpenAI begins on 1 June of every even year and ends on 31 March after it. */
  newService: { customer: 1, subscription: 0, service: 'Azure OpenAI', startsOn: '06-01', endsOn: '03-31' },
  /** A batch machine is created on 1 January and deleted after 14 August, every year. */
  deletedResource: { customer: 2, subscription: 0, resource: 'vm-batch-nightly', from: '01-01', lastDay: '08-14' },
  /** The last subscription was deleted: its last usage is of this day, and its status is Deleted from the day after. */
  deletedSubscription: { customer: 4, lastUsage: '2026-03-31' },
  /** Has subscriptions and never any usage. */
  noUsage: { customer: 5 },
  /** Has no subscription at all. */
  noSubscriptions: { customer: 7 },
  /** Names that break careless tables, spreadsheets and layouts. */
  names: new Map<number, string>([
    [6, '北星みなと精機株式会社'],
    [8, 'Larch, Fenn "North Quay" and Daughters'],
    [9, '=SUM Analytics'],
    [10, 'Brook & Sons <Retail>'],
    [11, 'شركة نخيل الساحل للتجهيزات'],
    [12, 'מאפיית הגבעה הכחולה'],
    [
      13,
      'Consolidated Upper Marrowdale and Lower Marrowdale Agricultural Machinery Repair and Grain Drying Cooperative',
    ],
  ]),
  /**
   * Of any three neighbouring customers the last has the cost policy off; changing it takes a while for every second
   * customer, in the newest api-version.
   */
  costPolicy: { every: 3, off: 2, slowEvery: 2, slow: 1 },
  /** The two old invoices that are not simply paid; months count back from the open month. */
  invoices: { overDue: { currency: 'EUR', monthsBack: 2 }, void: { currency: 'JPY', monthsBack: 5 } },
} as const;

/** MM-DD, which compares as text in calendar order. */
const monthDay = (dayNumber: number): string => new Date(dayNumber * 86_400_000).toISOString().slice(5, 10);

export function isSpikeDay(dayNumber: number): boolean {
  const text = monthDay(dayNumber);
  return text >= STORIES.spike.fromMonthDay && text <= STORIES.spike.toMonthDay;
}

export function isNewServiceDay(dayNumber: number): boolean {
  const even = Math.floor(monthOf(dayNumber) / 12) % 2 === 0;
  const text = monthDay(dayNumber);
  return even ? text >= STORIES.newService.startsOn : text <= STORIES.newService.endsOn;
}

export function isBatchMachineDay(dayNumber: number): boolean {
  return monthDay(dayNumber) <= STORIES.deletedResource.lastDay;
}

export function isBeforeSubscriptionDeletion(dayNumber: number): boolean {
  return dayNumber <= day(STORIES.deletedSubscription.lastUsage);
}

/** Whether the deleted subscription is reported as deleted at this moment. */
export function isSubscriptionDeleted(now: Date): boolean {
  return !isBeforeSubscriptionDeletion(dayOf(now));
}

/** Whether a customer's users may not see its charges until somebody allows it. */
export function isCostPolicyOff(customerIndex: number): boolean {
  return customerIndex % STORIES.costPolicy.every === STORIES.costPolicy.off;
}

/** Whether a change of the customer's policy is a long-running operation. */
export function isCostPolicySlow(customerIndex: number): boolean {
  return customerIndex % STORIES.costPolicy.slowEvery === STORIES.costPolicy.slow;
}
