import type { Endpoints } from '../contributions.ts';

/** What the sample service looks like from here. */
interface RunningSample {
  endpoints: Required<Endpoints>;
  close(): Promise<void>;
}

/** The sample service of this window: started when first needed, at a free loopback port, ended with the window. */
export class SampleTenant {
  readonly #start: () => Promise<RunningSample>;
  readonly #now: () => Date;
  #day: string | undefined;
  #running: Promise<RunningSample> | undefined;

  constructor(start: () => Promise<RunningSample>, now = () => new Date()) {
    this.#start = start;
    this.#now = now;
  }

  /** The day that it is a tenant of, `YYYY-MM-DD`, UTC: that of its start, however long it runs. */
  get day(): string {
    return (this.#running && this.#day) ?? this.#now().toISOString().slice(0, 10);
  }

  async endpoints(): Promise<Required<Endpoints>> {
    if (this.#running === undefined) {
      this.#day = this.day;
      this.#running = this.#start();
    }
    try {
      return (await this.#running).endpoints;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  /** Its addresses when it runs. */
  async runningAt(): Promise<Required<Endpoints> | undefined> {
    return this.#running?.then(({ endpoints }) => endpoints).catch(() => undefined);
  }

  /** Never rejects: a service that did not start needs no stop. */
  async stop(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    await running?.close();
  }
}
