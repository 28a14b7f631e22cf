import type { Uri } from 'vscode';

/**
 * The one table of what the manifest contributes and what it means in code: commands with their arguments and results,
 * settings, the view, context keys. A test proves that package.json agrees.
 */

/** Who and what a connection talks to; the setting `azureBilling.connections` holds a list of these. */
export interface Connection {
  /** Unique without regard to case; part of every document address. */
  name: string;
  cloud: 'custom';
  /** `none` sends no token and is accepted for loopback endpoints only. */
  credential: 'none';
  endpoints: { resourceManager: string };
}

/** Days `{from, to}` (inclusive, `YYYY-MM-DD`, UTC), a month `2026-10`, or a name such as `MonthToDate`. */
export type PeriodArgument = string | { from: string; to: string };

export const DOCUMENT_FORMATS = ['csv', 'json', 'ndjson'] as const;

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

export interface OpenUsageArgument {
  /** Name of a connection. */
  connection: string;
  /** ARM scope path: billing account, billing profile, customer, invoice or subscription. */
  scope: string;
  /** Left out: the month to date; an invoice has its own period and takes none. */
  period?: PeriodArgument;
  /** Left out: the setting `azureBilling.documents.format`. */
  format?: DocumentFormat;
  /** What the tab calls the scope; left out: the last part of the scope. */
  label?: string;
}

/** A row of the tree, as far as commands of other parts need to know it. */
export interface NodeArgument {
  id: string;
  connection: string;
  label: string;
  /** Where usage can be opened. */
  scope?: string | undefined;
  /** What documents of it are called, where the label alone would not do. */
  title?: string | undefined;
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

/** Command id → argument (a tree node stands for it where one fits) and result. */
export interface Commands {
  'azureBilling.exploreSample': { argument: undefined; result: string };
  'azureBilling.addConnection': { argument: Connection | undefined; result: Connection | undefined };
  'azureBilling.removeConnection': { argument: { connection: string } | undefined; result: Connection | undefined };
  'azureBilling.openUsage': { argument: OpenUsageArgument | NodeArgument | undefined; result: Uri | undefined };
  'azureBilling.openUsageCsv': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.openUsageJson': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.openUsageNdjson': { argument: NodeArgument; result: Uri | undefined };
  'azureBilling.refresh': { argument: NodeArgument | undefined; result: undefined };
  'azureBilling.loadMore': { argument: NodeArgument; result: undefined };
  'azureBilling.loadAll': { argument: NodeArgument; result: undefined };
  'azureBilling.copyId': { argument: NodeArgument; result: string };
  'azureBilling.copyRequest': {
    argument: CopyRequestArgument | NodeArgument | Uri | undefined;
    result: string | undefined;
  };
  'azureBilling.getCostPolicy': { argument: CostPolicyArgument | NodeArgument | undefined; result: unknown };
  'azureBilling.setCostPolicy': { argument: CostPolicyArgument | NodeArgument | undefined; result: unknown };
  'azureBilling.showCosts': { argument: undefined; result: undefined };
  'azureBilling.hideCosts': { argument: undefined; result: undefined };
  'azureBilling.showLog': { argument: undefined; result: undefined };
  'azureBilling.showCompleteness': { argument: undefined; result: undefined };
}

export type CommandId = keyof Commands;

/** Setting → type of its value. */
export interface Settings {
  'azureBilling.connections': unknown;
  'azureBilling.documents.format': DocumentFormat;
  'azureBilling.explorer.showCosts': boolean;
}

/** Context key → value that the manifest's `when` clauses compare with. */
export interface ContextKeys {
  /** Whether any connection, the sample included, is in the tree. */
  'azureBilling.hasConnections': boolean;
}

export const VIEW_ID = 'azureBilling.explorer';

/** Scheme of the read-only file system that serves usage documents. */
export const DOCUMENT_SCHEME = 'azure-billing';

/** Name of the connection to the sample tenant. */
export const SAMPLE_CONNECTION = 'Sample tenant';
