import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { PeriodState } from '../usage/period.ts';
import type { UsageReport, WriteOptions } from '../usage/writeUsage.ts';
import { tabUri } from './tabUri.ts';
import { parseUsageUri, type UsageDocumentSpec } from './usageUri.ts';

export interface UsageDocument {
  spec: UsageDocumentSpec;
  report: UsageReport;
  state: PeriodState;
  /** The content, or the file that holds it when it is larger than the editor takes. */
  content: Uint8Array | vscode.Uri;
}

/** Builds usage documents from their address alone and keeps them while they are open. */
export class UsageDocuments {
  readonly #arm: (connection: string) => Promise<ArmClient>;
  readonly #largeFolder: vscode.Uri;
  readonly #built = new Map<string, UsageDocument>();
  readonly #building = new Map<string, Promise<UsageDocument>>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** A document was built, or built anew. */
  readonly onDidBuild = this.#changed.event;

  constructor(arm: (connection: string) => Promise<ArmClient>, largeFolder: vscode.Uri) {
    this.#arm = arm;
    this.#largeFolder = largeFolder;
  }

  /** The document when it is built already. A large one is found under the address of its file too. */
  get(uri: vscode.Uri): UsageDocument | undefined {
    return this.#built.get(uri.toString());
  }

  /** Lets go of documents that no tab shows. The last one built stays: its tab may be on its way. */
  #forgetClosed(): void {
    const open = openTabs();
    for (const key of this.#built.keys()) {
      if (!open.has(key)) {
        this.#built.delete(key);
      }
    }
  }

  /** To be called when tabs were closed. */
  tabsClosed(closed: readonly vscode.Tab[]): void {
    const open = openTabs();
    for (const tab of closed) {
      const key = tabUri(tab)?.toString();
      if (key !== undefined && !open.has(key)) {
        this.#built.delete(key);
      }
    }
  }

  /**
   * Fetches and formats a document. Asked twice at the same time, it is fetched once; the first one's signal counts.
   *
   * @throws vscode.FileSystemError.FileNotFound when the address is not one of ours; BillingError when fetching fails
   */
  build(uri: vscode.Uri, options: WriteOptions = {}): Promise<UsageDocument> {
    const key = uri.toString();
    let building = this.#building.get(key);
    if (building === undefined) {
      building = this.#build(uri, options).finally(() => this.#building.delete(key));
      this.#building.set(key, building);
    }
    return building;
  }

  async #build(uri: vscode.Uri, options: WriteOptions): Promise<UsageDocument> {
    const spec = parseUsageUri(uri);
    if (spec === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const [{ SpillingSink }, { writeUsage }, { parseScope }, { periodState }, arm] = await Promise.all([
      import('./spillingSink.ts'),
      import('../usage/writeUsage.ts'),
      import('../api/arm/scope.ts'),
      import('../usage/period.ts'),
      this.#arm(spec.connection),
    ]);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const sink = new SpillingSink(this.#largeFolder.fsPath, uri.toString(), name);
    try {
      const scope = parseScope(spec.scope);
      const report = await writeUsage({ arm, scope, period: spec.period, format: spec.format }, sink, options);
      const content = await sink.finish();
      const document: UsageDocument = {
        spec,
        report,
        state: spec.period === undefined ? 'closed' : periodState(spec.period, report.fetchedAt),
        content: typeof content === 'string' ? vscode.Uri.file(content) : content,
      };
      this.#forgetClosed();
      this.#built.set(uri.toString(), document);
      if (document.content instanceof vscode.Uri) {
        this.#built.set(document.content.toString(), document);
      }
      this.#changed.fire(uri);
      return document;
    } catch (error) {
      await sink.discard();
      throw error;
    }
  }
}

function openTabs(): Set<string> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return new Set(tabs.map((tab) => tabUri(tab)?.toString() ?? ''));
}
