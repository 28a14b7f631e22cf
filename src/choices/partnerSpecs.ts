import type { LineItemProvider, LineItemType } from '../api/partnerCenter/lineItemRules.ts';
import type { DocumentFormat } from '../contributions.ts';

export interface PartnerDocument {
  connection: string;
  format: DocumentFormat;
  /** Tenant id. */
  customer?: string | undefined;
  /** Id in Partner Center: Commerce id of a legacy subscription, id of an Azure plan. */
  subscription?: string | undefined;
}

/** What usage records are rows of. */
export const USAGE_RECORD_SUBJECTS = ['subscriptions', 'customers', 'meters', 'resources'] as const;

export interface UsageRecordsSpec extends PartnerDocument {
  kind: 'usageRecords';
  of: (typeof USAGE_RECORD_SUBJECTS)[number];
}

export interface UtilizationSpec extends PartnerDocument {
  kind: 'utilization';
  customer: string;
  subscription: string;
  /** Time of report, UTC, on a boundary of the granularity; the end is not included. */
  start: string;
  end: string;
  granularity: 'daily' | 'hourly';
  showDetails: boolean;
  size?: number | undefined;
  /** UTC: what was asked for, where that was within a day (daily) or an hour (hourly) and the window has the boundary before it. */
  askedStart?: string | undefined;
  askedEnd?: string | undefined;
}

/** Of an invoice, or of an open period in one currency. */
interface LinesDocument extends PartnerDocument {
  invoice?: string | undefined;
  period?: 'current' | 'last' | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  fragment?: 'full' | 'basic' | undefined;
}

export interface RatedUsageSpec extends LinesDocument {
  kind: 'ratedUsage';
}

export interface LineItemsSpec extends LinesDocument {
  kind: 'lineItems';
  provider: LineItemProvider;
  type: LineItemType;
}

/** All that is needed to build a document of Partner Center again. */
export type PartnerDocumentSpec = UsageRecordsSpec | UtilizationSpec | RatedUsageSpec | LineItemsSpec;
