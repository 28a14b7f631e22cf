import type { ExportSource } from '../usage/plan/exportSource.ts';

const TITLES: Readonly<Record<ExportSource['kind'], string>> = {
  usageDetails: 'Export Usage',
  usageRecords: 'Export Usage Records',
  utilization: 'Export Utilization',
  ratedUsage: 'Export Rated Usage',
  lineItems: 'Export Line Items',
  transactions: 'Export Transactions',
  query: 'Export Costs',
};

/** What the questions of an export are headed with. */
export function exportTitle(kind: ExportSource['kind']): string {
  return TITLES[kind];
}
