/** How the Microsoft Graph half of the service behaves. Every switch has its default back after `reset`. */
export interface GraphSettings {
  /** How often an export is asked about before it is at its end; default 1. */
  readonly polls?: number;
  /** Seconds in Retry-After while it runs; default 1. */
  readonly retryAfter?: number;
  /** How exports end; `Never` goes on running. Default Succeeded. */
  readonly ending?: (typeof ENDINGS)[number];
  /** Whether a successful operation holds its manifest, as the service does, or links to it, as in the reference. Default `inline`. */
  readonly manifest?: (typeof MANIFESTS)[number];
  /** Whether words are those of the reference's examples (`succeeded`, `Default`) or of its tables (`completed`, `default`). Default `examples`. */
  readonly spelling?: (typeof SPELLINGS)[number];
  /** Most rows in one file; default 25,000. */
  readonly partitionRows?: number;
  /** How long signatures that are made from now on are valid, in seconds of the real clock; default 1 hour. */
  readonly validSeconds?: number;
}

const ENDINGS = ['Succeeded', 'Failed', 'Never'] as const;
const MANIFESTS = ['inline', 'link'] as const;
const SPELLINGS = ['examples', 'table'] as const;

export type Settings = Required<GraphSettings>;

const WORDS = { ending: ENDINGS, manifest: MANIFESTS, spelling: SPELLINGS } satisfies Partial<
  Record<keyof Settings, readonly string[]>
>;

/** With the least possible value. */
const NUMBERS = { polls: 0, retryAfter: 0, partitionRows: 1, validSeconds: 0 } satisfies Partial<
  Record<keyof Settings, number>
>;

const DEFAULTS: Settings = {
  polls: 1,
  retryAfter: 1,
  ending: 'Succeeded',
  manifest: 'inline',
  spelling: 'examples',
  partitionRows: 25_000,
  validSeconds: 3_600,
};

/** The switches of one service; `reset` brings back those of the start. */
export class GraphSwitches {
  readonly #initial: Settings;
  #now: Settings;

  /** Throws a RangeError naming a setting that is not known or not possible. */
  constructor(settings: GraphSettings = {}) {
    this.#initial = checked({ ...DEFAULTS, ...settings });
    this.#now = this.#initial;
  }

  get now(): Settings {
    return this.#now;
  }

  /** Changes those that are given. Throws a RangeError naming a setting that is not known or not possible. */
  set(settings: Readonly<Record<string, unknown>>): void {
    this.#now = checked({ ...this.#now, ...settings });
  }

  reset(): void {
    this.#now = this.#initial;
  }
}

function checked(settings: Settings): Settings {
  for (const name of Object.keys(settings)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new RangeError(`graph.${name} is not known: use one of ${Object.keys(DEFAULTS).join(', ')}.`);
    }
  }
  for (const [name, words] of Object.entries(WORDS) as [keyof typeof WORDS, readonly string[]][]) {
    if (!words.includes(settings[name])) throw new RangeError(`graph.${name} must be one of ${words.join(', ')}.`);
  }
  for (const [name, least] of Object.entries(NUMBERS) as [keyof typeof NUMBERS, number][]) {
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`graph.${name} must be a whole number from ${least}.`);
    }
  }
  return settings;
}
