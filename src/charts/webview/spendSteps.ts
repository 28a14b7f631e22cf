import type { SpendPicture } from '../../spend/spendShapes.ts';

/** A column of a picture. */
export type Step = SpendPicture['steps'][number];

/** What to say in place of an amount that is nothing, or is not known; undefined where there is one to show. */
export function nothingOf(step: Step, digits: string | null): string | undefined {
  if (digits === null) {
    return step.state === 'unread' ? 'not read yet' : step.state === 'ahead' ? 'still to come' : noCost(step);
  }
  return isZero(digits) ? noCost(step) : undefined;
}

/** Whether it is known that nothing of a step was spent, and nothing refunded either. */
export function isWithoutCost({ series, totals }: SpendPicture, column: number): boolean {
  return isZero(totals[column] ?? '') && series.every(({ values }) => isZero(values[column] ?? '0'));
}

/** What stands behind the name of a step in a list: whether its amounts are the last word. */
export function stepNote({ state, open }: Step): string {
  switch (state) {
    case 'unread':
      return ' (not read yet)';
    case 'today':
      return ' (today, open)';
    case 'ahead':
      return ' (still to come)';
    default:
      return open ? ' (open)' : '';
  }
}

function noCost({ open }: Step): string {
  return open ? 'no cost yet' : 'no cost';
}

function isZero(digits: string): boolean {
  return /^-?0+(\.0+)?$/.test(digits);
}
