/** How the service writes reports. */
export interface ReportSettings {
  /** Whether the files of Cost Details reports are gzip; default false, as in Azure today. */
  readonly compress?: boolean;
  /** Most rows in one file of a report or an export; default 25,000. */
  readonly partitionRows?: number;
  /** How long the addresses of report files are valid, in seconds of the real clock; default 12 hours. */
  readonly validSeconds?: number;
  /** Most bytes in the one file of a detailed cost report; default 2 GB. */
  readonly singleFileBytes?: number;
  /** Most bytes in one csv file of a price sheet's zip; default 75 MB. */
  readonly priceSheetPartBytes?: number;
}

const DEFAULTS: Required<ReportSettings> = {
  compress: false,
  partitionRows: 25_000,
  validSeconds: 12 * 60 * 60,
  singleFileBytes: 2_000_000_000,
  priceSheetPartBytes: 75_000_000,
};

/** The settings of reports; `reset` brings back those of the start. */
export class Reports {
  readonly #initial: Required<ReportSettings>;
  #settings: Required<ReportSettings>;

  /** Throws a RangeError naming a setting that is not possible. */
  constructor(settings: ReportSettings = {}) {
    this.#initial = checked({ ...DEFAULTS, ...settings });
    this.#settings = this.#initial;
  }

  get settings(): Required<ReportSettings> {
    return this.#settings;
  }

  /** Changes the settings for reports that are written from now on. */
  set(settings: ReportSettings): void {
    this.#settings = checked({ ...this.#settings, ...settings });
  }

  reset(): void {
    this.#settings = this.#initial;
  }
}

function checked(settings: Required<ReportSettings>): Required<ReportSettings> {
  const { compress, ...numbers } = settings;
  if (typeof compress !== 'boolean') throw new RangeError('compress must be true or false');
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === 'validSeconds' ? 0 : 1;
    if (!Number.isInteger(value) || value < least) throw new RangeError(`${name} must be a whole number from ${least}`);
  }
  return settings;
}
