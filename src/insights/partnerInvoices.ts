import { listPartnerInvoices } from '../api/partnerCenter/invoices.ts';
import { everything } from '../workbench/progress.ts';
import type { InsightParts } from './insightParts.ts';
import { type ListedInvoice, listedPartnerInvoice } from './listedInvoices.ts';

/** The invoices of Partner Center for one comparison, which asks for them in several places: each connection lists them once. */
export class PartnerInvoices {
  readonly #connections: Pick<InsightParts['connections'], 'partnerCenter'>;
  readonly #lists = new Map<string, Promise<readonly ListedInvoice[]>>();

  constructor(connections: Pick<InsightParts['connections'], 'partnerCenter'>) {
    this.#connections = connections;
  }

  /** @throws BillingError when they cannot be listed, each time; the reason of a cancellation */
  list(connection: string): Promise<readonly ListedInvoice[]> {
    const known = this.#lists.get(connection);
    if (known !== undefined) {
      return known;
    }
    const list = this.#list(connection);
    this.#lists.set(connection, list);
    return list;
  }

  /** The one of that number, in whatever case; undefined when it is not listed. @throws as {@link list} */
  async find(connection: string, number: string): Promise<ListedInvoice | undefined> {
    const wanted = number.toLowerCase();
    return (await this.list(connection)).find((each) => each.number.toLowerCase() === wanted);
  }

  async #list(connection: string): Promise<readonly ListedInvoice[]> {
    const client = await this.#connections.partnerCenter(connection);
    return (await everything('Fetching invoices', listPartnerInvoices(client))).map(listedPartnerInvoice);
  }
}
