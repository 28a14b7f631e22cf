import type { Uri } from 'vscode';

/**
 * The one table of what the manifest contributes and what it means in code: commands with their arguments and results,
 * settings, the view, context keys. A test proves that package.json agrees.
 */

/** The clouds of Azure; `custom` has the addresses that the entry gives. */
export const CONNECTION_CLOUDS = ['public', 'usGovernment', 'china', 'custom'] as const;

/** Ways to sign in. `none` sends no token and is accepted for services on this machine only. */
export const CREDENTIALS = ['editor', 'azureCli', 'servicePrincipal', 'deviceCode', 'default', 'none'] as const;

/** Who and what a connection talks to; the setting `azureBilling.connections` holds a list of these. Secrets are never in it. */
export interface Connection {
  /** Unique without regard to case; part of every document address. */
  name: string;
  cloud: (typeof CONNECTION_CLOUDS)[number];
  credential: (typeof CREDENTIALS)[number];
  /** Id or domain. Left out: the sign-in's home tenant. Required for a service principal. */
  tenantId?: string;
  /** Id of an app registration. Required for a service principal. */
  clientId?: string;
  /** Of the cloud `custom` only, and required there. */
  endpoints?: Endpoints;
}

/** Base addresses without a trailing slash. A token for a service is always for the origin of its address. */
export interface Endpoints {
  resourceManager: string;
  /** Left out: this connection has no Partner Center. */
  partnerCenter?: string;
  /** Left out: it has no Microsoft Graph. */
  graph?: string;
  /** Gives the tokens; required unless the credential is `none`. */
  authority?: string;
}

/** A name in the list of services of a connection test. */
export interface ServiceAccess {
  service: 'resourceManager' | 'partnerCenter' | 'graph';
  /** `limited`: signed in, but less is seen than a partner sees. `none`: refused. `absent`: the connection has no such service. */
  access: 'full' | 'limited' | 'none' | 'absent';
  /** One sentence: what is seen, or why nothing is. */
  summary: string;
  /** What to do about what is missing, a sentence each. */
  advice: string[];
}

/** What a sign-in can see. */
export interface ConnectionReport {
  connection: string;
  /** ISO 8601, UTC. */
  at: string;
  signedIn: boolean;
  actor: 'user' | 'app' | 'unknown' | 'nobody';
  accounts: SeenAccount[];
  /** Whether there are more accounts than were looked at. */
  moreAccounts: boolean;
  services: ServiceAccess[];
}

/** A billing account as a sign-in sees it. */
export interface SeenAccount {
  name: string;
  displayName: string;
  /** MicrosoftPartnerAgreement, MicrosoftCustomerAgreement, …; absent when the service does not tell. */
  agreement?: string;
  /** How many billing permissions the sign-in has there; absent when that could not be read. */
  permissions?: number;
  /** Why they could not be read. */
  problem?: string;
}

/** Days `{from, to}` (inclusive, `YYYY-MM-DD`, UTC), a month `2026-10`, or a name such as `MonthToDate`. */
export type PeriodArgument = string | { from: string; to: string };

export const DOCUMENT_FORMATS = ['csv', 'json', 'ndjson'] as const;

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** What the costs of usage rows are. */
export const USAGE_METRICS = ['ActualCost', 'AmortizedCost', 'Usage'] as const;

export type UsageMetricArgument = (typeof USAGE_METRICS)[number];

/** A condition on usage rows in the words of Cost Management. */
export interface UsageConditionArgument {
  /** A dimension such as `ServiceName` that usage rows tell too, or `tag:<key>`. */
  by: string;
  /** The row has one of these, compared without case; an empty text stands for none at all. */
  values: readonly string[];
  /** The row has none of them. */
  not?: true | undefined;
}

export interface OpenUsageArgument {
  /** Name of a connection. */
  connection: string;
  /** ARM scope path: billing account, billing profile, customer, invoice or subscription. */
  scope: string;
  /** Left out: the month to date; an invoice has its own period and takes none. */
  period?: PeriodArgument;
  /** Left out: actual cost, as Azure does. */
  metric?: UsageMetricArgument;
  /** Rows are kept when all conditions hold; left out: all. The period is fetched as a whole all the same. */
  only?: readonly UsageConditionArgument[];
  /** Left out: the setting `azureBilling.documents.format`. */
  format?: DocumentFormat;
  /** What the tab calls the scope; left out: the last part of the scope. */
  label?: string;
}

/** What usage records of Partner Center are rows of. */
type UsageRecordSubject = 'customers' | 'subscriptions' | 'meters' | 'resources';

export interface OpenUsageRecordsArgument {
  connection: string;
  /** Tenant id of the customer; not for usage of customers. */
  customerId?: string;
  /** Id in Partner Center, for usage of meters and resources. */
  subscriptionId?: string;
  /** Left out: what the ids tell, `customers` without any, `subscriptions` of a customer, `meters` of a subscription. */
  of?: UsageRecordSubject;
  /** Left out: the setting `azureBilling.documents.format`. */
  format?: DocumentFormat;
  /** What the tab calls the customer or subscription; left out: its id. */
  label?: string;
}

export interface OpenUtilizationArgument {
  connection: string;
  /** Tenant id of the customer. */
  customerId: string;
  /** Commerce subscription id: the id that a legacy Azure subscription has in Partner Center. */
  subscriptionId: string;
  /** Time of report: a day, or a date-time with `Z` or an offset. A midnight (daily) or full hour (hourly) in UTC, else it is refused. */
  start: string;
  /** Likewise; not included. */
  end: string;
  /** Left out: daily. */
  granularity?: 'daily' | 'hourly';
  /** Left out: true, a row for each resource; else for each meter. */
  showDetails?: boolean;
  /** Records a page, 1 to 1000; left out: 1000. */
  size?: number;
  format?: DocumentFormat;
  label?: string;
}

/** As `openUtilization` takes it, without a format. */
export type ShowUtilizationArgument = Omit<OpenUtilizationArgument, 'format'>;

