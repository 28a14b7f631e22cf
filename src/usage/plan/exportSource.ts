import type { ArmClient } from '../../api/arm/armClient.ts';
import type { CostQuery } from '../../api/arm/costQuery.ts';
import type { BillingParent } from '../../api/arm/parent.ts';
import type { TransactionType } from '../../api/arm/transactions.ts';
import type { UsageMetric } from '../../api/arm/usageDetailsRules.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import type { LineItemsPeriod, LineItemsRequest } from '../partner/lineItemCall.ts';
import type { UtilizationRequest } from '../partner/utilizationPages.ts';
import type { UsageRecordsSubject } from '../partner/writeUsageRecords.ts';
import type { Period } from '../period.ts';
import type { PieceChunk, PieceReadOptions, Plan } from './plan.ts';

/** One of several scopes in a file: its path, and what people call it. */
export interface LabelledScope {
  scope: string;
  label?: string;
}

/** Usage details of one scope or several, or Cost Details where they are better. */
export interface UsageDetailsSource {
  kind: 'usageDetails';
  /** At least one. */
  scopes: readonly LabelledScope[];
  /** Not for invoices, which have their own; left out: the period that is open. */
  period?: Period;
  /** Left out: actual cost, as the service does. */
  metric?: UsageMetric;
}

/** Transactions of a period, or those of one invoice. */
export type TransactionsSource = { kind: 'transactions'; parent: BillingParent } & (
  | { period: Period; type?: TransactionType }
  | { invoice: string }
);

/**
 * What an export asks for. Plain data without secrets: it is written to the disk and read again after a restart. What it says is
 * checked when it is planned.
 */
export type ExportSource =
  | UsageDetailsSource
  | ({ kind: 'usageRecords' } & UsageRecordsSubject)
  /** Utilization of one subscription or several in a window of report time. */
  | ({
      kind: 'utilization';
      subscriptions: readonly (Pick<UtilizationRequest, 'customer' | 'subscription'> & { label?: string })[];
    } & Omit<UtilizationRequest, 'customer' | 'subscription'>)
  /** The lines that are rated usage: those of new commerce, or of a legacy invoice (`D…`). */
  | ({ kind: 'ratedUsage' } & LineItemsPeriod & Pick<LineItemsRequest, 'customer' | 'subscription' | 'fragment'>)
  | ({ kind: 'lineItems' } & LineItemsRequest)
  | TransactionsSource
  /** The rows of a cost query; `top` is rows a page, 1 to 5000. */
  | { kind: 'query'; scope: string; query: CostQuery; top?: number };

/** What was fetched before and may be used in place of a fetch, for one connection and whoever is signed in there. */
export interface KeptUsage {
  /** Undefined unless all of it is there and fresh; then the service has to be asked. Nothing is sent, and nothing but a plan comes of it. */
  plan(source: ExportSource): Promise<Plan | undefined>;
  /**
   * The answers of one entry of such a plan, as they were sent.
   *
   * @throws BillingError when it is gone, is another person's, or was damaged: then the export has to be started again
   */
  read(entry: string, options?: PieceReadOptions): AsyncGenerator<PieceChunk, void, undefined>;
}

/** The clients of one connection. */
export interface ExportClients {
  /** Asked first. Undefined: nothing is kept, or it is not wanted. */
  kept?: KeptUsage | undefined;
  arm: ArmClient;
  /** Undefined: the connection has no Partner Center. */
  partnerCenter?: PartnerCenterClient | undefined;
  /** Undefined: the connection has no Microsoft Graph. */
  graph?: GraphClient | undefined;
}
