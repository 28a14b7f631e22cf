import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Sink } from '../records/output.ts';
import type { PeriodState } from '../usage/period.ts';
import type { UsageReport, WriteOptions } from '../usage/writeUsage.ts';
import { tabUri } from './tabUri.ts';
import { parseUsageUri, type UsageDocumentSpec } from './usageUri.ts';

/** The editor gives no extension a document above this; such ones become files. Bytes. */
const LARGEST_DOCUMENT = 50 * 1024 * 1024;

/** Large documents that were not opened for a week are removed. Milliseconds. */
const KEEP_LARGE = 7 * 24 * 3600_000;

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
    const [{ writeUsage }, { parseScope }, { periodState }, arm] = await Promise.all([
      import('../usage/writeUsage.ts'),
      import('../api/arm/scope.ts'),
      import('../usage/period.ts'),
      this.#arm(spec.connection),
    ]);
    const sink = new SpillingSink(path.join(this.#largeFolder.fsPath, path.posix.basename(uri.path)));
    try {
      const scope = parseScope(spec.scope);
      const report = await writeUsage({ arm, scope, period: spec.period, format: spec.format }, sink, options);
      const document: UsageDocument = {
        spec,
        report,
        state: spec.period === undefined ? 'closed' : periodState(spec.period, report.fetchedAt),
        content: await sink.finish(),
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

/** Keeps bytes in memory until they are too many for an editor document, then moves on to a file. */
class SpillingSink implements Sink {
  readonly #file: string;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #stream: ReturnType<typeof createWriteStream> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#size += chunk.length;
    if (this.#stream !== undefined) {
      await this.#toFile(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.#size > LARGEST_DOCUMENT) {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await removeOldFiles(path.dirname(this.#file));
      this.#stream = createWriteStream(`${this.#file}.partial`);
      await once(this.#stream, 'open');
      for (const kept of this.#chunks) {
        await this.#toFile(kept);
      }
      this.#chunks = [];
    }
  }

  async #toFile(chunk: Uint8Array): Promise<void> {
    if (this.#stream?.write(chunk) === false) {
      await once(this.#stream, 'drain');
    }
  }

  async finish(): Promise<Uint8Array | vscode.Uri> {
    if (this.#stream === undefined) {
      return Buffer.concat(this.#chunks);
    }
    this.#stream.end();
    await once(this.#stream, 'close');
    const file = vscode.Uri.file(this.#file);
    await vscode.workspace.fs.rename(vscode.Uri.file(`${this.#file}.partial`), file, { overwrite: true });
    return file;
  }

  async discard(): Promise<void> {
    if (this.#stream !== undefined) {
      this.#stream.destroy();
      await rm(`${this.#file}.partial`, { force: true });
    }
  }
}

async function removeOldFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (Date.now() - (await stat(file)).mtimeMs > KEEP_LARGE) {
      await rm(file, { force: true });
    }
  }
}