/** A window of utilization that was checked, and what its panel is called. */
export interface ChosenUtilization {
  argument: ShowUtilizationArgument & { granularity: 'daily' | 'hourly'; showDetails: boolean };
  title: string;
}

/** What a heat map shows; there is none of a part of a window. */
export interface ShownUtilization {
  rows: number;
  pages: number;
  /** Unit → exact digits of the quantity, as a document of the same window has it. */
  totals: Record<string, string>;
  requestIds: string[];
  /** Date-time, UTC. */
  fetchedAt: string;
}

export interface OpenRatedUsageArgument {
  connection: string;
  /** Rows of this customer (tenant id); left out: of all. */
  customerId?: string;
  /** Rows of this Azure plan of the customer (id in Partner Center). */
  subscriptionId?: string;
  /** Id of an invoice of Partner Center; left out: what has none yet. */
  invoice?: string;
  /** What has no invoice: of the running month (when left out), or of the month that is over. */
  period?: 'current' | 'last';
  /** ISO 4217; needed for what has no invoice. */
  currency?: string;
  /** Attributes of the rows; left out: full. */
  fragment?: 'full' | 'basic';
  format?: DocumentFormat;
  label?: string;
}

/** Line items of an invoice, or of what has none yet: one kind of them, by provider and type. */
export interface OpenLineItemsArgument extends OpenRatedUsageArgument {
  /** `onetime` is all of new commerce (`marketplace` and `all` are other names for it); `azure` and `office` are legacy commerce. */
  provider: 'onetime' | 'marketplace' | 'all' | 'azure' | 'office';
  /** What is charged, or the use behind it; licences have no use. */
  type: 'billinglineitems' | 'usagelineitems';
}

/** A row of the tree, as far as commands of other parts need to know it. */
export interface NodeArgument {
  id: string;
  /** What it stands for, as the tree calls it. */
  kind?: string | undefined;
  connection: string;
  label: string;
  /** Where usage can be opened. */
  scope?: string | undefined;
  /** What documents of it are called, where the label alone would not do. */
  title?: string | undefined;
  /** Names of what the row stands for, and of what it is below. */
  account?: string | undefined;
  profile?: string | undefined;
  customer?: string | undefined;
  invoice?: string | undefined;
  /** Of an invoice: its day, `YYYY-MM-DD`, UTC. */
  invoiceDate?: string | undefined;
  /** Scope path of Cost Management, of a budget, alert, export or run. */
  costScope?: string | undefined;
  exportName?: string | undefined;
  run?: string | undefined;
  alert?: string | undefined;
  /** Name of a budget of Azure Resource Manager. */
  budget?: string | undefined;
  /** Resource id as the service sent it. */
  resourceId?: string | undefined;
  /** Rows of Partner Center: the id that a subscription has there, the Commerce id or that of an Azure plan. */
  subscription?: string | undefined;
  subscriptionKind?: 'legacyAzure' | 'azurePlan' | undefined;
  /** What can be done: words that the manifest's menus match. */
  abilities?: readonly string[] | undefined;
  /** Of line items of an invoice: which kind, as the invoice or as requests call it. */
  lineProvider?: string | undefined;
  lineType?: string | undefined;
  /** ISO 4217, of an invoice of Partner Center. */
  currency?: string | undefined;
  /** The spending budget of a customer as it was shown. */
  spendingBudget?: { amount: string | undefined; currency: string | undefined } | undefined;
}

/** How `copyRequest` writes a call. */
export const REQUEST_STYLES = ['rest', 'azRest', 'powerShell', 'curl'] as const;

export type RequestStyle = (typeof REQUEST_STYLES)[number];

export interface CopyRequestArgument {
  /** Id of a row of the tree. */
  id?: string;
  /** Address of a usage document; left out together with `id`: the document in front. */
  document?: string;
  /** Left out: asked for. */
  style?: RequestStyle;
}

export interface OpenJsonArgument {
  connection: string;
  /** Left out: Azure Resource Manager. */
  source?: 'arm' | 'partnerCenter';
  /**
   * Path and query of a GET of Microsoft.Billing, Microsoft.Consumption or Microsoft.CostManagement; of Partner Center, what is behind
   * its version: customers, their subscriptions and usage, invoices, rate cards.
   */
  path: string;
}

export const COST_GRANULARITIES = ['None', 'Daily', 'Monthly'] as const;

export interface OpenCostsArgument {
  connection: string;
  /** Scope path of Cost Management. */
  scope: string;
  /** Left out: the month to date. */
  period?: PeriodArgument;
  /** Two dimensions at most, as the scope calls them; left out: none, one sum. */
  groupBy?: readonly string[];
  /** Left out: None. */
  granularity?: (typeof COST_GRANULARITIES)[number];
  /** Left out: csv. */
  format?: 'csv' | 'json';
  /** What the tab calls the scope; left out: the last part of the scope. */
  label?: string;
}

/** What a spend panel shows; a view file (`*.spend.json`) holds the same. What is left out has a default. */
export interface ShowSpendArgument {
  connection: string;
  /** Scope path of Cost Management, or `/partnerCenter/customers/<tenant id>`. */
  scope: string;
  /** What the panel calls the scope; left out: the last part of the scope. */
  label?: string;
  /** Left out: the month to date. */
  period?: PeriodArgument;
  /** `auto`: days up to three months, else months. */
  granularity?: 'auto' | 'daily' | 'monthly';
  /** A dimension as the scope calls it, `tag:<key>`, or an empty text for one sum; left out: by service. */
  groupBy?: string;
  filters?: readonly UsageConditionArgument[];
  metric?: 'actual' | 'amortized';
  /** What costs are counted in. */
  currency?: 'billing' | 'usd' | 'pricing';
  /** ISO 4217: which one is shown where a scope has several. */
  code?: string;
  compareWith?: 'previous' | 'lastYear';
  /** How many groups are shown by themselves, 1 to 50. */
  top?: number;
  view?: 'columns' | 'cumulative' | 'breakdown' | 'comparison' | 'table';
}

