import { dayOf } from '../api/arm/days.ts';
import { isMissing, isObject } from '../api/arm/problems.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { sameNumber } from '../json/sameNumber.ts';

/** Members whose words the service compares without case. */
const WORDS: ReadonlySet<string> = new Set([
  'category',
  'timeGrain',
  'operator',
  'thresholdType',
  'frequency',
  'locale',
]);

const DATES: ReadonlySet<string> = new Set(['startDate', 'endDate']);

/**
 * Whether two values mean the same to the service: numbers by their value, dates by their UTC day, words without case, objects
 * whatever the order of their members. Nothing and null are the same.
 *
 * @param member the name of the member that has the value, or '' where it has none of the budget's own
 */
export function sameValue(member: string, one: unknown, other: unknown): boolean {
  if (isMissing(one) || isMissing(other)) {
    return isMissing(one) && isMissing(other);
  }
  if (isNumber(one) && isNumber(other)) {
    return sameNumber(digitsOf(one), digitsOf(other));
  }
  if (typeof one === 'string' && typeof other === 'string') {
    return (
      one === other || (WORDS.has(member) && one.toLowerCase() === other.toLowerCase()) || sameDay(member, one, other)
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameValue('', item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].every((key) => sameValue(key, valueIn(one, key), valueIn(other, key)));
  }
  return one === other;
}

function sameDay(member: string, one: string, other: string): boolean {
  const day = DATES.has(member) ? dayOf(one) : undefined;
  return day !== undefined && day === dayOf(other);
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** An own member: names of notifications are people's, and `constructor` is one. */
export function valueIn(object: unknown, key: string): unknown {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}
