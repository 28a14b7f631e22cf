import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type SampleOptions, type SampleService, startSampleService } from '../../src/sample/service.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import { spendPicture } from '../../src/spend/spendPicture.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import type { SpendRead } from '../../src/spend/spendRead.ts';
import { type ReadSpendOptions, readSpend } from '../../src/spend/spendReader.ts';
import type { SpendPicture } from '../../src/spend/spendShapes.ts';
import { connect } from './arm.ts';
import { FastClock } from './fastClock.ts';

/** The sample service, a client of it, and what was read through it so far. */
export class SpendBench {
  readonly service: SampleService;
  readonly arm: ArmClient;
  readonly clock: FastClock;
  readonly #close: () => Promise<void>;
  /** The present moment; a test may let it pass. */
  now: Date;
  cache = new SpendCache();

  private constructor(service: SampleService, clock: FastClock, now: Date, versions: VersionSet) {
    const { arm, close } = connect(service.endpoints.resourceManager, { clock, versions });
    this.service = service;
    this.arm = arm;
    this.clock = clock;
    this.#close = close;
    this.now = now;
  }

  static async start(options: SampleOptions = {}, versions: VersionSet = 'newest'): Promise<SpendBench> {
    const now = options.now ?? new Date('2026-11-21T09:00:00Z');
    const clock = new FastClock();
    const service = await startSampleService({
      customers: 60,
      usageRows: 20_000,
      clock: () => clock.now(),
      ...options,
      now,
    });
    return new SpendBench(service, clock, now, versions);
  }

  async close(): Promise<void> {
    await this.#close();
    await this.service.close();
  }

  read(given: object, options: Partial<ReadSpendOptions> = {}): Promise<SpendRead> {
    const { now, cache } = this;
    return readSpend(this.arm, checkSpendQuestion(given, now), { cache, now, ...options });
  }

  async picture(given: object, options: Partial<ReadSpendOptions> = {}): Promise<SpendPicture> {
    return spendPicture(await this.read(given, options), { now: this.now, locale: 'en-US' });
  }

  /** Cost queries that the service has answered. */
  get queries(): number {
    return this.service.counts().costQuery ?? 0;
  }

  /** Usage rows as they were sent, each by itself. */
  async usageRows(path: string, from: string, to: string): Promise<{ tags: object | null; properties: object }[]> {
    const found: { tags: object | null; properties: object }[] = [];
    const scope = parseScope(path);
    for await (const { value } of listUsageDetails(this.arm, { scope, from, to, top: 1000 }).rest()) {
      const page = parseJson(new TextDecoder().decode(value)) as { value: typeof found };
      found.push(...page.value);
    }
    return found;
  }

  account(index = 0): string {
    return `/providers/Microsoft.Billing/billingAccounts/${this.service.tenant.accounts[index]?.name}`;
  }

  customer(index: number): string {
    const { name, account } = this.service.tenant.directory.customer(index);
    return `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${name}`;
  }
}

/** The exact sum of digits; nulls count as nothing. */
export function sumOf(digits: Iterable<string | null>): string {
  const sum = new DecimalSum();
  for (const each of digits) {
    sum.add(each ?? '0');
  }
  return sum.toString();
}
