import { open, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BillingError } from '../api/http/errors.ts';
import { lockFolder } from '../disk/folderLock.ts';
import { OWN_FILE } from '../disk/ownership.ts';
import { codeOf } from '../disk/writeFailure.ts';
import type { Plan } from '../usage/plan/plan.ts';
import { answerFile, readAnswerFile } from './answerFile.ts';
import { type EntryName, entryName, hashOfKey, readEntryName } from './entryNames.ts';
import { freshnessOf, isFinal, isFresh } from './freshness.ts';
import { type FoundEntry, StoreFolder } from './storeFolder.ts';
import type {
  Entry,
  EntryFilter,
  EntryKey,
  LimitOutcome,
  StoredAnswer,
  StoredTable,
  StoreOptions,
  TableFacts,
} from './storeTypes.ts';
import { OWN_PERIOD } from './storeTypes.ts';
import { type KeptAnswer, keptAnswers, readTableMeta, UntrustedFile } from './tableFile.ts';
import type { TableMeta } from './tableMeta.ts';
import { TableWriter } from './tableWriter.ts';

/** What was set aside is kept so long, to be looked at. Milliseconds. */
const ASIDE_FOR = 7 * 24 * 60 * 60_000;

/** How often it is looked whether another window has fetched what it was about to. Milliseconds. */
const LOOK_EVERY = 200;

/** The folder is not looked through for each small answer, but when those that were kept since are such a part of the limit. */
const UNSEEN_PART = 1 / 100;

/** And at least so often, because other windows keep answers, too. Milliseconds. */
const LOOK_THROUGH_EVERY = 10 * 60_000;

/** Whether what is kept will do. */
export interface Wanted {
  /** What is kept, however old; nothing is fetched. */
  onlyKept?: boolean | undefined;
  /** What is not closed is fetched anew. */
  anew?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** It is never final: charges without an invoice. */
  isPassing?: boolean | undefined;
}

/** Fetches an entry: everything that a plan's pieces bring goes into the writer. */
export type FetchTable = (begin: (plan: Plan) => Promise<TableWriter>) => Promise<TableWriter>;

/**
 * What was fetched, kept by billing period in a folder that several processes share. Entries are files that never change and whose names
 * tell the hash of their content; what cannot be trusted is moved aside and counts as not there.
 */
export class Store {
  readonly #options: StoreOptions;
  #folder: StoreFolder;
  #limit: number;
  /** When it was last looked what there is, what that was, and what this process kept since then. Milliseconds; bytes. */
  #seen: { at: number; kept: number; since: number } | undefined;

  /** @throws RangeError when the folder is no absolute path */
  constructor(options: StoreOptions) {
    if (!path.isAbsolute(options.folder)) {
      throw new RangeError(`folder: '${options.folder}' is no absolute path.`);
    }
    this.#options = options;
    this.#folder = new StoreFolder(options.folder);
    this.#limit = options.limit;
  }

  get folder(): string {
    return this.#folder.folder;
  }

  /** Bytes of all entries together; takes effect with the next entry, or {@link keepLimit}. */
  get limit(): number {
    return this.#limit;
  }

  set limit(bytes: number) {
    this.#limit = bytes;
  }

  /** Where the file of an entry is. It may go at any time; who reads it by its path needs a {@link StoredTable}. */
  path(entry: Pick<Entry, 'name'>): string {
    return this.#folder.pathOf(entry.name);
  }

  /** All entries, the one that nobody read for longest first. */
  async list(filter: EntryFilter = {}): Promise<Entry[]> {
    const found = (await this.#folder.entries()).filter(
      ({ month, kind }) => (filter.month ?? month) === month && (filter.kind ?? kind) === kind,
    );
    if (filter.connection === undefined) {
      return found;
    }
    const keys = await Promise.all(found.map((entry) => this.#keyOf(entry)));
    return found.filter((_, i) => keys[i]?.connection === filter.connection);
  }

  async #keyOf(entry: FoundEntry): Promise<EntryKey | undefined> {
    return this.#trusted(entry, async (file) =>
      entry.kind === 'table' ? (await readTableMeta(file, entry)).key : (await readAnswerFile(file, entry)).key,
    );
  }

  /** What a table says of itself; undefined when it is gone, cannot be trusted, or is no table. */
  async inspect({ name }: Pick<Entry, 'name'>): Promise<TableFacts | undefined> {
    const told = readEntryName(name);
    const meta = told?.kind === 'table' ? await this.#trusted(told, (file) => readTableMeta(file, told)) : undefined;
    return meta && factsOf(meta);
  }

