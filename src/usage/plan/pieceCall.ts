import type { CostDetailsRequest } from '../../api/arm/costDetailsRules.ts';
import type { CostQuery } from '../../api/arm/costQuery.ts';
import type { BillingParent } from '../../api/arm/parent.ts';
import type { TransactionType } from '../../api/arm/transactions.ts';
import type { UsageMetric } from '../../api/arm/usageDetailsRules.ts';
import type { LineItemQuery } from '../../api/partnerCenter/lineItemRules.ts';
import type { UtilizationRequest } from '../partner/utilizationPages.ts';
import type { UsageRecordsSubject } from '../partner/writeUsageRecords.ts';
import type { Period } from '../period.ts';

/** How one piece is asked for. Plain data: it is kept on the disk, so it holds no token and no signature. */
export type PieceCall =
  | { call: 'usageDetails'; scope: string; period?: Period; metric?: UsageMetric }
  /** One report. `hasRows`: usage details have shown some of its rows. */
  | { call: 'costDetails'; scope: string; request: CostDetailsRequest; hasRows?: boolean }
  | { call: 'usageRecords'; subject: UsageRecordsSubject }
  | { call: 'utilization'; request: UtilizationRequest }
  | { call: 'lineItems'; query: LineItemQuery }
  /** One file of a billing export that is ready, by the address of its operation. */
  | { call: 'billingExport'; operation: string; file: string }
  | { call: 'transactions'; parent: BillingParent; period: Period; type?: TransactionType }
  | { call: 'invoiceTransactions'; parent: BillingParent; invoice: string }
  | { call: 'query'; scope: string; query: CostQuery; top?: number }
  /** An entry of what was fetched before, by its name: nothing is sent. */
  | { call: 'kept'; entry: string };
