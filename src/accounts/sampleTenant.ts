import type { Endpoints } from '../contributions.ts';

/** What the sample service looks like from here. */
interface RunningSample {
  endpoints: Required<Endpoints>;
  close(): Promise<void>;
}

/** The sample service of this window: started when first needed, at a free loopback port, ended with the window. */
export class SampleTenant {
  readonly #start: () => Promise<RunningSample>;
  #running: Promise<RunningSample> | undefined;

  constructor(start: () => Promise<RunningSample>) {
    this.#start = start;
  }

  async endpoints(): Promise<Required<Endpoints>> {
    this.#running ??= this.#start();
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
