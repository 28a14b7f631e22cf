import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { AnswerStore } from '../spend/answerStore.ts';
import { type AskedAs, askerOf } from '../store/askerOf.ts';
import type { Asker, StoredUsage } from '../store/readTypes.ts';
import type { Store } from '../store/store.ts';
import type { KeptUsage } from '../usage/plan/exportSource.ts';
import { setting } from '../workbench/commands.ts';
import { describeForLog } from '../workbench/failures.ts';
import { StoredAnswers } from './storedAnswers.ts';

const LIMIT_SETTING = 'azureBilling.store.limit';
const GIGABYTE = 1_000_000_000;

/** Where the person moved it; left out: beside what else the extension keeps. */
const FOLDER_KEY = 'storeFolder';

/** Where it was before, while something there was still being read. */
const LEFT_KEY = 'leftStoreFolders';

export interface StoredDataParts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  askedAs(connection: string): Promise<AskedAs>;
  /** The name as the settings have it. */
  find(connection: string): string | undefined;
}

function limitNow(): number {
  return Math.max(0, setting(LIMIT_SETTING) * GIGABYTE) || 0;
}

/** The store of this machine's editor. Nothing is loaded or read before it is first wanted. */
export class StoredData implements vscode.Disposable {
  readonly #parts: StoredDataParts;
  readonly #subscription: vscode.Disposable;
  readonly #held: Pick<StoredUsage, 'release'>[] = [];
  #opened: { folder: string; store: Promise<Store> } | undefined;

  constructor(parts: StoredDataParts) {
    this.#parts = parts;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(LIMIT_SETTING)) {
        void this.#keepNewLimit().catch(this.#failed);
      }
    });
  }

  async #keepNewLimit(): Promise<void> {
    const store = await this.anyStore();
    store.limit = limitNow();
    await store.keepLimit();
  }

  /** Absolute path. */
  get folder(): string {
    const { globalState, globalStorageUri } = this.#parts.context;
    return globalState.get(FOLDER_KEY) ?? path.join(globalStorageUri.fsPath, 'store');
  }

  /** Undefined when the setting says that nothing is kept. */
  async store(): Promise<Store | undefined> {
    const store = await this.anyStore();
    return store.limit > 0 ? store : undefined;
  }

  /** Whatever the limit is: with 0 it keeps an entry only while it is read. */
  anyStore(): Promise<Store> {
    const { folder } = this;
    // Another window may have moved it.
    if (this.#opened?.folder !== folder) {
      this.#opened = { folder, store: this.#open(folder) };
    }
    return this.#opened.store;
  }

  async #open(folder: string): Promise<Store> {
    const { context, log } = this.#parts;
    const { Store } = await import('../store/store.ts');
    void this.#emptyLeft().catch(this.#failed);
    return new Store({
      folder,
      now: () => new Date(),
      limit: limitNow(),
      producedBy: { name: 'azure-billing-explorer', version: String(context.extension.packageJSON.version) },
      onSetAside: (file, reason) => log.warn(`Stored data: ${path.basename(file)} is set aside: ${reason}`),
    });
  }

  /** The store and who asks, where something has to be read as a file in any case. */
  async anyStoreFor(connection: string): Promise<{ store: Store; asker: Asker }> {
    const [store, began] = await Promise.all([this.anyStore(), this.#parts.askedAs(connection)]);
    return { store, asker: this.#asker(connection, began) };
  }

  /** Keeps files from being removed for as long as the window lives. */
  hold(usage: Pick<StoredUsage, 'release'>): void {
    this.#held.push(usage);
  }

  /** The store, and who asks; undefined when nothing is kept for them. */
  async storedFor(
    connection: string,
  ): Promise<{ store: Store; asker: Asker; failed: (error: unknown) => void } | undefined> {
    const store = await this.store();
    const began = store && (await this.#parts.askedAs(connection));
    return store === undefined || began?.origin === undefined
      ? undefined
      : { store, asker: this.#asker(connection, began), failed: this.#failed };
  }

  /** An address that was written as text has its connection in small letters. */
  #asker(connection: string, began: AskedAs): Asker {
    const name = this.#parts.find(connection) ?? connection;
    return askerOf(name, began, `nobody ${randomUUID()}`, () => this.#parts.askedAs(connection));
  }

  async answersOf(connection: string): Promise<AnswerStore | undefined> {
    const found = await this.storedFor(connection);
    return found && new StoredAnswers(() => this.store(), found.asker, this.#failed);
  }

  /** What exports of a connection read before they ask the service. Nobody is signed in for it before it is asked. */
  async keptOf(connection: string): Promise<KeptUsage> {
    const { StoreUsage } = await import('../store/storeUsage.ts');
    return new StoreUsage({
      storedFor: () => this.storedFor(connection),
      now: () => new Date(),
      failed: this.#failed,
    });
  }

  /** The store is elsewhere from now on. */
  async movedTo(folder: string): Promise<void> {
    const { globalState } = this.#parts.context;
    const left = new Set(globalState.get<string[]>(LEFT_KEY)).add(this.folder);
    left.delete(folder);
    await globalState.update(LEFT_KEY, [...left]);
    await globalState.update(FOLDER_KEY, folder);
    // It is moved already: what cannot be removed there is tried again later.
    await this.#emptyLeft().catch(this.#failed);
  }

  /** What was being read when the store moved goes when nobody reads it any more. */
  async #emptyLeft(): Promise<void> {
    const { globalState } = this.#parts.context;
    const { StoreFolder } = await import('../store/storeFolder.ts');
    for (const folder of globalState.get<string[]>(LEFT_KEY) ?? []) {
      if (folder !== this.folder && (await new StoreFolder(folder).empty())) {
        const others = globalState.get<string[]>(LEFT_KEY)?.filter((other) => other !== folder);
        await globalState.update(LEFT_KEY, others?.length ? others : undefined);
      }
    }
  }

  readonly #failed = (error: unknown): void => {
    this.#parts.log.warn(`Stored data: ${describeForLog(error)}`);
  };

  dispose(): void {
    this.#subscription.dispose();
    for (const usage of this.#held) {
      void usage.release().catch(this.#failed);
    }
  }
}
