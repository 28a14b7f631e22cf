import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { invoiceLines } from '../api/partnerCenter/invoiceLines.ts';
import { getPartnerInvoice } from '../api/partnerCenter/invoices.ts';
import { lineItemWords } from '../api/partnerCenter/lineItemRules.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { OpenLineItemsArgument } from '../contributions.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { askCurrency } from './askCurrency.ts';
import { lineItemsName } from './lineItemNames.ts';

const TITLE = 'Line Items';

type Kind = Pick<OpenLineItemsArgument, 'provider' | 'type'>;

type PickedLineItems = Kind & Pick<OpenLineItemsArgument, 'invoice' | 'period' | 'currency'>;

/**
 * Asks which line items of an invoice are meant, of those that it says it has. Undefined when the user backs out.
 *
 * @throws BillingError when the invoice has none that there is a call for
 */
export async function pickInvoiceLines(
  client: PartnerCenterClient,
  invoice: string,
): Promise<PickedLineItems | undefined> {
  const found = await withProgress('Fetching the invoice', (report, signal) =>
    getPartnerInvoice(client, invoice, { signal, onWait: (wait) => report(waitText(wait)) }),
  );
  const kinds = invoiceLines(found).flatMap((line) => lineItemWords(line.provider, line.type) ?? []);
  if (kinds.length === 0) {
    throw new BillingError('argument', `invoice: '${invoice}' tells of no line items that there is a call for.`, {
      advice: 'Its statement has the sums.',
    });
  }
  const picked = await vscode.window.showQuickPick(
    kinds.map((words) => ({ label: sentence(lineItemsName(words)), words })),
    { title: TITLE, placeHolder: `Line items of ${plainText(invoice)}` },
  );
  return picked && { ...picked.words, invoice, ...(found.currencyCode ? { currency: found.currencyCode } : {}) };
}

/** Asks which lines without an invoice are meant, and in which currency. Undefined when the user backs out. */
export async function pickUnbilledLines(): Promise<PickedLineItems | undefined> {
  const picked = await vscode.window.showQuickPick(
    (['billinglineitems', 'usagelineitems'] as const).flatMap((type) => {
      const name = sentence(lineItemsName({ provider: 'onetime', type }));
      const estimate = type === 'usagelineitems' ? 'usage arrives up to a day late' : 'it goes on';
      return [
        { label: `${name}, this month`, detail: `An estimate: ${estimate}`, type, period: 'current' },
        { label: `${name}, last month`, detail: 'Until it has an invoice', type, period: 'last' },
      ] as const;
    }),
    { title: TITLE, placeHolder: 'What has no invoice yet' },
  );
  if (picked === undefined) {
    return undefined;
  }
  const { type, period } = picked;
  const currency = await askCurrency(TITLE);
  return currency === undefined ? undefined : { provider: 'onetime', type, period, currency };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