/** What a spend panel has read. */
export interface ShownSpend {
  /** Days, UTC, inclusive. */
  period: { from: string; to: string };
  /** ISO 4217: the one that is shown. */
  currency: string;
  /** All that the scope has, the one that is shown among them; none where there is no cost. */
  currencies: string[];
  /** Exact digits, in that currency. */
  total: string;
  /** Date-time, UTC. */
  fetchedAt: string;
}

/** What becomes of the picture of a spend panel. */
export const SPEND_SAVES = ['png', 'svg', 'csv', 'markdown', 'view'] as const;

export interface SaveSpendArgument {
  as: (typeof SPEND_SAVES)[number];
  /** Absolute path; replaced when it is there. Left out: asked for. Markdown goes to the clipboard without one. */
  file?: string;
}

export interface AlertArgument {
  connection: string;
  /** Scope path of Cost Management. */
  scope: string;
  /** Name of the alert, a GUID. */
  alert: string;
}

/** A budget of Cost Management or Consumption. */
export interface BudgetArgument {
  /** Name of a connection. */
  connection: string;
  /** Scope path of Cost Management: billing account, billing profile, customer, subscription, resource group. */
  scope: string;
  name: string;
  /** Which service keeps it. Left out: Cost Management, and Consumption for customers under the seed versions. */
  provider?: 'costManagement' | 'consumption';
}

export interface EditBudgetArgument extends BudgetArgument {
  /** Its new `properties`, written without a question. Left out: a tab is opened. */
  body?: Readonly<Record<string, unknown>>;
  /** What the budget had when the new properties were made from it: with another one by now nothing is written. */
  eTag?: string;
}

export interface SetBudgetAmountArgument extends BudgetArgument {
  /** A text of decimal digits keeps all of them. Left out: asked for. */
  amount?: number | string;
}

