import { BillingError } from '../api/http/errors.ts';
import type { LineItemProvider } from '../api/partnerCenter/lineItemRules.ts';
import type { StoredUsage } from '../store/readTypes.ts';
import { readSource, readUsage } from '../stored/readUsage.ts';
import type { StoredData } from '../stored/storedData.ts';
import { isLegacyInvoice } from '../usage/partner/lineItemCall.ts';
import type { ExportClients } from '../usage/plan/exportSource.ts';
import type { ComparedRows } from './comparedSides.ts';
import type { InsightParts } from './insightParts.ts';
import type { PartnerInvoices } from './partnerInvoices.ts';

type SideConnections = InsightParts['connections'];

/**
 * The rows of a side as files. Release them when they are no longer read.
 *
 * @param anew months that are not closed are fetched, however young what is kept of them is
 */
export async function readSide(
  data: StoredData,
  connections: SideConnections,
  invoices: PartnerInvoices,
  rows: ComparedRows,
  anew: boolean,
): Promise<Pick<StoredUsage, 'tables' | 'release'>> {
  if ('usage' in rows) {
    return readUsage(data, await connections.arm(rows.usage.connection), rows.usage, { anew });
  }
  const { connection, partnerInvoice: invoice } = rows;
  const clients = await partnerClients(connections, connection);
  const providers = await chargedBy(invoices, connection, invoice);
  const parts: StoredUsage[] = [];
  const release = async () => {
    await Promise.all(parts.map((part) => part.release()));
  };
  try {
    for (const provider of providers) {
      const source = { kind: 'lineItems', invoice, provider, type: 'billinglineitems' } as const;
      parts.push(await readSource(data, connection, source, clients, { anew }));
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { tables: parts.flatMap(({ tables }) => tables), release };
}

/** Whose lines the charges of an invoice are: all of new commerce is one list, legacy commerce has Azure and licences. */
async function chargedBy(
  invoices: PartnerInvoices,
  connection: string,
  invoice: string,
): Promise<readonly LineItemProvider[]> {
  if (!isLegacyInvoice(invoice)) {
    return ['onetime'];
  }
  const found = await invoices.find(connection, invoice);
  if (found === undefined) {
    throw new BillingError('argument', `partnerInvoice: Partner Center lists no invoice '${invoice.slice(0, 60)}'.`, {
      advice: 'Use the id of one in the tree.',
    });
  }
  return found.providers === undefined || found.providers.length === 0 ? ['azure', 'office'] : found.providers;
}

async function partnerClients(connections: SideConnections, connection: string): Promise<ExportClients> {
  const [arm, partnerCenter] = await Promise.all([connections.arm(connection), connections.partnerCenter(connection)]);
  const graph = connections.hasGraph(connection) ? await connections.graph(connection) : undefined;
  return { arm, partnerCenter, graph };
}