  /** The newest entry of a key, however old; undefined when there is none. Release it when it is no longer read. */
  async findTable(key: EntryKey): Promise<StoredTable | undefined> {
    for (const entry of await this.#folder.versions(hashOfKey(key), 'table')) {
      const table = await this.#hold(entry);
      if (table !== undefined) {
        return table;
      }
    }
    return undefined;
  }

  /** The table of that name, whoever asks; undefined when it is gone, cannot be trusted, or is none. Release it like any other. */
  async holdTable(name: string): Promise<StoredTable | undefined> {
    const told = readEntryName(name);
    if (told === undefined) {
      return undefined;
    }
    const found = (await this.#folder.versions(told.hash, 'table')).find((entry) => entry.name === name);
    return found && this.#hold(found);
  }

  async #hold(entry: FoundEntry): Promise<StoredTable | undefined> {
    const release = await this.#folder.hold(entry.name);
    const meta = release && (await this.#trusted(entry, (file) => readTableMeta(file, entry)));
    if (meta !== undefined && release !== undefined) {
      return this.#table(entry, meta, release);
    }
    await release?.();
    return undefined;
  }

  #table(entry: FoundEntry, meta: TableMeta, release: () => Promise<void>): StoredTable {
    const folder = this.#folder;
    const facts = factsOf(meta);
    let held = true;
    const table: StoredTable = {
      entry,
      file: folder.pathOf(entry.name),
      facts,
      totals: facts.totals,
      freshness: freshnessOf(meta.key.month, facts.fetchedAt, meta.closed, this.#options.now()),
      release: async () => {
        if (!held) {
          return;
        }
        held = false;
        await release();
        const [newest] = await folder.versions(entry.hash, 'table');
        if (this.#limit === 0 || newest?.name !== entry.name) {
          await folder.remove(entry.name);
        }
      },
    };
    metas.set(table, meta);
    return table;
  }

  /**
   * The entry of a key: what is kept, or what is fetched now. Of several that ask at the same time, in other windows too, one fetches.
   *
   * @returns undefined when nothing is kept and only that was asked for
   * @throws what fetching throws, and what the disk does in a sentence for the user
   */
  async readTable(
    key: EntryKey,
    fetch: FetchTable,
    wanted: Wanted = {},
  ): Promise<{ table: StoredTable; fetched: boolean } | undefined> {
    const asked = this.#options.now();
    const kept = await this.#kept(key, wanted, asked);
    if (kept !== undefined || wanted.onlyKept === true) {
      return kept && { table: kept, fetched: false };
    }
    const lock = await this.#lock(hashOfKey(key), wanted.signal);
    try {
      const fetchedElsewhere = await this.#kept(key, wanted, asked);
      if (fetchedElsewhere !== undefined) {
        return { table: fetchedElsewhere, fetched: false };
      }
      await this.#write(key, fetch, asked, wanted.isPassing === true);
    } catch (error) {
      // Old figures with their age are more than none.
      const old = wanted.anew !== true && isUnreachable(error) ? await this.findTable(key) : undefined;
      if (old === undefined) {
        throw error;
      }
      return { table: old, fetched: false };
    } finally {
      await lock.release();
    }
    const table = await this.findTable(key);
    if (table === undefined) {
      throw new Error(`folder: what was fetched is gone from '${this.folder}'; try again.`);
    }
    await this.keepLimit();
    return { table, fetched: true };
  }

  /** @param asked what somebody else fetched since then will do in any case */
  async #kept(
    key: EntryKey,
    { onlyKept = false, anew = false }: Wanted,
    asked: Date,
  ): Promise<StoredTable | undefined> {
    const table = await this.findTable(key);
    if (table === undefined) {
      return undefined;
    }
    const { freshness } = table;
    const isNew = freshness.fetchedAt > asked;
    if (onlyKept || freshness.state === 'closed' || isNew || (!anew && isFresh(freshness))) {
      return table;
    }
    await table.release();
    return undefined;
  }

  /** @param asked what was final then is closed */
  async #write(key: EntryKey, fetch: FetchTable, asked: Date, isPassing: boolean): Promise<void> {
    const begun: TableWriter[] = [];
    try {
      const writer = await fetch(async (plan) => {
        const made = await TableWriter.begin(this.#folder, key, plan, this.#options);
        begun.push(made);
        return made;
      });
      await writer.finish((rows) => !isPassing && isFinal(key.month, asked, rows));
    } finally {
      await Promise.all(begun.map((writer) => writer.abandon()));
    }
  }

