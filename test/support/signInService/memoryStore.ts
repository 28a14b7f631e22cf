type Payload = Record<string, unknown>;

/** Where the provider keeps codes and grants: in memory, as long as the test runs. One class of each provider's own. */
export function createMemoryStore(): new (kind: string) => object {
  const kept = new Map<string, Payload>();
  const find = (test: (payload: Payload) => boolean) => [...kept.values()].find(test);
  return class {
    readonly #kind: string;

    constructor(kind: string) {
      this.#kind = kind;
    }

    async upsert(id: string, payload: Payload): Promise<void> {
      kept.set(`${this.#kind} ${id}`, payload);
    }

    async find(id: string): Promise<Payload | undefined> {
      return kept.get(`${this.#kind} ${id}`);
    }

    async findByUserCode(code: string): Promise<Payload | undefined> {
      return find((payload) => payload.userCode === code);
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return find((payload) => payload.uid === uid);
    }

    async consume(id: string): Promise<void> {
      Object.assign(kept.get(`${this.#kind} ${id}`) ?? {}, { consumed: Math.floor(Date.now() / 1000) });
    }

    async destroy(id: string): Promise<void> {
      kept.delete(`${this.#kind} ${id}`);
    }

    async revokeByGrantId(grant: string): Promise<void> {
      for (const [key, payload] of kept) {
        if (payload.grantId === grant) {
          kept.delete(key);
        }
      }
    }
  };
}
