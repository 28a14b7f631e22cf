import { type DayRange, firstDay, intersect, lastDay, monthOf } from '../calendar.ts';
import { roundingMonths } from '../costFacts.ts';
import type { CostScope } from '../costScopes.ts';
import { COST_SCALE, decimalText, QUANTITY_SCALE, USD_SCALE } from '../decimal.ts';
import type { BillingProfile } from '../directory.ts';
import { digitsOf, parseExact } from '../exactJson.ts';
import type { Tenant } from '../tenant.ts';
import { isAlive, quantity, type UsageLine } from '../usageLines.ts';
import { UsageRows } from '../usageRows.ts';

/** A row of usage details, as columns of datasets read it. Numbers are decimal text with all their digits. */
export interface CostRow {
  readonly month: number;
  readonly day: number;
  readonly profile: BillingProfile;
  /** Undefined for the rounding row of a billing profile's month. */
  readonly line: UsageLine | undefined;
  /** By the name of the member: what a usage details row says on every day of the month, and `tags` as JSON text. */
  readonly fields: Readonly<Record<string, string>>;
  readonly quantity: string;
  readonly costInBillingCurrency: string;
  readonly costInPricingCurrency: string;
  readonly costInUSD: string;
  readonly paygCostInBillingCurrency: string;
  readonly paygCostInUSD: string;
}

/** The rows that one line, or a profile's rounding, gives in one month. */
interface Run {
  readonly month: number;
  readonly profile: BillingProfile;
  readonly line: UsageLine | undefined;
  readonly days: DayRange;
}

/** The rows of a scope and days, without keeping any. */
export class CostRows {
  readonly #tenant: Tenant;
  readonly #scope: CostScope;
  readonly #days: DayRange;

  constructor(tenant: Tenant, scope: CostScope, days: DayRange) {
    this.#tenant = tenant;
    this.#scope = scope;
    this.#days = intersect(days, tenant.ledger.window);
  }

  count(): number {
    let count = 0;
    for (const run of this.#runs()) count += lengthOf(run);
    return count;
  }

  *rows(from = 0, to = Number.POSITIVE_INFINITY): Iterable<CostRow> {
    let position = 0;
    // Of this walk alone: datasets live as long as their files, and should hold nothing.
    const texts = new UsageRows(this.#tenant);
    for (const run of this.#runs()) {
      if (position >= to) return;
      const length = lengthOf(run);
      if (position + length > from) {
        let at = position;
        for (const row of this.#rowsOf(run, texts)) {
          if (at >= from && at < to) yield row;
          at++;
        }
      }
      position += length;
    }
  }

  // By line before day: what is the same on all days of a line is then made once and not kept.
  *#runs(): Iterable<Run> {
    const { from, to } = this.#days;
    if (from > to) return;
    for (let month = monthOf(from); month <= monthOf(to); month++) {
      const days = intersect(this.#days, { from: firstDay(month), to: lastDay(month) });
      for (const { profile, lines } of this.#scope.parts) {
        for (const line of lines) yield { month, profile, line, days };
        if (this.#scope.withRounding && roundingMonths(this.#tenant, profile, days).includes(month)) {
          yield { month, profile, line: undefined, days: { from: lastDay(month), to: lastDay(month) } };
        }
      }
    }
  }

  *#rowsOf(run: Run, texts: UsageRows): Iterable<CostRow> {
    const { month, profile, line, days } = run;
    if (line === undefined) {
      const fields = fieldsOf(texts.rounding(this.#scope.id, profile, month, 'extended'));
      yield { month, day: days.to, profile, line, fields, ...amountsIn(fields) };
      return;
    }
    const rate = this.#tenant.ledger.rate(profile, month);
    let fields: CostRow['fields'] | undefined;
    for (let day = days.from; day <= days.to; day++) {
      if (!isAlive(line, day)) continue;
      fields ??= fieldsOf(texts.usage(this.#scope.id, line, day, 'extended'));
      const units = BigInt(quantity(line, day));
      const usd = units * line.price;
      const payg = units * line.marketPrice;
      const usdText = decimalText(usd, USD_SCALE);
      yield {
        month,
        day,
        profile,
        line,
        fields,
        quantity: decimalText(units, QUANTITY_SCALE),
        costInBillingCurrency: decimalText(usd * rate, COST_SCALE),
        costInPricingCurrency: usdText,
        costInUSD: usdText,
        paygCostInBillingCurrency: decimalText(payg * rate, COST_SCALE),
        paygCostInUSD: decimalText(payg, USD_SCALE),
      };
    }
  }
}

function lengthOf({ line, days }: Run): number {
  if (line === undefined) return 1;
  let length = 0;
  for (let day = days.from; day <= days.to; day++) if (isAlive(line, day)) length++;
  return length;
}

/** Reads a usage details row, so that its cells and those of the dataset cannot differ. */
function fieldsOf(rowText: string): Record<string, string> {
  const row = parseExact(rowText) as { tags: unknown; properties: Readonly<Record<string, unknown>> };
  const fields: Record<string, string> = { tags: row.tags === null ? '' : JSON.stringify(row.tags) };
  for (const [name, value] of Object.entries(row.properties)) {
    fields[name] = digitsOf(value) ?? (value === null ? '' : String(value));
  }
  return fields;
}

function amountsIn(fields: CostRow['fields']) {
  const amount = (name: string): string => fields[name] ?? '';
  return {
    quantity: amount('quantity'),
    costInBillingCurrency: amount('costInBillingCurrency'),
    costInPricingCurrency: amount('costInPricingCurrency'),
    costInUSD: amount('costInUSD'),
    paygCostInBillingCurrency: amount('paygCostInBillingCurrency'),
    paygCostInUSD: amount('paygCostInUSD'),
  };
}
