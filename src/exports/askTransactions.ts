import { refused } from '../api/arm/input.ts';
import { rowTitle } from '../choices/commandInput.ts';
import { pickPeriod } from '../choices/pickPeriod.ts';
import type { NodeArgument } from '../contributions.ts';
import type { TransactionsSource } from '../usage/plan/exportSource.ts';
import { BackedOut, parentOf } from './ask.ts';
import { type ExportSubject, transactionsSubject } from './exportSubject.ts';
import { exportTitle } from './exportTitle.ts';

/** Days are UTC and both included; `billed` transactions are on an invoice. */
type TransactionRow = NodeArgument & {
  period?: { from: string; to: string; billed: boolean } | undefined;
};

/**
 * The transactions that a row stands for: those of an invoice, of a month, or not billed yet. Of the folder of all a person is asked for
 * the period.
 *
 * @throws BackedOut; BillingError of kind `argument` for a row without transactions
 */
export async function askTransactions(row: TransactionRow): Promise<ExportSubject> {
  const { connection, account, profile, customer, invoice, abilities = [] } = row;
  if (account === undefined || !abilities.includes('transactions')) {
    throw refused('selection', 'has no transactions; choose an invoice, or a month below Transactions.');
  }
  const owner = { account, ...(profile === undefined ? {} : { profile }) };
  const parent = { ...owner, ...(customer === undefined ? {} : { customer }) };
  const source: TransactionsSource =
    invoice === undefined
      ? { kind: 'transactions', parent, ...(await daysOf(row)) }
      : { kind: 'transactions', parent: owner, invoice };
  return transactionsSubject(connection, source, ownerTitle(row));
}

/** What people call the account, profile or customer: folders carry its title down, a year has none. */
function ownerTitle(row: TransactionRow): string {
  const titled = (above: NodeArgument | undefined): string | undefined =>
    above && (above.title ?? titled(parentOf(above)));
  const isPart = row.period !== undefined || row.invoice !== undefined;
  return (isPart ? titled(parentOf(row)) : undefined) ?? rowTitle(row);
}

async function daysOf({ period }: TransactionRow) {
  if (period !== undefined) {
    const { from, to, billed } = period;
    return { period: { from, to }, type: billed ? 'Billed' : 'Unbilled' } as const;
  }
  const picked = await pickPeriod(new Date(), exportTitle('transactions'));
  if (picked === undefined) {
    throw new BackedOut();
  }
  return { period: picked, type: 'Billed' } as const;
}
