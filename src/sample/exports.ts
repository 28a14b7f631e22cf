import type { BlobStore } from './blobStore.ts';
import type { DayRange } from './calendar.ts';
import { type CostScope, costScope } from './costScopes.ts';
import { deliver, hasData, placesOf } from './exportDelivery.ts';
import { accountOfDestination } from './exportDestinations.ts';
import type { CostExport, ExportInput, ExportRun } from './exportModel.ts';
import { daysOfExport, folderOfDays } from './exportPeriods.ts';
import { checkedExportSettings, type ExportSettings } from './exportSettings.ts';
import { exportStoryScopes, seededExports } from './exportStories.ts';
import { guid, hash } from './hash.ts';
import type { Reports } from './reportSettings.ts';
import type { Tenant } from './tenant.ts';

/** An export with its runs, newest first. */
interface Kept {
  readonly costExport: CostExport;
  readonly runs: ExportRun[];
}

/** Runs since the start are numbered from here; those of stories from 0. */
const FIRST_OWN_RUN = 1_000;
const SECOND = 1_000;

/**
 * The exports of one running service: those of the tenant's stories, and what calls made of them. A run does not take time but
 * asks: each look at the runs of an export brings those that are not ended one step on, and the look that ends one waits
 * until its files are written. Files of stories are written when somebody first turns to their storage account.
 */
export class Exports {
  readonly #tenant: Tenant;
  readonly #store: BlobStore;
  readonly #reports: Reports;
  readonly #initial: Required<ExportSettings>;
  #settings: Required<ExportSettings>;
  readonly #scopes = new Map<string, Map<string, Kept>>();
  readonly #asks = new Map<ExportRun, number>();
  readonly #endings = new Map<ExportRun, Promise<void>>();
  /** Runs of stories whose files are still to be written, with their scopes. */
  readonly #unwritten = new Map<ExportRun, CostScope>();
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;
  #started = 0;

  /** Throws a RangeError naming a setting that is not possible. */
  constructor(tenant: Tenant, store: BlobStore, reports: Reports, settings: ExportSettings = {}) {
    this.#tenant = tenant;
    this.#store = store;
    this.#reports = reports;
    this.#initial = checkedExportSettings(settings);
    this.#settings = this.#initial;
  }

  /** Changes how runs go, also those that run. Throws a RangeError naming a setting that is not possible. */
  set(settings: ExportSettings): void {
    this.#settings = checkedExportSettings({ ...this.#settings, ...settings });
  }

