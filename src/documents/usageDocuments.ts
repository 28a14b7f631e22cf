import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { parseScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type PeriodState, periodState, resolvePeriod } from '../usage/period.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import { type BuildOptions, SharedBuild } from './sharedBuild.ts';
import { openTabs, tabUris } from './tabUris.ts';
import { parseUsageUri, type UsageDocumentSpec } from './usageUri.ts';

export interface UsageDocument {
  spec: UsageDocumentSpec;
  report: UsageReport;
  state: PeriodState;
  /** The content, or the file that holds it when it is larger than the editor takes. */
  content: Uint8Array | vscode.Uri;
}

/** A document was built, or built anew. */
export interface BuildEvent {
  uri: vscode.Uri;
  again: boolean;
}

/** Builds usage documents from their address alone and keeps them while they are open. */
export class UsageDocuments implements vscode.Disposable {
  readonly #arm: (connection: string) => Promise<ArmClient>;
  readonly #largeFolder: vscode.Uri;
  /** By their address, large ones also by the address of their file. */
  readonly #built = new Map<string, UsageDocument>();
  readonly #building = new Map<string, SharedBuild<UsageDocument>>();
  /** Documents on their way into a tab. */
  readonly #held = new Set<string>();
  readonly #changed = new vscode.EventEmitter<BuildEvent>();
  readonly onDidBuild = this.#changed.event;

  constructor(arm: (connection: string) => Promise<ArmClient>, largeFolder: vscode.Uri) {
    this.#arm = arm;
    this.#largeFolder = largeFolder;
  }

  /** The document when it is built already. */
  get(uri: vscode.Uri): UsageDocument | undefined {
    return this.#built.get(uri.toString());
  }

  /** Brings back what is known of a large document whose file a tab shows after a reload. */
  async recall(uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== 'file' || !uri.path.startsWith(`${this.#largeFolder.path}/`) || this.get(uri) !== undefined) {
      return;
    }
    const { readNote } = await import('./largeDocumentNote.ts');
    const note = await readNote(uri.fsPath);
    if (note !== undefined) {
      this.#built.set(uri.toString(), { ...note, state: stateOf(note.spec, note.report), content: uri });
      this.#changed.fire({ uri, again: false });
    }
  }

  /**
   * Fetches and formats a document. Asked several times at once, it is fetched once.
   *
   * @throws vscode.FileSystemError.FileNotFound when the address is not one of ours; BillingError when it names no complete
   *   request or fetching fails; the signal's reason
   */
  build(uri: vscode.Uri, options: BuildOptions = {}): Promise<UsageDocument> {
    const key = uri.toString();
    let building = this.#building.get(key);
    if (building === undefined || building.abandoned) {
      const fresh = new SharedBuild((shared) =>
        this.#build(uri, shared).finally(() => {
          if (this.#building.get(key) === fresh) {
            this.#building.delete(key);
          }
        }),
      );
      this.#building.set(key, fresh);
      building = fresh;
    }
    return building.join(options);
  }

  /** Keeps a document until `work` has put it into a tab. */
  async hold<T>(uri: vscode.Uri, work: () => Promise<T>): Promise<T> {
    const key = uri.toString();
    this.#held.add(key);
    try {
      return await work();
    } finally {
      this.#held.delete(key);
    }
  }

  /** To be called when tabs were closed. */
  tabsClosed(closed: readonly vscode.Tab[]): void {
    const gone = new Set(closed.flatMap(tabUris).map((uri) => uri.toString()));
    this.#forget((key) => gone.has(key));
  }

  /** Lets go of what came from connections whose service is another one now. */
  connectionsChanged(names: readonly string[]): void {
    const changed = new Set(names.map((name) => name.toLowerCase()));
    for (const [key, { spec }] of this.#built) {
      if (changed.has(spec.connection.toLowerCase())) {
        this.#built.delete(key);
      }
    }
  }

  /** Lets go of documents that no tab shows and none waits for, if `which` says so of one of their addresses. */
  #forget(which: (key: string) => boolean): void {
    const open = openTabs();
    const used = new Set(
      [...this.#built].filter(([key]) => open.has(key) || this.#held.has(key)).map(([, known]) => known),
    );
    const wanted = new Set([...this.#built].filter(([key]) => which(key)).map(([, known]) => known));
    for (const [key, document] of this.#built) {
      if (wanted.has(document) && !used.has(document)) {
        this.#built.delete(key);
      }
    }
  }

  async #build(uri: vscode.Uri, options: BuildOptions): Promise<UsageDocument> {
    const spec = parseUsageUri(uri);
    if (spec === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const scope = parseScope(spec.scope);
    // An address can be written by hand: without days the service would send the current period only.
    if (scope.kind !== 'invoice' && spec.period === undefined) {
      throw new BillingError('argument', 'period: the address of the document has none.', {
        advice: 'Open the usage again from the tree.',
      });
    }
    const period = spec.period === undefined ? undefined : resolvePeriod(spec.period, new Date());
    const [{ SpillingSink }, { UsageJob }, arm] = await Promise.all([
      import('./spillingSink.ts'),
      import('../usage/usageJob.ts'),
      this.#arm(spec.connection),
    ]);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const sink = new SpillingSink(this.#largeFolder.fsPath, uri.toString(), name);
    try {
      const job = await UsageJob.begin({ arm, scope, period, metric: spec.metric, format: spec.format }, options);
      await options.onEstimate?.(job.estimate);
      options.signal?.throwIfAborted();
      const report = await job.write(sink, options);
      return await this.#finish(uri, spec, report, await sink.finish());
    } catch (error) {
      await sink.discard();
      throw error;
    }
  }

  async #finish(
    uri: vscode.Uri,
    spec: UsageDocumentSpec,
    report: UsageReport,
    content: Uint8Array | string,
  ): Promise<UsageDocument> {
    const large = typeof content === 'string' ? vscode.Uri.file(content) : undefined;
    const document = { spec, report, state: stateOf(spec, report), content: large ?? (content as Uint8Array) };
    if (large !== undefined) {
      const { writeNote } = await import('./largeDocumentNote.ts');
      await writeNote(large.fsPath, { spec, report });
    }
    this.#forget(() => true);
    const again = this.#built.has(uri.toString());
    this.#built.set(uri.toString(), document);
    if (large !== undefined) {
      this.#built.set(large.toString(), document);
    }
    this.#changed.fire({ uri, again });
    return document;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** The month of an invoice is over when there is an invoice. */
function stateOf(spec: UsageDocumentSpec, report: UsageReport): PeriodState {
  return spec.period === undefined ? 'closed' : periodState(spec.period, report.fetchedAt);
}
