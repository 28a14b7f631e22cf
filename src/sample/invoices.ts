import { firstDay, lastDay } from './calendar.ts';
import type { BillingAccount, BillingProfile, Directory } from './directory.ts';
import { hash } from './hash.ts';
import type { Ledger } from './ledger.ts';
import { STORIES } from './stories.ts';

/** An invoice of one billing profile and one closed month. */
export interface Invoice {
  /** G and nine digits; T and nine digits for the purchases of a month. */
  readonly name: string;
  /** Whether it is the month's invoice for usage, or one beside it for purchases. */
  readonly isMonthly: boolean;
  readonly profile: BillingProfile;
  readonly month: number;
  readonly status: 'Due' | 'OverDue' | 'Paid' | 'Void';
  /** Sum of the month's usage rows (or purchases) in the profile's currency, in units of 10^-20; ends on the minor unit. */
  readonly total: bigint;
  /** The total while it is owed, else 0. */
  readonly amountDue: bigint;
  /** The day of issue, the first after the month, and the day 30 days later. */
  readonly invoiceDay: number;
  readonly dueDay: number;
}

const DAYS_TO_PAY = 30;
const NAME_SPACE = 1_000_000_000;

export class Invoices {
  readonly #ledger: Ledger;
  readonly #seed: number;
  readonly #byName = new Map<string, { profile: BillingProfile; month: number }>();

  constructor(directory: Directory, ledger: Ledger, seed: number) {
    this.#ledger = ledger;
    this.#seed = seed;
    for (const profile of directory.profiles) {
      for (let month = ledger.openMonth - 1; ledger.isClosed(month); month--) {
        this.#byName.set(this.#name(profile, month), { profile, month });
      }
    }
  }

  /** Newest month first, then by profile; the period's days are inclusive. */
  of(owner: BillingAccount | BillingProfile, period: { from?: number; to?: number }): readonly Invoice[] {
    const profiles = 'profiles' in owner ? owner.profiles : [owner];
    const result: Invoice[] = [];
    for (let month = this.#ledger.openMonth - 1; this.#ledger.isClosed(month); month--) {
      if (period.from !== undefined && lastDay(month) < period.from) continue;
      if (period.to !== undefined && firstDay(month) > period.to) continue;
      for (const profile of profiles) result.push(this.#make(profile, month));
    }
    return result;
  }

  ofMonth(profile: BillingProfile, month: number): Invoice | undefined {
    return this.#ledger.isClosed(month) ? this.#make(profile, month) : undefined;
  }

  /** Compared without case. */
  named(name: string): Invoice | undefined {
    const found = this.#byName.get(name.toUpperCase());
    return found && this.#make(found.profile, found.month);
  }

  #make(profile: BillingProfile, month: number): Invoice {
    const total = this.#ledger.profileMonth(profile, month).cost;
    return {
      name: this.#name(profile, month),
      isMonthly: true,
      profile,
      ...termsOf(month, total, this.#status(profile, month)),
    };
  }

  #status(profile: BillingProfile, month: number): Invoice['status'] {
    const monthsBack = this.#ledger.openMonth - month;
    const { overDue, void: voided } = STORIES.invoices;
    if (monthsBack === overDue.monthsBack && profile.currency === overDue.currency) return 'OverDue';
    if (monthsBack === voided.monthsBack && profile.currency === voided.currency) return 'Void';
    return monthsBack === 1 ? 'Due' : 'Paid';
  }

  #name(profile: BillingProfile, month: number): string {
    return invoiceName('G', hash(this.#seed, 0x14), profile, month);
  }
}

/** What the month and the state of an invoice decide. */
export function termsOf(
  month: number,
  total: bigint,
  status: Invoice['status'],
): Pick<Invoice, 'month' | 'status' | 'total' | 'amountDue' | 'invoiceDay' | 'dueDay'> {
  const invoiceDay = firstDay(month + 1);
  return { month, status, total, amountDue: isOwed(status) ? total : 0n, invoiceDay, dueDay: invoiceDay + DAYS_TO_PAY };
}

export function isOwed(status: Invoice['status']): boolean {
  return status === 'Due' || status === 'OverDue';
}

/** Multiplying by a number coprime to 10 permutes the nine-digit numbers, so no two invoices share a name. */
export function invoiceName(letter: 'G' | 'T', key: number, profile: BillingProfile, month: number): string {
  const position = profile.index * 100_000 + month;
  const digits = (BigInt(position) * 387_420_489n + BigInt(key)) % BigInt(NAME_SPACE);
  return `${letter}${digits.toString().padStart(9, '0')}`;
}