  async #lock(hash: string, signal: AbortSignal | undefined): Promise<{ release(): Promise<void> }> {
    for (;;) {
      signal?.throwIfAborted();
      const folder = await this.#folder.lockFolder(hash);
      // Who leaves removes the folder: then it is made once more.
      const lock = await lockFolder(folder).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') {
          return undefined;
        }
        throw error;
      });
      if (lock !== undefined) {
        const release = async () => {
          await lock.release();
          await rmdir(folder).catch(() => {});
        };
        return { release };
      }
      await delay(LOOK_EVERY, undefined, signal === undefined ? {} : { signal });
    }
  }

  /** The newest small answer of a key, however old; undefined when there is none. */
  async findAnswer(key: EntryKey): Promise<StoredAnswer | undefined> {
    for (const entry of await this.#folder.versions(hashOfKey(key), 'answer')) {
      const release = await this.#folder.hold(entry.name);
      const read = release && (await this.#trusted(entry, (file) => readAnswerFile(file, entry)));
      await release?.();
      if (read !== undefined) {
        const freshness = freshnessOf(key.month, entry.fetchedAt, read.closed, this.#options.now());
        return { entry, bytes: read.bytes, freshness };
      }
    }
    return undefined;
  }

  /** Keeps an answer in place of those before. @param askedAt what was final then is closed */
  async keepAnswer(key: EntryKey, bytes: Uint8Array, askedAt: Date): Promise<StoredAnswer> {
    // What is of no month may change at any time.
    const closed = key.month !== OWN_PERIOD && isFinal(key.month, askedAt, 1);
    const { file, sha256 } = answerFile(key, closed, bytes);
    const name = entryName(key, 'answer', askedAt, sha256);
    const answer: StoredAnswer = {
      entry: { kind: 'answer', name, month: key.month, fetchedAt: askedAt, bytes: file.length, usedAt: askedAt },
      bytes,
      freshness: freshnessOf(key.month, askedAt, closed, askedAt),
    };
    if (this.#limit > 0) {
      await this.#keepFile(name, file);
      await Promise.all(
        (await this.#folder.versions(hashOfKey(key), 'answer'))
          // Another window may have kept a newer one meanwhile.
          .filter((other) => other.fetchedAt < askedAt)
          .map((other) => this.#folder.remove(other.name)),
      );
      await this.#keepLimitAfter(file.length);
    }
    return answer;
  }

  async #keepFile(name: string, bytes: Uint8Array): Promise<void> {
    const draft = await this.#folder.draft();
    try {
      const handle = await open(draft, 'wx', OWN_FILE);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#folder.keep(draft, name);
    } finally {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  /** Reads a file that is moved aside when it cannot be trusted; undefined then, or when it is gone. */
  async #trusted<T>(entry: EntryName, read: (file: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await read(this.#folder.pathOf(entry.name));
    } catch (error) {
      if (error instanceof UntrustedFile) {
        await this.aside(entry, error.message);
        return undefined;
      }
      if (codeOf(error) === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }

  /** Moves the file of an entry aside: nobody reads it again, and it may be looked at. */
  async aside(entry: Pick<Entry, 'name'>, reason: string): Promise<void> {
    const file = await this.#folder.setAside(entry.name);
    this.#options.onSetAside?.(file, reason);
  }

  /**
   * The answers of a table as they were sent.
   *
   * @param from which is the first, counted from 0
   * @throws Error with a sentence for the user when they were damaged meanwhile; the file is moved aside
   */
  async *answers(table: StoredTable, from = 0): AsyncGenerator<KeptAnswer> {
    try {
      yield* keptAnswers(table.file, metaOf(table), from);
    } catch (error) {
      if (error instanceof UntrustedFile) {
        await this.aside(table.entry, error.message);
        throw new Error(`file: '${table.file}' cannot be read any more: ${error.message}; try again.`, {
          cause: error,
        });
      }
      throw error;
    }
  }

  /** Removes entries that nobody reads. */
  async clear(filter: EntryFilter = {}): Promise<LimitOutcome> {
    await this.#folder.sweep();
    if (Object.keys(filter).length === 0) {
      await this.#folder.forgetAside(this.#options.now());
    }
    return this.#remove(await this.list(filter));
  }

  async #remove(entries: readonly Entry[]): Promise<LimitOutcome> {
    let removed = 0;
    let kept = 0;
    for (const { name, bytes } of entries) {
      if (await this.#folder.remove(name)) {
        removed += bytes;
      } else {
        kept += bytes;
      }
    }
    return { removed, kept };
  }

  /** Looks through the folder when so many bytes more may have made it too large. */
  async #keepLimitAfter(bytes: number): Promise<void> {
    const seen = this.#seen;
    if (seen !== undefined) {
      seen.since += bytes;
      const isNear = seen.kept + seen.since > this.#limit || seen.since > this.#limit * UNSEEN_PART;
      if (!isNear && performance.now() - seen.at < LOOK_THROUGH_EVERY) {
        return;
      }
    }
    // A little below, so that not each answer to come has it looked through again.
    await this.#keepWithin(this.#limit * (1 - UNSEEN_PART));
  }

  /**
   * Removes what newer entries have replaced, and then those that nobody used for longest, until the rest is within the limit. What is being
   * read stays.
   */
  keepLimit(): Promise<LimitOutcome> {
    return this.#keepWithin(this.#limit);
  }

  async #keepWithin(limit: number): Promise<LimitOutcome> {
    const seen = { at: performance.now(), kept: 0, since: 0 };
    this.#seen = seen;
    await this.#folder.sweep();
    await this.#folder.forgetAside(new Date(this.#options.now().getTime() - ASIDE_FOR));
    const entries = await this.#folder.entries();
    const newest = new Map<string, FoundEntry>();
    for (const entry of entries) {
      const other = newest.get(entry.kind + entry.hash);
      if (other === undefined || other.fetchedAt <= entry.fetchedAt) {
        newest.set(entry.kind + entry.hash, entry);
      }
    }
    const isReplaced = (entry: FoundEntry) => newest.get(entry.kind + entry.hash) !== entry;
    let kept = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    let removed = 0;
    for (const entry of [...entries.filter(isReplaced), ...entries.filter((other) => !isReplaced(other))]) {
      if ((isReplaced(entry) || kept > limit) && (await this.#folder.remove(entry.name))) {
        kept -= entry.bytes;
        removed += entry.bytes;
      }
    }
    seen.kept = kept;
    return { kept, removed };
  }

  /**
   * Takes all entries to another folder, and uses that from now on. What is being read stays where it is as long as it is, for those who
   * read it.
   *
   * @param folder absolute path
   * @returns bytes that are in the new folder, and bytes that were removed from the old one
   */
  async move(folder: string): Promise<LimitOutcome> {
    if (!path.isAbsolute(folder)) {
      throw new RangeError(`folder: '${folder}' is no absolute path.`);
    }
    const from = this.#folder;
    const to = new StoreFolder(folder);
    if (path.resolve(folder) === path.resolve(from.folder)) {
      return { kept: 0, removed: 0 };
    }
    await from.sweep();
    let kept = 0;
    let removed = 0;
    const entries = await from.entries();
    for (const { name, bytes } of entries) {
      const release = await from.hold(name);
      if (release !== undefined) {
        await to.adopt(from.pathOf(name), name).finally(release);
        kept += bytes;
      }
    }
    this.#folder = to;
    this.#seen = undefined;
    for (const { name, bytes } of entries) {
      removed += (await from.remove(name)) ? bytes : 0;
    }
    return { kept, removed };
  }
}

/** What tables know beside their facts: how their answers are found. */
const metas = new WeakMap<StoredTable, TableMeta>();

/** @throws RangeError for what no store gave */
export function metaOf(table: StoredTable): TableMeta {
  const meta = metas.get(table);
  if (meta === undefined) {
    throw new RangeError('This is no table of a store.');
  }
  return meta;
}

function factsOf(meta: TableMeta): TableFacts {
  const { rows, rowsWithoutCost, totals, days, requestIds, source, why, content, unknownFields, closed } = meta;
  return {
    ...meta.key,
    ...{ rows, rowsWithoutCost, totals, days, requestIds, source, content, unknownFields, closed },
    ...(why === undefined ? {} : { why }),
    pages: content === 'pages' ? meta.blocks.length : meta.files,
    fetchedAt: new Date(meta.fetchedAt),
  };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof BillingError && error.kind === 'unreachable';
}
