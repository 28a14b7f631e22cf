import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { listPartnerInvoices, type PartnerInvoice } from '../api/partnerCenter/invoices.ts';
import { lineItemKind, lineItemWords } from '../api/partnerCenter/lineItemRules.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { customerCurrency } from '../usage/partner/customerCurrency.ts';
import { isCancellation } from '../workbench/failures.ts';
import { everything, withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { askCurrency } from './askCurrency.ts';

const TITLE = 'Rated Usage';

interface PickedRatedUsage {
  invoice?: string;
  period?: 'current' | 'last';
  currency?: string;
}

interface PlanOwner {
  customer?: string | undefined;
  plan?: string | undefined;
}

/** Asks which rated usage of an Azure plan is meant: an open period or an invoice. Undefined when the user backs out. */
export async function pickRatedUsage(
  client: PartnerCenterClient,
  owner: PlanOwner,
): Promise<PickedRatedUsage | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      { label: 'Unbilled, this month', description: 'an estimate: usage arrives up to a day late', period: 'current' },
      { label: 'Unbilled, last month', description: 'until it has an invoice', period: 'last' },
      { label: 'Of an invoice…', period: undefined },
    ] as const,
    { title: TITLE, placeHolder: 'Usage with prices, a row for each day, resource and meter' },
  );
  if (picked === undefined) {
    return undefined;
  }
  return picked.period === undefined ? pickInvoice(client, owner) : { period: picked.period };
}

async function pickInvoice(client: PartnerCenterClient, owner: PlanOwner): Promise<PickedRatedUsage | undefined> {
  const invoices = await everything('Fetching invoices', listPartnerInvoices(client));
  // A customer is billed in one currency, each of which has invoices of its own.
  const currency = await knownCurrency(client, owner);
  const items = invoices
    .filter(hasRatedUsage)
    .filter(({ currencyCode }) => currency === undefined || !currencyCode || currencyCode === currency)
    .sort((a, b) => ((a.invoiceDate ?? '') < (b.invoiceDate ?? '') ? 1 : -1))
    .map(({ id, invoiceDate, currencyCode }) => ({
      label: plainText(invoiceDate?.slice(0, 10) ?? id),
      description: plainText([id, currencyCode].filter(Boolean).join(' ')),
      invoice: { invoice: id, ...(currencyCode ? { currency: currencyCode } : {}) },
    }));
  if (items.length === 0) {
    throw new BillingError('argument', 'invoice: Partner Center lists none with rated usage yet.', {
      advice: 'Open what is unbilled instead.',
    });
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Invoice',
    matchOnDescription: true,
  });
  return chosen?.invoice;
}

/** Whether an invoice is one that rated usage is behind, or does not tell. */
function hasRatedUsage({ invoiceDetails }: PartnerInvoice): boolean {
  const kinds = (invoiceDetails ?? []).map(({ billingProvider, invoiceLineItemType }) => {
    const words = lineItemWords(billingProvider, invoiceLineItemType);
    return words && lineItemKind(words);
  });
  return kinds.length === 0 || kinds.includes('DailyRatedUsageLineItem');
}

/** The currency of the customer's plans where the service tells it, else asked for. */
export async function pickCurrency(client: PartnerCenterClient, owner: PlanOwner): Promise<string | undefined> {
  return (await knownCurrency(client, owner)) ?? askCurrency(TITLE);
}

async function knownCurrency(client: PartnerCenterClient, { customer, plan }: PlanOwner): Promise<string | undefined> {
  if (customer === undefined) {
    return undefined;
  }
  try {
    return await withProgress('Looking up the currency', (report, signal) =>
      customerCurrency(client, customer, plan, { signal, onWait: (wait) => report(waitText(wait)) }),
    );
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    // A person knows it as well.
    return undefined;
  }
}
