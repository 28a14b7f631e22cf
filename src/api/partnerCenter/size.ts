import { refused } from '../arm/input.ts';

/**
 * Refuses a page size that the service does not have: it would answer with another one, or with an error that names no field.
 *
 * @throws BillingError of kind `argument`
 */
export function requireSize(size: number | undefined, largest: number): void {
  if (size !== undefined && (!Number.isInteger(size) || size < 1 || size > largest)) {
    throw refused('size', `${String(size)} is not a number of rows between 1 and ${largest}.`);
  }
}
