/**
 * Whether digits are an amount that a spending budget can have: a plain decimal number from 0 on (article "Update a customer's usage spending
 * budget"). Limits are ours: 18 digits before the point and 20 behind it are more than any money has.
 */
export function isSpendingAmount(digits: string): boolean {
  return /^(0|[1-9]\d{0,17})(\.\d{1,20})?$/.test(digits.trim());
}
