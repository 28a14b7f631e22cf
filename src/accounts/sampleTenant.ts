/** What the sample service looks like from here. */
interface RunningSample {
  endpoints: { resourceManager: string };
  close(): Promise<void>;
}

/** The sample service of this window: started when first needed, at a free loopback port, ended with the window. */
export class SampleTenant {
  readonly #start: () => Promise<RunningSample>;
  #running: Promise<RunningSample> | undefined;

  constructor(start: () => Promise<RunningSample>) {
    this.#start = start;
  }

  async address(): Promise<string> {
    this.#running ??= this.#start();
    try {
      return (await this.#running).endpoints.resourceManager;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  /** Its address when it runs. */
  async runningAt(): Promise<string | undefined> {
    return this.#running?.then(({ endpoints }) => endpoints.resourceManager).catch(() => undefined);
  }

  /** Never rejects: a service that did not start needs no stop. */
  async stop(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    await running?.close();
  }
}
