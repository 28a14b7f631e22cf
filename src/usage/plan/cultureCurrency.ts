import { usageCurrency } from '../../api/partnerCenter/usageCurrency.ts';

/** The currency of a culture such as `fr-FR`, which usage records of legacy Azure have in place of one; empty when it is not known. */
export function cultureCurrency(currencyLocale: string): string {
  return usageCurrency({ currencyLocale }) ?? '';
}
