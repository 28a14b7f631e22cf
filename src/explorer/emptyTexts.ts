import type { ExplorerNode } from './node.ts';

/** What a level without rows says. */
export interface EmptyText {
  label: string;
  reason?: string;
}

/** By the kind of the level's parent. */
export const EMPTY_TEXTS: Partial<Record<ExplorerNode['kind'], EmptyText>> = {
  connection: { label: 'No billing accounts', reason: 'the sign-in sees none in this tenant' },
  customers: { label: 'No customers', reason: 'this billing account has none' },
  customer: { label: 'No subscriptions', reason: 'the customer bought none, or they were moved away' },
  subscriptions: { label: 'No subscriptions', reason: 'this billing account has none' },
  year: { label: 'No invoices in this year' },
};