/** A notification of a budget as the service takes it (REST reference: Budgets - Create Or Update). */
export interface SetBudgetAlertsArgument extends BudgetArgument {
  /** All notifications that the budget shall have, by name. Left out: asked for. */
  notifications?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface CreateBudgetArgument extends Omit<BudgetArgument, 'name'> {
  /** Left out: asked for. */
  name?: string;
  /** Its `properties`, written without a question. Left out: asked for, and a tab is opened. */
  body?: Readonly<Record<string, unknown>>;
}

/** A budget as the service holds it. Digits that a double would lose are objects with `digits`. */
export interface HeldBudget {
  name?: string | null | undefined;
  eTag?: string | null | undefined;
  properties: Readonly<Record<string, unknown>>;
}

export interface ExportArgument {
  connection: string;
  /** Scope path of Cost Management. */
  scope: string;
  /** Name of the export. */
  export: string;
}

export interface RunExportArgument extends ExportArgument {
  /** Days of the past, inclusive, `YYYY-MM-DD`, at most a month; left out, the export's own period. */
  period?: { from: string; to: string };
}

export interface WriteExportArgument extends ExportArgument {
  /** The export as the service takes it; without `eTag` it must not exist yet. */
  body: Readonly<Record<string, unknown>>;
}

export type ViewCharges = 'Allowed' | 'NotAllowed';

/** What the states of a cost policy are called, and what they mean. */
export const COST_POLICY_WORDS: Readonly<Record<ViewCharges, { label: string; meaning: string }>> = {
  Allowed: {
    label: 'On',
    meaning: "People in the customer's tenant with access to a subscription see its charges, at retail rates.",
  },
  NotAllowed: { label: 'Off', meaning: "People in the customer's tenant see no charges." },
};

export interface CostPolicyArgument {
  connection: string;
  /** Name of the billing account. */
  account: string;
  /** Name of the customer, typically its tenant id. */
  customer: string;
  /** Left out by `setCostPolicy`: asked for, with a confirmation. */
  viewCharges?: ViewCharges;
}

export interface SpendingBudgetArgument {
  connection: string;
  /** Tenant id of the customer. */
  customerId: string;
}

/** An amount in the currency of the customer's usage; a text of decimal digits keeps all of them. Null: no budget. */
export type SpendingAmount = number | string | null;

export interface SetSpendingBudgetArgument extends SpendingBudgetArgument {
  /** Left out: asked for, with a confirmation. */
  amount?: SpendingAmount;
  /** What it was when it was read: with another budget by now nothing is written. Left out: the last writer wins. */
  expected?: SpendingAmount;
}

/** Many scopes: by their paths, and all customers of a billing account or profile. */
export interface BudgetScopes {
  connection: string;
  /** Scope paths of Cost Management. */
  scopes?: readonly string[];
  /** Scope path of a billing account or billing profile: all its customers. */
  customersOf?: string;
}

/** Rows that show the budgets of these scopes, wherever they are in the tree. */
export interface RefreshBudgetsArgument {
  connection: string;
  /** Scope paths of Cost Management. */
  budgetsOf: readonly string[];
}

export interface ApplyBudgetArgument extends BudgetScopes {
  /** Name of the budget, in every scope. */
  name?: string;
  /** What is written: the `properties` of a budget. */
  body?: Readonly<Record<string, unknown>>;
  /** Another budget in place of `body`; its name is the `name` that is left out. */
  like?: { scope: string; name: string };
  /** ISO 4217: what the amount is meant in; scopes in another currency are left out. Left out: whatever each is billed in. */
  currency?: string;
  /** Writes; left out, nothing is written and the result tells what would be. */
  run?: boolean;
  /** Id of a run that was interrupted, which goes on; all else is left out then. */
  goOn?: string;
}

/** What became of each scope. */
export interface AppliedBudget {
  /** Id of the run: a later call goes on with what is not done. */
  run: string;
  rows: {
    scope: string;
    label: string;
    action: 'create' | 'change' | 'unchanged' | 'notAllowed';
    state: 'pending' | 'done' | 'failed';
    /** The exact change, a sentence a field. */
    changes: string[];
    /** Why it failed or is not allowed. */
    reason?: string;
  }[];
}

/** How well scopes are covered by budgets. */
export interface ShownCoverage {
  scope: string;
  label: string;
  /** `silent`: budgets in force, and none tells anybody. `future`: none has begun. `unknown`: they could not be read. */
  state: 'covered' | 'silent' | 'expired' | 'future' | 'none' | 'unknown';
  budgets: { name: string; gaps: string[] }[];
  failure?: string;
}

export interface BackTestArgument {
  connection: string;
  /** Scope path of Cost Management. */
  scope: string;
  name: string;
  /** The `properties` to test in place of what the service holds: of a document that is not saved. */
  body?: Readonly<Record<string, unknown>>;
}

/** When the notifications of a budget would have been sent in the last 12 months. */
export interface ShownBackTest {
  /** Days, UTC, both inclusive. */
  window: { from: string; to: string };
  notifications: {
    name: string;
    /** Days, UTC: on which the threshold was passed. */
    days: string[];
    /** By our own extrapolation: what the service foresaw is not kept anywhere. */
    estimated: boolean;
    /** Why it cannot be tested. */
    reason?: string;
  }[];
}

export interface FilterCustomersArgument {
  /** Name of a connection with a Partner Center. */
  connection: string;
  /** What names have to begin with, in any case; an empty text lists all. Left out: asked for. */
  text?: string;
}

export interface DownloadStatementArgument {
  connection: string;
  /** Id of an invoice in Partner Center, `G012345678` or `D012345678`. */
  invoice: string;
  /** Absolute path; replaced when it is there. Left out: asked for. */
  file?: string;
}

/** What "why?" is asked about. */
export interface AccessQuestion {
  connection: string | undefined;
  /** ARM path; absent for the list of billing accounts. */
  scope?: string | undefined;
  /** The failure to explain. */
  error?: unknown;
  /** What an empty list would have listed. With neither this nor a failure: whether the usage of the scope can be read. */
  listed?: 'billing accounts' | 'customers' | 'subscriptions' | 'invoices' | 'usage' | 'other' | undefined;
}

export interface ExplainAccessArgument {
  /** May be left out with an `error`, which is then explained from what it says alone. */
  connection?: string | undefined;
  /** ARM path: billing account, billing profile, customer, invoice, subscription, resource group. */
  scope?: string;
  /** A failure of this extension; the result is shown then too. */
  error?: unknown;
  /** Id of a row of the tree, in place of the others. */
  id?: string;
}

export interface DownloadInvoiceArgument {
  connection: string;
  /** Name of the billing account. */
  account: string;
  /** Name of the billing profile; some old versions know an invoice below it only. */
  profile?: string;
  /** Name of the invoice, e.g. `G012345678`. */
  invoice: string;
  /** Name, number or kind (`Invoice`, `CreditNote`, …) of one of its documents; left out, the invoice itself. */
  document?: string;
  /** Absolute path; replaced when it is there. Left out: asked for. */
  file?: string;
}

export interface DownloadPriceSheetArgument {
  connection: string;
  account: string;
  profile: string;
  /** Left out: the prices of the current month; with one, those of its month. */
  invoice?: string;
  /** Absolute path that ends in `.csv` (one table) or `.zip` (as the service sends it). Left out: asked for. */
  file?: string;
}

export interface DownloadExportRunArgument extends ExportArgument {
  /** Name of a run; left out, the newest one with files. */
  run?: string;
  /** Absolute path of the folder the files go into. Left out: asked for. */
  folder?: string;
  /** Whether gzip around CSV files is undone; true when left out. */
  decompress?: boolean;
  /** Shared access signature with Read and List for the container, where the sign-in has no right to the storage account. */
  sas?: string;
}

/** A file that a command wrote. */
export interface DownloadedFile {
  /** Absolute path. */
  file: string;
  bytes: number;
}

export interface DownloadedRun {
  folder: string;
  /** The manifest, where there is one, is the last. */
  files: DownloadedFile[];
  bytes: number;
  /** As the manifest counts them. */
  rows?: number;
  run: string;
}

/** Formats that usage can be exported in; the first three are those of documents. */
export const EXPORT_FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'xlsx'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How the columns of an export are called: as the service names them, or as FOCUS does. */
export const EXPORT_COLUMNS = ['service', 'focus'] as const;

/** Ends of lines of CSV. */
export const LINE_ENDINGS = ['lf', 'crlf'] as const;

/** Where an export goes, and how it is written. What is left out is as the settings `azureBilling.export.*` say. */
export interface ExportFileArgument {
  connection: string;
  /** Absolute path; replaced when it is there. Left out: asked for. Without an ending it gets that of the format. */
  file?: string;
  /** Left out: what the ending of the file tells, or the setting. */
  format?: ExportFormat;
  columns?: (typeof EXPORT_COLUMNS)[number];
  /** Names, ids and other texts that tell who it is about become pseudonyms; false when left out. */
  shareSafe?: boolean;
  /** Whether text that a spreadsheet would take for a formula is kept from it. */
  formulaGuard?: boolean;
  lineEnd?: (typeof LINE_ENDINGS)[number];
  /** Whether CSV begins with a byte order mark. */
  bom?: boolean;
  /** What the list of exports calls it; left out: what is exported. */
  label?: string;
  /** Whether what is missing may be asked for; true when left out. */
  ask?: boolean;
  /** Whether Azure is asked for all of it, though it may be stored; false when left out. */
  anew?: boolean;
}

/** Usage details of a scope, or of several in one file; a label for each is a column then. */
export interface ExportUsageDetailsArgument extends ExportFileArgument, Pick<OpenUsageArgument, 'period' | 'metric'> {
  /** As for `openUsage`. */
  scope?: string;
  /** In place of `scope`: paths, or paths with what people call them. */
  scopes?: readonly (string | { scope: string; label?: string })[];
}

/** Transactions of a billing account, profile or customer in a period, or those of an invoice. */
export interface ExportTransactionsArgument extends ExportFileArgument {
  /** Name of the billing account. */
  account: string;
  /** Name of the billing profile; most versions of the service ask for it. */
  profile?: string;
  /** Name of the customer. */
  customer?: string;
  /** Name of an invoice, in place of a period. */
  invoice?: string;
  /** Left out without an invoice: the month to date. */
  period?: PeriodArgument;
  /** Whether they are on an invoice; left out: billed. */
  type?: 'Billed' | 'Unbilled' | 'Other';
}

type OfDocument<Argument> = ExportFileArgument & Omit<Argument, 'format'>;

/** What `exportUsage` writes is told by the fields, which are those of the commands that open the same as a document. */
export type ExportUsageArgument =
  | ExportUsageDetailsArgument
  | OfDocument<OpenUsageRecordsArgument>
  | OfDocument<OpenUtilizationArgument>
  | OfDocument<OpenRatedUsageArgument>
  | OfDocument<OpenLineItemsArgument>
  | OfDocument<OpenCostsArgument>
  | ExportTransactionsArgument;

/** An export that is done. */
export interface ExportedFile {
  /** Absolute path. */
  file: string;
  rows: number;
  bytes: number;
  /** A file that is not complete is never given its name. */
  complete: true;
  /** Currency (ISO 4217) or unit → exact digits. */
  totals: Record<string, string>;
  /** Absolute path of the JSON beside it that tells where everything came from. */
  manifest: string;
  /** It was read from stored data: when that was fetched, ISO 8601, UTC. Absent when Azure was asked for all of it. */
  asOf?: string;
}

/** What an export is doing. */
export type ExportJobState =
  | 'planning'
  | 'asking'
  | 'running'
  | 'paused'
  | 'finishing'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'interrupted';

/** An export of the list. */
export interface ExportJobArgument {
  /** Its id, as `listJobs` gives it. */
  job: string;
}

/** An export as `listJobs` tells it. */
export interface ExportJob {
  job: string;
  title: string;
  /** Absolute path. */
  file: string;
  state: ExportJobState;
  rows: number;
  bytes: number;
  /** Of one that failed: a sentence. */
  problem?: string;
}

/** A table over a file, or over several of the same columns. */
export interface OpenTableArgument {
  /** Absolute path of a .csv, .csv.gz or .parquet file. */
  file?: string;
  /** In place of `file`. */
  files?: readonly string[];
  /** What the tab is called; left out: as the file. */
  title?: string;
  /** A line below the table, for example how old its rows are. */
  about?: string;
  /** The files are stored usage: what to ask for when they are needed again, as `azureBilling.openStoredTable` takes it. */
  stored?: StoredTableArgument;
  /** The rows are a report about stored usage: how to ask for it again. A tab that shows the same report shows the new rows. */
  report?: TableReport;
}

/** How a report is asked for. The same question is the same report. */
export interface TableReport {
  command: 'azureBilling.compareCosts' | 'azureBilling.showUnusualCosts' | 'azureBilling.showForecast';
  /** Plain data, as the command takes it; without `anew` and `show`. */
  argument: Readonly<Record<string, unknown>>;
}

/** A table that is open. */
export interface ShownTable {
  /** Absolute paths. */
  files: string[];
  /** Names of its columns. */
  columns: string[];
  /** How old its rows are, where that is known. */
  about?: string;
}

/** What of a table is written where. Without `file` and `files` it is the table in front, as it is shown. */
export interface ExportTableArgument extends OpenTableArgument {
  /** Absolute path; replaced when it is there. */
  to: string;
  /** Left out: what the ending of `to` tells. */
  format?: (typeof TABLE_FORMATS)[number];
  /** Left out: all of them. */
  columns?: readonly string[];
  sort?: readonly { column: string; descending?: boolean }[];
  /** As the table has them: `{column, test: 'oneOf', values}`, `{column, test: 'contains', text}`, `{column, test: 'between', from, to}`, … */
  filters?: readonly Readonly<Record<string, unknown>>[];
}

/** Formats that a table can be exported in. */
export const TABLE_FORMATS = ['csv', 'parquet'] as const;

/** What was written of a table. */
export interface ExportedTable {
  /** Absolute path. */
  file: string;
  rows: number;
  bytes: number;
}

/** What a sheet of SQL is about. */
export interface NewSqlSheetArgument {
  connection: string;
  /** ARM scope path, or several that do not lie within each other. */
  scope: string | readonly string[];
  /** Left out: the last three months, the running one included. */
  period?: PeriodArgument;
  /** Left out: actual cost. */
  metric?: 'ActualCost' | 'AmortizedCost';
}

/** Whatever reads stored usage. */
export interface ReadAnewArgument {
  /** Whether Azure is asked for months that are not closed, though what is stored is younger than four hours; false when left out. */
  anew?: boolean;
}

/** Stored usage as a table. */
export interface StoredTableArgument extends NewSqlSheetArgument, ReadAnewArgument {
  /** Left out: the table is shown. `false`: its files are there for as long as the window lives. */
  show?: false;
}

/** SQL that is drawn without a sheet. */
export interface ChartSqlArgument extends NewSqlSheetArgument {
  /** One statement that only reads: `SELECT ServiceName, BillingCurrency, sum(BilledCost) FROM usage GROUP BY ALL`. */
  sql: string;
}

/** SQL that is run without a sheet. */
export interface RunSqlArgument extends ChartSqlArgument {
  /** Left out: the answer is shown as a usage table. */
  show?: false;
}

/** A statement of an open sheet. */
export interface SheetStatement {
  sheet: Uri;
  /** Any place of the statement, counted in characters from the top; left out: where the cursor is. */
  offset?: number;
}

/** The answer to a statement. */
export interface SqlResult {
  columns: string[];
  rows: number;
  /** How old the usage is that was asked; left out when there is none. */
  about?: string;
  /** Absolute path of a Parquet file with all of it; it goes when it is three days old and twenty newer answers have come. */
  file: string;
}

/** What is shown of the answer to a statement. */
export interface ShownSqlChart {
  columns: string[];
  rows: number;
  /** What tells the charts apart, such as their currencies; empty when nothing could be drawn. */
  charts: string[];
  /** Why nothing could be drawn. */
  message?: string;
}

/** What costs can be compared by. */
export const COMPARED_BY = [
  'customer',
  'subscription',
  'resourceGroup',
  'resource',
  'service',
  'meter',
  'product',
  'chargeType',
  'location',
] as const;

/** One side of a comparison. */
export interface ComparedSideArgument {
  /** ARM scope path, or several that do not lie within each other; that of an invoice compares its rows. */
  scope?: string | readonly string[];
  /** In place of a scope: id of an invoice of Partner Center, `G…` or `D…`, for all its charges before tax. */
  partnerInvoice?: string;
  /** Left out: the last three months, the running one included. An invoice has its own and takes none. */
  period?: PeriodArgument;
  /** Of months: rows of this invoice alone. */
  invoice?: string;
  /** Of months: rows that have an invoice, or those that have none yet. */
  billed?: boolean;
  /** What it is called, before its period; left out of an invoice, its number and day. */
  label?: string;
}

/** Two sides of costs. */
export interface CompareCostsArgument extends ReadAnewArgument {
  connection: string;
  before: ComparedSideArgument;
  after: ComparedSideArgument;
  metric?: 'ActualCost' | 'AmortizedCost';
  /** What the table of drivers has a row for; left out: customer and service, as far as the costs tell them. */
  by?: readonly (typeof COMPARED_BY)[number][];
  /** Left out: both sides are shown beside each other, and the table of drivers. */
  show?: false;
}

/** What two sides differ by, in one currency. Plain digits; the parts add up to the difference exactly. */
export interface ComparedCosts {
  currency: string;
  before: string;
  after: string;
  difference: string;
  parts: {
    new: string;
    gone: string;
    quantity: string;
    price: string;
    exchangeRate: string;
    notToldApart: string;
  };
}

export interface UnusualCostsArgument extends NewSqlSheetArgument, ReadAnewArgument {
  /** How many days are looked at, 28 to 400; left out: 90. A period is not looked at. */
  days?: number;
  show?: false;
}

/** A change that is out of the usual. */
export interface UnusualCost {
  kind: 'new' | 'gone' | 'rise' | 'drop' | 'spike' | 'dip' | 'charge';
  /** Above the usual, negative below; an estimate, in the pricing currency where rows tell it. */
  money: string;
  currency: string;
  /** Days, UTC, inclusive. */
  from: string;
  to: string;
  /** What it is of: names by `customer`, `service`, `resourceGroup`. */
  of: Readonly<Record<string, string>>;
  reason: string;
}

export interface ForecastArgument extends NewSqlSheetArgument, ReadAnewArgument {
  show?: false;
}

/** What the running month comes to. Plain digits, in the pricing currency where rows tell it; parts add up to their whole exactly. */
export interface CostForecast {
  /** Names from the outermost: customer, service; empty for the whole. */
  of: string[];
  currency: string;
  /** Reported so far. */
  spent: string;
  total: string;
  /** The total lies between these with a chance of 80 %. */
  low: string;
  high: string;
  parts: CostForecast[];
}

/** What the store holds. */
export interface StoredDataReport {
  /** Absolute path. */
  folder: string;
  /** Of all that is kept; the limit of the setting, 0 when nothing is kept. */
  bytes: number;
  limit: number;
  /** Months of usage, the newest first. */
  usage: StoredUsage[];
  /** Answers of cost queries and lists. */
  answers: number;
}

/** One month of usage in the store. */
export interface StoredUsage {
  connection: string;
  scope: string;
  /** `YYYY-MM`, or `own` for an invoice. */
  month: string;
  dataset: string;
  rows: number;
  /** Exact cost by currency, plain digits. */
  totals: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  fetchedAt: string;
  /** A closed month is never asked for again; the others are, when they are older than four hours. */
  state: 'open' | 'settling' | 'closed';
  bytes: number;
  /** A Parquet file; it never changes, and goes when a newer one comes. */
  file: string;
}

export interface ClearStoreArgument {
  /** Left out: of all connections. */
  connection?: string;
  /** `YYYY-MM`; left out: all months. */
  month?: string;
}

export interface MoveStoreArgument {
  /** Absolute path of a folder, which is made when there is none. */
  folder: string;
}

/** Command id → argument (a tree node stands for it where one fits) and result. */
export interface Commands {
  'azureBilling.exploreSample': { argument: undefined; result: string };
  'azureBilling.addConnection': { argument: Connection | undefined; result: Connection | undefined };
  'azureBilling.editConnection': {
    argument: { connection: string; changes?: Readonly<Record<string, unknown>> } | undefined;
    result: Connection | undefined;
  };
  'azureBilling.removeConnection': { argument: { connection: string } | undefined; result: Connection | undefined };
  'azureBilling.testConnection': { argument: { connection: string } | undefined; result: ConnectionReport | undefined };
  'azureBilling.signIn': { argument: { connection: string } | undefined; result: boolean | undefined };
  'azureBilling.signOut': { argument: { connection: string } | undefined; result: boolean | undefined };
  'azureBilling.openUsage': { argument: OpenUsageArgument | NodeArgument | undefined; result: Uri | undefined };
  'azureBilling.openUsageCsv': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.openUsageJson': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.openUsageNdjson': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.openUsageRecords': {
    argument: OpenUsageRecordsArgument | NodeArgument | undefined;
    result: Uri | undefined;
  };
  'azureBilling.openUtilization': {
    argument: OpenUtilizationArgument | NodeArgument | undefined;
    result: Uri | undefined;
  };
  'azureBilling.showUtilization': {
    argument: ShowUtilizationArgument | NodeArgument | Uri | undefined;
    result: ShownUtilization | undefined;
  };
  'azureBilling.openRatedUsage': {
    argument: OpenRatedUsageArgument | NodeArgument | undefined;
    result: Uri | undefined;
  };
  'azureBilling.openLineItems': {
    argument: OpenLineItemsArgument | NodeArgument | undefined;
    result: Uri | undefined;
  };
  'azureBilling.refresh': { argument: RefreshBudgetsArgument | NodeArgument | undefined; result: undefined };
  'azureBilling.loadMore': { argument: NodeArgument; result: undefined };
  'azureBilling.loadAll': { argument: NodeArgument; result: undefined };
  'azureBilling.copyId': { argument: NodeArgument; result: string };
  'azureBilling.copyRequest': {
    argument: CopyRequestArgument | NodeArgument | Uri | undefined;
    result: string | undefined;
  };
  'azureBilling.getCostPolicy': { argument: CostPolicyArgument | NodeArgument | undefined; result: unknown };
  'azureBilling.setCostPolicy': { argument: CostPolicyArgument | NodeArgument | undefined; result: unknown };
  'azureBilling.applyBudget': {
    argument: ApplyBudgetArgument | NodeArgument | undefined;
    result: AppliedBudget | undefined;
  };
  'azureBilling.showBudgetCoverage': {
    argument: BudgetScopes | NodeArgument | undefined;
    result: ShownCoverage[] | undefined;
  };
  'azureBilling.backTestBudget': {
    argument: BackTestArgument | NodeArgument | Uri | undefined;
    result: ShownBackTest | undefined;
  };
  'azureBilling.filterCustomers': { argument: FilterCustomersArgument | NodeArgument; result: string | undefined };
  'azureBilling.getSpendingBudget': { argument: SpendingBudgetArgument | NodeArgument; result: unknown };
  'azureBilling.setSpendingBudget': { argument: SetSpendingBudgetArgument | NodeArgument; result: unknown };
  'azureBilling.downloadStatement': {
    argument: DownloadStatementArgument | NodeArgument;
    result: DownloadedFile | undefined;
  };
  'azureBilling.openJson': { argument: OpenJsonArgument | NodeArgument; result: Uri | undefined };
  'azureBilling.openCosts': { argument: OpenCostsArgument | NodeArgument; result: Uri | undefined };
  'azureBilling.showSpend': {
    argument: ShowSpendArgument | NodeArgument | Uri | undefined;
    result: ShownSpend | undefined;
  };
  'azureBilling.refreshSpend': { argument: undefined; result: undefined };
  'azureBilling.saveSpend': { argument: SaveSpendArgument | Uri | undefined; result: string | undefined };
  'azureBilling.pinSpend': { argument: ShowSpendArgument | NodeArgument | undefined; result: boolean | undefined };
  'azureBilling.unpinSpend': { argument: undefined; result: undefined };
  'azureBilling.editBudget': { argument: EditBudgetArgument | NodeArgument; result: HeldBudget | undefined };
  'azureBilling.saveBudget': { argument: Uri | undefined; result: HeldBudget | undefined };
  'azureBilling.setBudgetAmount': {
    argument: SetBudgetAmountArgument | NodeArgument | Uri | undefined;
    result: HeldBudget | undefined;
  };
  'azureBilling.setBudgetAlerts': {
    argument: SetBudgetAlertsArgument | NodeArgument | Uri | undefined;
    result: HeldBudget | undefined;
  };
  'azureBilling.undoBudgetChange': {
    argument: BudgetArgument | NodeArgument | Uri | undefined;
    result: HeldBudget | undefined;
  };
  'azureBilling.createBudget': { argument: CreateBudgetArgument | NodeArgument; result: HeldBudget | undefined };
  'azureBilling.deleteBudget': {
    argument: BudgetArgument | NodeArgument | Uri | undefined;
    /** The budget as it was. */
    result: HeldBudget | undefined;
  };
  'azureBilling.dismissAlert': { argument: AlertArgument | NodeArgument; result: unknown };
  'azureBilling.createExport': { argument: WriteExportArgument | NodeArgument; result: unknown };
  'azureBilling.updateExport': { argument: WriteExportArgument; result: unknown };
  'azureBilling.pauseExport': { argument: ExportArgument | NodeArgument; result: unknown };
  'azureBilling.resumeExport': { argument: ExportArgument | NodeArgument; result: unknown };
  'azureBilling.runExport': { argument: RunExportArgument | NodeArgument; result: undefined };
  'azureBilling.deleteExport': { argument: ExportArgument | NodeArgument; result: undefined };
  'azureBilling.showCosts': { argument: undefined; result: undefined };
  'azureBilling.hideCosts': { argument: undefined; result: undefined };
  'azureBilling.explainAccess': { argument: ExplainAccessArgument | NodeArgument | undefined; result: unknown };
  'azureBilling.showQuota': { argument: { connection?: string } | undefined; result: unknown };
  'azureBilling.showNetworkReport': { argument: { connection?: string } | undefined; result: unknown };
  'azureBilling.downloadInvoice': {
    argument: DownloadInvoiceArgument | NodeArgument | undefined;
    result: DownloadedFile | undefined;
  };
  'azureBilling.downloadPriceSheet': {
    argument: DownloadPriceSheetArgument | NodeArgument | undefined;
    result: DownloadedFile | undefined;
  };
  'azureBilling.downloadExportRun': {
    argument: DownloadExportRunArgument | NodeArgument | undefined;
    result: DownloadedRun | undefined;
  };
  'azureBilling.exportUsage': {
    argument: ExportUsageArgument | NodeArgument | Uri | undefined;
    result: ExportedFile | undefined;
  };
  'azureBilling.exportCosts': {
    argument: ExportUsageArgument | NodeArgument | Uri;
    result: ExportedFile | undefined;
  };
  'azureBilling.exportTransactions': {
    argument: ExportUsageArgument | NodeArgument;
    result: ExportedFile | undefined;
  };
  'azureBilling.openTable': { argument: OpenTableArgument | Uri | undefined; result: ShownTable | undefined };
  'azureBilling.exportTable': { argument: ExportTableArgument | Uri | undefined; result: ExportedTable | undefined };
  'azureBilling.listJobs': { argument: undefined; result: ExportJob[] };
  'azureBilling.pauseJob': { argument: ExportJobArgument; result: ExportJob };
  'azureBilling.resumeJob': { argument: ExportJobArgument; result: ExportedFile | undefined };
  'azureBilling.cancelJob': { argument: ExportJobArgument; result: ExportJob };
  'azureBilling.repeatJob': { argument: ExportJobArgument; result: ExportedFile | undefined };
  'azureBilling.removeJob': { argument: ExportJobArgument; result: undefined };
  'azureBilling.removeFinishedJobs': { argument: undefined; result: undefined };
  'azureBilling.revealJobFile': { argument: ExportJobArgument; result: string };
  'azureBilling.openJobFile': { argument: ExportJobArgument; result: string };
  'azureBilling.copyJobPath': { argument: ExportJobArgument; result: string };
  'azureBilling.showJobManifest': { argument: ExportJobArgument; result: string };
  'azureBilling.resetPseudonyms': { argument: undefined; result: boolean | undefined };
  'azureBilling.newSqlSheet': { argument: NewSqlSheetArgument | NodeArgument | undefined; result: Uri | undefined };
  'azureBilling.runSql': { argument: RunSqlArgument | SheetStatement | undefined; result: SqlResult | undefined };
  'azureBilling.chartSql': {
    argument: ChartSqlArgument | SheetStatement | undefined;
    result: ShownSqlChart | undefined;
  };
  'azureBilling.openStoredTable': {
    argument: StoredTableArgument | NodeArgument | undefined;
    result: ShownTable | undefined;
  };
  /** In one entry for each currency. */
  'azureBilling.compareCosts': {
    argument: CompareCostsArgument | NodeArgument | undefined;
    result: ComparedCosts[] | undefined;
  };
  /** Ranked by money within each currency. */
  'azureBilling.showUnusualCosts': {
    argument: UnusualCostsArgument | NodeArgument | undefined;
    result: UnusualCost[] | undefined;
  };
  'azureBilling.showForecast': {
    argument: ForecastArgument | NodeArgument | undefined;
    result: CostForecast[] | undefined;
  };
  'azureBilling.showStore': { argument: undefined; result: StoredDataReport };
  /** Bytes that were removed, and that stay because somebody reads them. */
  'azureBilling.clearStore': {
    argument: ClearStoreArgument | undefined;
    result: { removed: number; kept: number } | undefined;
  };
  'azureBilling.moveStore': { argument: MoveStoreArgument | undefined; result: { folder: string } | undefined };
  'azureBilling.showLog': { argument: undefined; result: undefined };
  'azureBilling.showCompleteness': { argument: undefined; result: undefined };
}

