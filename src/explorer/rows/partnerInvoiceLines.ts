import { lineItemKind } from '../../api/partnerCenter/lineItemRules.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { lines } from './tooltip.ts';

const WORDS = {
  DailyRatedUsageLineItem: ['Daily rated usage', 'a row for each day, meter and resource, with its price'],
  OneTimeInvoiceLineItem: ['Charges', 'what the total of the invoice is the sum of'],
  UsageBasedLineItem: ['Azure charges', 'the sums of the period by subscription and meter'],
  DailyUsageLineItem: ['Azure usage', 'a row for each day and meter, without prices'],
  LicenseBasedLineItem: ['Licence charges', 'licences and other subscriptions without usage'],
} as const;

/** The kinds of lines that an invoice has, a row each. */
export function invoiceLineNodes({ lines: kinds = [], invoice, currency, title }: ExplorerNode): ChildNode[] {
  return kinds.map((kind) => {
    const [label, meaning] = WORDS[lineItemKind(kind)];
    return {
      key: `${kind.provider} ${kind.type}`,
      kind: 'partnerInvoiceLines',
      label,
      description: kind.provider === 'marketplace' ? 'marketplace' : undefined,
      tooltip: lines(`${label}: ${meaning}`, `Provider: ${kind.provider}`, `Lines: ${kind.type}`),
      title: [title, label].filter(Boolean).join(' '),
      expandable: false,
      invoice,
      currency,
      lineProvider: kind.provider,
      lineType: kind.type,
      abilities: ['lineItems'],
    };
  });
}
