import {
  type LineItemKind,
  type LineItemProvider,
  type LineItemType,
  lineItemKind,
} from '../api/partnerCenter/lineItemRules.ts';

interface Words {
  provider: LineItemProvider;
  type: LineItemType;
}

/** As the rows of an invoice in the tree call them. */
const NAMES: Readonly<Record<LineItemKind, string>> = {
  DailyRatedUsageLineItem: 'daily rated usage',
  OneTimeInvoiceLineItem: 'charges',
  UsageBasedLineItem: 'Azure charges',
  DailyUsageLineItem: 'Azure usage',
  LicenseBasedLineItem: 'licence charges',
};

/** What a kind of line items is called. */
export function lineItemsName(words: Words): string {
  return NAMES[lineItemKind(words)];
}

/** Whether such lines have quantities and no prices. */
export function isUnrated(words: Words): boolean {
  return lineItemKind(words) === 'DailyUsageLineItem';
}

/** Whether such lines are daily rated usage, which is not all of an invoice. */
export function isRatedUsage(words: Words): boolean {
  return lineItemKind(words) === 'DailyRatedUsageLineItem';
}
