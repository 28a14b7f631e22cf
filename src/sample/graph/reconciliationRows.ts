import { firstDay, lastDay } from '../calendar.ts';
import { PartnerCustomers } from '../partnerCenter/customers.ts';
import { oneTimeRow } from '../partnerCenter/oneTimeRows.ts';
import { PARTNER_MPN_ID, PartnerSubscriptions } from '../partnerCenter/subscriptions.ts';
import type { Tenant } from '../tenant.ts';
import { type Transaction, Transactions } from '../transactions.ts';
import { inAttributes, RECONCILIATION_ATTRIBUTES } from './attributes.ts';
import type { ExportRows, ExportSource } from './exportRows.ts';

/** Reconciliation rows: those of Partner Center, with numbers that are numbers; the sum of Total is the invoice. */
export class ReconciliationExportRows implements ExportRows {
  readonly #tenant: Tenant;
  readonly #source: ExportSource;

  constructor(tenant: Tenant, source: ExportSource) {
    this.#tenant = tenant;
    this.#source = source;
  }

  count(): number {
    return this.#transactions(new Transactions(this.#tenant)).length;
  }

  *rows(from: number, to: number): Iterable<string> {
    const transactions = new Transactions(this.#tenant);
    const subscriptions = new PartnerSubscriptions(new PartnerCustomers(this.#tenant));
    const style = { textNumbers: false, emptyDate: undefined };
    for (const transaction of this.#transactions(transactions).slice(from, to)) {
      const item = oneTimeRow(subscriptions, PARTNER_MPN_ID, transactions.facts(transaction), style);
      yield JSON.stringify(inAttributes(RECONCILIATION_ATTRIBUTES, { ...item }));
    }
  }

  #transactions(transactions: Transactions): readonly Transaction[] {
    const { profile, month, invoice } = this.#source;
    if (invoice) return transactions.ofInvoice(invoice);
    return transactions.of([{ profile }], { from: firstDay(month), to: lastDay(month) });
  }
}
