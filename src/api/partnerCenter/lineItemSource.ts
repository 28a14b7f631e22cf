import type { AzureCloud } from '../clouds.ts';
import type { LineItemProvider, LineItemType } from './lineItemRules.ts';

/** Lines as the service tells them apart. */
export interface LinesWanted {
  provider: LineItemProvider;
  type: LineItemType;
  /** Month of the invoice, `YYYY-MM`; left out for what is unbilled. */
  month?: string | undefined;
  cloud: AzureCloud;
}

/**
 * First months that are in the billing exports of Microsoft Graph and, since April 2025, no longer in the line items of Partner Center
 * (REST reference: Get invoice billed commercial consumption line items; Get invoice line items).
 */
const EXPORTED_SINCE: Readonly<Record<LineItemType, string>> = {
  usagelineitems: '2022-09',
  billinglineitems: '2024-02',
};

/**
 * Where lines are to be had: the exports of Microsoft Graph for all that they hold, the line items of Partner Center for the rest, which is
 * legacy commerce, months before the exports, and clouds without them.
 */
export function lineItemSource({ provider, type, month, cloud }: LinesWanted): 'graph' | 'lineItems' {
  const legacy = provider === 'azure' || provider === 'office';
  const exported = month === undefined || month >= EXPORTED_SINCE[type];
  return cloud === 'public' && !legacy && exported ? 'graph' : 'lineItems';
}
