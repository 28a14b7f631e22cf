import { BillingError } from '../http/errors.ts';
import { dayOf } from './days.ts';

/** First and last day, both inclusive, `YYYY-MM-DD`, UTC. */
export interface DayPeriod {
  from: string;
  to: string;
}

/**
 * Refuses what is no period before a call is sent; services answer such periods in many ways, one of them an empty list.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function requirePeriod(period: DayPeriod): void {
  for (const [name, day] of Object.entries({ from: period.from, to: period.to })) {
    if (dayOf(day) !== day) {
      throw new BillingError('argument', `period.${name}: '${String(day).slice(0, 60)}' is not a day.`, {
        advice: 'Use YYYY-MM-DD, for example 2026-10-31.',
      });
    }
  }
  if (period.from > period.to) {
    throw new BillingError('argument', `period: 'from' (${period.from}) is after 'to' (${period.to}).`, {
      advice: 'Swap the two days.',
    });
  }
}
