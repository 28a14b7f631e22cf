import { type DayRange, firstDay, lastDay } from '../calendar.ts';
import { COST_SCALE, USD_SCALE } from '../decimal.ts';
import { meterIdOf, productIdOf } from '../meterIds.ts';
import type { Tenant } from '../tenant.ts';
import type { UsageLine } from '../usageLines.ts';
import type { PartnerCustomer } from './customers.ts';

/** Money of the open month so far, in 10^-20: in the customer's currency and in USD. */
interface Estimate {
  readonly cost: bigint;
  readonly usd: bigint;
}

/** A meter over a whole Azure plan. */
interface MeterEstimate extends Estimate {
  /** Product, SKU and meter in one text, as plans name them. */
  readonly id: string;
  readonly line: UsageLine;
  /** Millionths of a unit. */
  readonly units: bigint;
}

/** An Azure resource. */
interface ResourceEstimate extends Estimate {
  readonly line: UsageLine;
}

const USD_TO_COST_SCALE = 10n ** BigInt(COST_SCALE - USD_SCALE);

/**
 * What customers with an Azure plan have used in the open month: the same quantities and prices as the usage details of the ARM
 * side, so that each estimate is the sum of rows there, to the last digit.
 */
export class Estimates {
  readonly #tenant: Tenant;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** The calendar month (UTC) whose use is estimated, days inclusive. */
  get month(): DayRange {
    const { openMonth } = this.#tenant.ledger;
    return { from: firstDay(openMonth), to: lastDay(openMonth) };
  }

  /** Over all Azure subscriptions of the customer. */
  ofCustomer(customer: PartnerCustomer): Estimate {
    return this.#sum(this.#lines(customer));
  }

  /** By meter and region, in the order of the tenant; what was not used in the month is left out. */
  meters(customer: PartnerCustomer): MeterEstimate[] {
    const groups = new Map<string, UsageLine[]>();
    for (const line of this.#lines(customer)) {
      const id = meterNameOf(line);
      groups.set(id, [...(groups.get(id) ?? []), line]);
    }
    return [...groups].flatMap(([id, lines]) => {
      const [line] = lines;
      const units = lines.reduce((sum, each) => sum + this.#units(each), 0n);
      return line && units > 0n ? [{ id, line, units, ...this.#sum(lines) }] : [];
    });
  }

  /** By Azure resource, which may have several meters. */
  resources(customer: PartnerCustomer): ResourceEstimate[] {
    const groups = new Map<string, UsageLine[]>();
    for (const line of this.#lines(customer)) {
      if (this.#units(line) === 0n) continue;
      const id = `${line.subscription}/${line.resourceGroup}/${line.meter.resourceType}/${line.resourceName}`;
      groups.set(id, [...(groups.get(id) ?? []), line]);
    }
    return [...groups.values()].flatMap((lines) => {
      const [line] = lines;
      return line ? [{ line, ...this.#sum(lines) }] : [];
    });
  }

  #lines({ modern }: PartnerCustomer): readonly UsageLine[] {
    if (!modern) return [];
    const { ledger } = this.#tenant;
    const { from, to } = ledger.linesOfCustomer(modern.index);
    return ledger.lines.slice(from, to);
  }

  #units(line: UsageLine): bigint {
    return BigInt(this.#tenant.ledger.quantityOfMonth(line, this.#tenant.ledger.openMonth));
  }

  #sum(lines: readonly UsageLine[]): Estimate {
    const { ledger } = this.#tenant;
    let cost = 0n;
    let usd = 0n;
    for (const line of lines) {
      const inUsd = this.#units(line) * line.price;
      usd += inUsd * USD_TO_COST_SCALE;
      cost += inUsd * ledger.rate(ledger.profileOfLine(line), ledger.openMonth);
    }
    return { cost, usd };
  }
}

/** `DZH318Z0BNVX-005J-Data Transfer In (GB)`: the meter of a plan as spending records name it. */
function meterNameOf({ meter, region }: UsageLine): string {
  const sku = meterIdOf(meter).slice(0, 4).toUpperCase();
  return `${productIdOf(meter).slice(0, 12)}-${sku}-${meter.name} (${meter.unit}) ${region.location}`;
}
