import type { ChosenUtilization } from '../contributions.ts';
import { displayText } from '../workbench/text.ts';

/** Names from the service can be of any length; a row has room for so many characters. */
const LONGEST_NAME = 160;

/** A name from the service as one short line. Empty becomes the fallback. */
export function shortName(name: string, fallback: string): string {
  const clean = displayText(name, fallback);
  const characters = [...clean];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : clean;
}

/** A unit from the service as people read it. Two that read alike may still be two: they are told apart as they were sent. */
export function unitName(unit: string): string {
  return shortName(unit, 'no unit');
}

/** A unit as it stands behind digits: `Hours`, but `× 10,000s`, which digits would run into. */
export function unitText(unit: string): string {
  const name = unitName(unit);
  return /^\d/.test(name) ? `× ${name}` : name;
}

/** What the log calls a window: ids, because the title has the customer's name in it. */
export function nameForLog({ argument }: ChosenUtilization): string {
  return `[${argument.connection}] Utilization of ${argument.subscriptionId}`;
}
