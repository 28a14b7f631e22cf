import * as vscode from 'vscode';
import type { PeriodState } from '../usage/period.ts';
import { type BuildOptions, SharedBuild } from '../usage/sharedBuild.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import type { ClientSource, StoredFor } from './documentBuild.ts';
import type { DocumentSpec } from './documentSpec.ts';
import { openTabs, tabUris } from './tabUris.ts';

export interface UsageDocument {
  spec: DocumentSpec;
  report: UsageReport;
  /** How final the figures are. */
  state: PeriodState;
  /** What a person is told of it: a title, and the facts behind it, a line each. */
  facts: readonly string[];
  /** The content, or the file that holds it when it is larger than the editor takes. */
  content: Uint8Array | vscode.Uri;
}

/** A document was built, or built anew. */
export interface BuildEvent {
  uri: vscode.Uri;
  again: boolean;
}

/** Builds documents of usage from their address alone and keeps them while they are open. */
export class UsageDocuments implements vscode.Disposable {
  readonly #clients: ClientSource;
  readonly #storedFor: StoredFor;
  readonly #largeFolder: vscode.Uri;
  /** By their address, large ones also by the address of their file. */
  readonly #built = new Map<string, UsageDocument>();
  readonly #building = new Map<string, SharedBuild<UsageDocument>>();
  /** Documents on their way into a tab. */
  readonly #held = new Set<string>();
  readonly #changed = new vscode.EventEmitter<BuildEvent>();
  readonly onDidBuild = this.#changed.event;

  constructor(clients: ClientSource, storedFor: StoredFor, largeFolder: vscode.Uri) {
    this.#clients = clients;
    this.#storedFor = storedFor;
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
    const [{ readNote }, { documentFacts, stateOf }] = await Promise.all([
      import('./largeDocumentNote.ts'),
      import('./documentFacts.ts'),
    ]);
    const note = await readNote(uri.fsPath);
    if (note !== undefined) {
      const { spec, report } = note;
      const state = stateOf(spec, report);
      this.#built.set(uri.toString(), { ...note, state, facts: documentFacts(spec, report), content: uri });
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
    const { parseDocumentUri } = await import('./documentSpec.ts');
    const spec = parseDocumentUri(uri);
    if (spec === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const [{ SpillingSink }, { writeDocument }] = await Promise.all([
      import('./spillingSink.ts'),
      import('./documentBuild.ts'),
    ]);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const sink = new SpillingSink(this.#largeFolder.fsPath, uri.toString(), name);
    try {
      const report = await writeDocument(spec, this.#clients, sink, {
        ...options,
        storedFor: this.#storedFor,
        // What a tab shows is read again because somebody wants to see what changed.
        anew: this.#built.has(uri.toString()),
      });
      return await this.#finish(uri, spec, report, await sink.finish());
    } catch (error) {
      await sink.discard();
      throw error;
    }
  }

  async #finish(
    uri: vscode.Uri,
    spec: DocumentSpec,
    report: UsageReport,
    content: Uint8Array | string,
  ): Promise<UsageDocument> {
    const { documentFacts, stateOf } = await import('./documentFacts.ts');
    const large = typeof content === 'string' ? vscode.Uri.file(content) : undefined;
    const state = stateOf(spec, report);
    const facts = documentFacts(spec, report);
    const document = { spec, report, state, facts, content: large ?? (content as Uint8Array) };
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
