import { compareDigits } from '../budgeting/decimal.ts';

/** Plain digits of an amount above 0 as they were written; undefined for anything else. */
export function readAmount(text: string): string | undefined {
  const digits = text.trim().replace(/^0+(?=\d)/, '');
  return /^\d{1,15}(\.\d{1,20})?$/.test(digits) && compareDigits(digits, '0') > 0 ? digits : undefined;
}

/** Mail addresses with commas, semicolons or spaces between, each once. */
export function mailsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((mail) => mail !== ''))];
}

/** Refuses what is no amount, while it is typed. */
export function amountProblem(text: string): string | undefined {
  return readAmount(text) === undefined
    ? 'Write a number above 0, such as 2500 or 99.50, with a point before the decimals.'
    : undefined;
}