export type CommandId = keyof Commands;

/** Commands with a button above a view. The editor passes them the focused row, or nothing. */
export const TITLE_COMMANDS: ReadonlySet<CommandId> = new Set([
  'azureBilling.refresh',
  'azureBilling.showCosts',
  'azureBilling.hideCosts',
  'azureBilling.addConnection',
  'azureBilling.exploreSample',
  'azureBilling.editConnection',
  'azureBilling.removeConnection',
  'azureBilling.showLog',
  'azureBilling.showNetworkReport',
  'azureBilling.exportUsage',
  'azureBilling.removeFinishedJobs',
]);

/** What becomes of exports that the end of the editor interrupted. */
export const RESUME_CHOICES = ['ask', 'automatically', 'never'] as const;

/** Setting → type of its value. */
export interface Settings {
  'azureBilling.connections': unknown;
  'azureBilling.documents.format': DocumentFormat;
  'azureBilling.explorer.showCosts': boolean;
  'azureBilling.export.format': ExportFormat;
  'azureBilling.export.columns': (typeof EXPORT_COLUMNS)[number];
  'azureBilling.export.formulaGuard': boolean;
  'azureBilling.export.lineEnding': (typeof LINE_ENDINGS)[number];
  'azureBilling.export.bom': boolean;
  'azureBilling.export.resumeInterrupted': (typeof RESUME_CHOICES)[number];
  /** GB of all that is kept; 0 keeps nothing. */
  'azureBilling.store.limit': number;
  /** Megabytes. */
  'azureBilling.engine.memoryLimit': number;
}

