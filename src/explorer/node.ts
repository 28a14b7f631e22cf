/** What a node stands for. The manifest's menus and the icons follow it. */
export type NodeKind =
  | 'connection'
  | 'account'
  | 'customers'
  | 'customer'
  | 'costPolicy'
  | 'costPolicyState'
  | 'subscriptions'
  | 'subscription'
  | 'invoices'
  | 'year'
  | 'invoice'
  // Rows that stand for no resource:
  | 'loadMore'
  | 'loadAll'
  | 'loading'
  | 'empty'
  | 'error';

/** A row of the tree: plain data. Its children, pages and errors are the model's. */
export interface ExplorerNode {
  /** From the full ancestry and the connection: unique in the tree, stable over refreshes. */
  id: string;
  kind: NodeKind;
  connection: string;
  parent: ExplorerNode | undefined;
  label: string;
  description?: string | undefined;
  /** Lines of plain text. */
  tooltip?: string | undefined;
  expandable: boolean;
  /** The resource's id as the service gave it, for "Copy ID". */
  resourceId?: string | undefined;
  /** Cost scope, where usage can be opened. */
  scope?: string | undefined;
  /** What a document of it is called where the label alone would not do: "Alder Mill Production" rather than "Production". */
  title?: string | undefined;
  /** What the children are asked with: the billing account, customer or year. */
  account?: string | undefined;
  customer?: string | undefined;
  year?: number | undefined;
  /** A billing account under a partner agreement: the only ones with customers. */
  partner?: boolean | undefined;
  /** Month-to-date cost, an estimate: rounded for the row, with all digits for the tooltip. Outlives a refresh until the new one is there. */
  cost?: { label: string; tooltip: string } | undefined;
  /** Stands beside the resources of its level and is none of them: a level with nothing else is empty. */
  aside?: boolean | undefined;
  /** A state worth a colour. */
  alarm?: 'warning' | 'muted' | undefined;
}

/** The children of a node as a source gives them, before they know their place in the tree. */
export type ChildNode = Omit<ExplorerNode, 'id' | 'connection' | 'parent'> & {
  /** Unique among its siblings: the resource's name, or the kind of a folder. */
  key: string;
};
