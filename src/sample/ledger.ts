import { type DayRange, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import { exchangeRate, minorDigits } from './currencies.ts';
import { COST_SCALE, roundHalfEven } from './decimal.ts';
import type { BillingProfile, Directory } from './directory.ts';
import { isAlive, quantity, type UsageLine, usageLines } from './usageLines.ts';

/** A run of lines in the tenant's order, `to` exclusive. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Rows and their exact cost in one billing currency, in units of 10^-20. */
export interface Sum {
  readonly rows: number;
  readonly cost: bigint;
}

interface MonthQuantities {
  /** Per line: quantity of the month in millionths; a double holds these integers exactly (31 · 2^40 < 2^53). */
  readonly quantities: Float64Array;
  readonly rows: Uint8Array;
}

/**
 * The arithmetic of the tenant: what lines cost over days and months. A month's quantities are summed once and kept
 * (nine bytes a line); money then takes one multiplication a line and month.
 */
export class Ledger {
  readonly lines: readonly UsageLine[];
  /** The days of the tenant: the closed months and the open month through yesterday. */
  readonly window: DayRange;
  readonly openMonth: number;
  readonly #seed: number;
  readonly #directory: Directory;
  readonly #months = new Map<number, MonthQuantities>();
  readonly #profileMonths = new Map<string, Sum & { readonly rounding: bigint }>();
  readonly #customerRanges = new Map<number, LineRange>();
  readonly #profileRanges: LineRange[];

  constructor(directory: Directory, options: { seed: number; usageRows: number; closedMonths: number; today: number }) {
    this.#seed = options.seed;
    this.#directory = directory;
    this.openMonth = monthOf(options.today);
    this.window = { from: firstDay(this.openMonth - options.closedMonths), to: options.today - 1 };
    this.lines = usageLines(directory, options.seed, options.usageRows);
    for (const { customer, ordinal } of this.lines) {
      this.#customerRanges.set(customer, {
        from: this.#customerRanges.get(customer)?.from ?? ordinal,
        to: ordinal + 1,
      });
    }
    this.#profileRanges = directory.profiles.map((profile) => {
      const from = this.lines.findIndex((line) => line.profile === profile.index);
      const to = this.lines.findLastIndex((line) => line.profile === profile.index) + 1;
      return from < 0 ? { from: 0, to: 0 } : { from, to };
    });
  }

  linesOfCustomer(customer: number): LineRange {
    return this.#customerRanges.get(customer) ?? { from: 0, to: 0 };
  }

  linesOfSubscription(customer: number, subscription: number): LineRange {
    const { from, to } = this.linesOfCustomer(customer);
    const ofCustomer = this.lines.slice(from, to);
    const first = ofCustomer.findIndex((line) => line.subscription === subscription);
    const last = ofCustomer.findLastIndex((line) => line.subscription === subscription);
    return first < 0 ? { from: 0, to: 0 } : { from: from + first, to: from + last + 1 };
  }

  linesOfProfile(profile: BillingProfile): LineRange {
    return this.#profileRanges[profile.index] ?? { from: 0, to: 0 };
  }

  line(ordinal: number): UsageLine {
    const line = this.lines[ordinal];
    if (!line) throw new RangeError(`no usage line ${ordinal}`);
    return line;
  }

  /** 1e-4 units of billing currency per USD in the month of the day. */
  rate(profile: BillingProfile, month: number): bigint {
    return exchangeRate(this.#seed, profile.currency, month);
  }

  /** Rows and cost of lines of one profile over days, without rounding rows. Whole months come from the cache. */
  sumOfLines(profile: BillingProfile, lines: LineRange, days: DayRange): Sum {
    const range = intersect(days, this.window);
    let rows = 0;
    let cost = 0n;
    for (let month = monthOf(range.from); firstDay(month) <= range.to && range.from <= range.to; month++) {
      const part = intersect(range, { from: firstDay(month), to: lastDay(month) });
      const whole = intersect(this.window, { from: firstDay(month), to: lastDay(month) });
      const source =
        part.from === whole.from && part.to === whole.to ? this.#month(month) : this.#quantities(lines, part);
      let usd = 0n;
      for (let i = lines.from; i < lines.to; i++) {
        const count = source.rows[i] ?? 0;
        if (count === 0) continue;
        rows += count;
        usd += BigInt(source.quantities[i] ?? 0) * this.line(i).price;
      }
      cost += usd * this.rate(profile, month);
    }
    return { rows, cost };
  }

  /** The line's quantity over all days of the month that the window has, in millionths of a unit; 0 when it has no rows. */
  quantityOfMonth(line: UsageLine, month: number): number {
    return this.#month(month).quantities[line.ordinal] ?? 0;
  }

  /**
   * A profile's closed month. `cost` is what the invoice says: the cost of its lines rounded half to even on the
   * currency's minor unit; `rounding` is the amount of the rounding row that brings the rows there. `rows` counts the
   * rounding row, which exists only where the profile has usage in the month.
   */
  profileMonth(profile: BillingProfile, month: number): Sum & { readonly rounding: bigint } {
    const key = `${profile.index}/${month}`;
    let result = this.#profileMonths.get(key);
    if (!result) {
      const days = { from: firstDay(month), to: lastDay(month) };
      const usage = this.sumOfLines(profile, this.linesOfProfile(profile), days);
      const cost = roundHalfEven(usage.cost, COST_SCALE, minorDigits(profile.currency));
      result = { rows: usage.rows === 0 ? 0 : usage.rows + 1, cost, rounding: cost - usage.cost };
      this.#profileMonths.set(key, result);
    }
    return result;
  }

  isClosed(month: number): boolean {
    return month < this.openMonth && firstDay(month) >= this.window.from;
  }

  profileOfLine(line: UsageLine): BillingProfile {
    const profile = this.#directory.profiles[line.profile];
    if (!profile) throw new RangeError(`no billing profile ${line.profile}`);
    return profile;
  }

  #month(month: number): MonthQuantities {
    let result = this.#months.get(month);
    if (!result) {
      const days = intersect(this.window, { from: firstDay(month), to: lastDay(month) });
      result = this.#quantities({ from: 0, to: this.lines.length }, days);
      this.#months.set(month, result);
    }
    return result;
  }

  #quantities(range: LineRange, days: DayRange): MonthQuantities {
    const quantities = new Float64Array(this.lines.length);
    const rows = new Uint8Array(this.lines.length);
    for (let i = range.from; i < range.to; i++) {
      const line = this.line(i);
      let sum = 0;
      let count = 0;
      for (let day = days.from; day <= days.to; day++) {
        if (!isAlive(line, day)) continue;
        sum += quantity(line, day);
        count++;
      }
      quantities[i] = sum;
      rows[i] = count;
    }
    return { quantities, rows };
  }
}