/** Context key → value that the manifest's `when` clauses compare with. */
export interface ContextKeys {
  /** Whether any connection, the sample included, is in the tree. */
  'azureBilling.hasConnections': boolean;
  /** Whether the list of exports has some that are over. */
  'azureBilling.hasFinishedJobs': boolean;
  /** Whether a scope is pinned to the status bar. */
  'azureBilling.spendPinned': boolean;
}

export const VIEW_ID = 'azureBilling.explorer';

/** The list of exports, below the explorer. */
export const JOBS_VIEW_ID = 'azureBilling.jobs';

/** Kind of the panels with a heat map of utilization; brings them back after a reload. */
export const HEAT_MAP_PANEL = 'azureBilling.heatMap';

/** Month to date of the selected row, below the explorer. */
export const SPEND_VIEW_ID = 'azureBilling.spend';

/** Kind of the panels with a table of budgets; brings them back after a reload. */
export const BUDGET_TABLE_PANEL = 'azureBilling.budgetTable';

/** Kind of the panels with a picture of spend; brings them back after a reload. */
export const SPEND_PANEL = 'azureBilling.spendPanel';

/** Kind of the editor of view files, `*.spend.json`: the same panel. */
export const SPEND_EDITOR = 'azureBilling.spendView';

/** Language of SQL sheets, `*.billing.sql`. */
export const SQL_LANGUAGE = 'azure-billing-sql';

/** Kind of the panels with the chart of a statement; brings them back after a reload. */
export const SQL_CHART_PANEL = 'azureBilling.sqlChart';

/** Kind of the editor of usage tables over one file. */
export const USAGE_TABLE_EDITOR = 'azureBilling.usageTable';

/** Kind of the panels with a usage table over several files; brings them back after a reload. */
export const USAGE_TABLE_PANEL = 'azureBilling.usageTables';

/** Scheme of the read-only file system that serves usage documents. */
export const DOCUMENT_SCHEME = 'azure-billing';

/** Scheme of single resources and lists as JSON. */
export const JSON_SCHEME = 'azure-billing-json';

/** Scheme of answers of Cost Management as tables. */
export const COSTS_SCHEME = 'azure-billing-costs';

/** Scheme of budgets as documents that can be saved. */
export const BUDGET_SCHEME = 'azure-billing-budget';

/** Scheme of what rows of budgets are badged and coloured by; nothing can be opened there. */
export const BUDGET_STATE_SCHEME = 'azure-billing-budget-state';

/** Name of the connection to the sample tenant. */
export const SAMPLE_CONNECTION = 'Sample tenant';