  /** In the order of their names. */
  list(scope: CostScope): readonly CostExport[] {
    return [...this.#of(scope).values()]
      .map(({ costExport }) => costExport)
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  }

  /** Names are compared without case. */
  get(scope: CostScope, name: string): CostExport | undefined {
    return this.#of(scope).get(name.toLowerCase())?.costExport;
  }

  /** Writes an export under a new eTag; one that exists keeps the spelling of its name, and its runs. */
  put(scope: CostScope, name: string, input: ExportInput): CostExport {
    const existing = this.#of(scope).get(name.toLowerCase());
    this.#writes++;
    const costExport = {
      ...input,
      name: existing?.costExport.name ?? name,
      eTag: this.#eTag(scope, name, this.#writes),
    };
    this.#of(scope).set(name.toLowerCase(), { costExport, runs: existing?.runs ?? [] });
    return costExport;
  }

  /** Files stay where they are. */
  delete(scope: CostScope, name: string): void {
    this.#of(scope).delete(name.toLowerCase());
  }

  /** Begins a run for the export's own period, or for other days. */
  run(scope: CostScope, name: string, own?: DayRange): void {
    const kept = this.#of(scope).get(name.toLowerCase());
    if (!kept) return;
    const { costExport: settings, runs } = kept;
    const { now } = this.#tenant.options;
    const number = this.#started++;
    const days = own ?? daysOfExport(settings.definition, now);
    runs.unshift({
      id: this.runId(scope, settings.name, FIRST_OWN_RUN + number),
      executionType: 'OnDemand',
      // The service's present moment stands still; runs follow each other all the same.
      submitted: now.getTime() + number * SECOND,
      days,
      folder: folderOfDays(own ? 'Custom' : settings.definition.timeframe, days),
      settings,
      status: 'Queued',
      started: undefined,
      ended: undefined,
      error: undefined,
      fileName: undefined,
      manifestFile: undefined,
    });
  }

  /** The newest runs of an export, newest first. A look counts as an ask for each of them. */
  async runs(scope: CostScope, name: string, most = Number.POSITIVE_INFINITY): Promise<readonly ExportRun[]> {
    const runs = (this.#of(scope).get(name.toLowerCase())?.runs ?? []).slice(0, most);
    // Oldest first: where reports are overwritten, the newest has to be the one that stays.
    for (const run of runs.toReversed()) await this.#ask(scope, run);
    return runs;
  }

  /** Writes what stories have left in a storage account; its name is compared without case. */
  async writeStories(accountName: string): Promise<void> {
    for (const id of exportStoryScopes(this.#tenant)) {
      const scope = costScope(this.#tenant, id);
      for (const { runs } of this.#of(scope).values()) {
        for (const run of runs) if (run.ended !== undefined) await this.#ask(scope, run);
      }
    }
    await this.#writePending(({ settings: { destination } }) => {
      return accountOfDestination(this.#tenant, destination)?.name === accountName.toLowerCase();
    });
  }

  /** The id of the n-th run of an export. */
  runId(scope: CostScope, name: string, n: number): string {
    const bytes = Buffer.from(`${scope.id}/${name}`.toLowerCase());
    return guid(hash(this.#tenant.options.seed, 0xe9, ...bytes), n);
  }

  /** Back to the stories; files stay where they are. */
  reset(): void {
    this.#settings = this.#initial;
    this.#scopes.clear();
    this.#asks.clear();
    this.#endings.clear();
    this.#unwritten.clear();
    this.#writes = 0;
    this.#started = 0;
  }

  async #ask(scope: CostScope, run: ExportRun): Promise<void> {
    if (run.status !== 'Queued' && run.status !== 'InProgress') return;
    const { asks, ending } = this.#settings;
    // Runs of stories ended before the service began.
    const asked = run.ended === undefined ? (this.#asks.get(run) ?? 0) + 1 : Number.POSITIVE_INFINITY;
    this.#asks.set(run, asked);
    // The first of several asks still finds it waiting.
    if (run.status === 'Queued' && (asked > 1 || asks < 2)) {
      run.status = 'InProgress';
      run.started = run.submitted + SECOND;
    }
    if (asked <= asks || (ending === 'Never' && run.ended === undefined)) return;
    let end = this.#endings.get(run);
    if (!end) {
      end = this.#end(scope, run);
      this.#endings.set(run, end);
      // Where storage was away, the next look tries again.
      end.catch(() => this.#endings.delete(run));
    }
    await end;
  }

  async #end(scope: CostScope, run: ExportRun): Promise<void> {
    const fail = (code: string, message: string): void => {
      run.status = 'Failed';
      run.error = { code, message };
    };
    const ended = run.ended ?? run.submitted + 30 * SECOND;
    if (this.#settings.ending === 'Failed' && run.ended === undefined) {
      fail('ExportRunFailed', 'The run of the export failed. Run it again.');
    } else if (accountOfDestination(this.#tenant, run.settings.destination) === undefined) {
      fail('StorageAccountNotFound', 'The storage account of the export was not found.');
    } else if (hasData(this.#tenant, scope, run)) {
      const isStory = run.ended !== undefined;
      this.#unwritten.set(run, scope);
      if (!isStory) await this.#writePending(({ settings: { name } }) => name === run.settings.name);
      Object.assign(run, placesOf(run));
      run.status = 'Completed';
    } else {
      run.status = 'DataNotAvailable';
    }
    run.ended = ended;
  }

  /** One after the other and oldest first: a run may overwrite what the one before it wrote. */
  async #writePending(wanted: (run: ExportRun) => boolean): Promise<void> {
    const write = async (): Promise<void> => {
      const pending = [...this.#unwritten].filter(([run]) => wanted(run)).sort(([a], [b]) => a.submitted - b.submitted);
      for (const [run, scope] of pending) {
        await deliver(this.#tenant, this.#store, scope, run, this.#reports.settings.partitionRows);
        this.#unwritten.delete(run);
      }
    };
    const written = this.#writing.then(write);
    // Whoever comes next writes whatever became of this.
    this.#writing = written.catch(() => {});
    await written;
  }

  #of(scope: CostScope): Map<string, Kept> {
    let exports = this.#scopes.get(scope.id);
    if (!exports) {
      exports = new Map(
        seededExports(this.#tenant, scope, (name, n) => this.runId(scope, name, n)).map(({ name, input, runs }) => {
          const costExport: CostExport = { ...input, name, eTag: this.#eTag(scope, name, 0) };
          return [name.toLowerCase(), { costExport, runs: runs(costExport) }];
        }),
      );
      this.#scopes.set(scope.id, exports);
    }
    return exports;
  }

  #eTag({ id }: CostScope, name: string, write: number): string {
    const bytes = Buffer.from(`${id}/${name}`.toLowerCase());
    const word = (n: number): string =>
      hash(this.#tenant.options.seed, 0xe7a6, n, write, ...bytes)
        .toString(16)
        .padStart(8, '0');
    return `"1d${word(1)}${word(2).slice(0, 5)}"`;
  }
}
