import type { Wait } from '../api/http/client.ts';
import { waitText } from '../workbench/text.ts';
import type { EmptyText } from './emptyTexts.ts';
import type { ChildNode, ExplorerNode } from './node.ts';
import type { ChildPages } from './pages.ts';

/** A failure as a row shows it: the cause in a few words, the sentence behind it, all of it in the tooltip. */
export interface RowFailure {
  summary: string;
  message: string;
  tooltip: string;
}

export interface ModelOptions {
  /** The rows of the first level. */
  roots(): ExplorerNode[];
  /** Opens the pages of a node's children. */
  open(node: ExplorerNode): Promise<ChildPages>;
  emptyText(node: ExplorerNode): EmptyText;
  /**
   * Adds to the rows of a level what is not in their list (costs), after the level was fetched or has grown.
   *
   * @param fresh the level was fetched anew
   * @returns the rows that changed; must not reject
   */
  annotate?(
    node: ExplorerNode,
    children: readonly ExplorerNode[],
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<readonly ExplorerNode[]>;
  /** Turns a failure into words, and logs it. */
  explain(error: unknown, node: ExplorerNode): RowFailure;
}

/** A load that goes on: of a level from its start, or of more pages behind those it has. */
interface Load {
  appends: boolean;
  abort: AbortController;
  waiting: Wait | undefined;
  /** Never rejects: what fails becomes the level's failure. */
  done: Promise<void>;
}

/** The children of one opened node: what was fetched, and what goes on. */
interface Level {
  children: ExplorerNode[];
  /** Those of the children. Kept: collecting them anew for every page makes 100,000 rows slow. */
  ids: Set<string>;
  /** Absent until the first page is there. */
  pages: ChildPages | undefined;
  pageCount: number;
  /** Older than the last refresh that was asked for. */
  stale: boolean;
  load: Load | undefined;
  failure: (RowFailure & { error: unknown }) | undefined;
  /** Ends what is added to the rows. */
  annotation: AbortController | undefined;
}

/** A first answer within this time is shown without a "loading" row before it. Milliseconds. */
const PATIENCE = 300;

/** Up to so many rows are drawn anew one by one; the editor compares each with each. */
const FEW_ROWS = 100;

/**
 * The tree's data: which nodes were opened, their pages, what is loading, waiting or failed. Nothing is fetched that was not
 * opened; a refresh asks for as many pages as were there before; node objects keep their identity as long as their id lives,
 * because the editor matches rows by object.
 */
export class ExplorerModel {
  readonly #options: ModelOptions;
  readonly #levels = new Map<string, Level>();
  readonly #nodes = new Map<string, ExplorerNode>();
  readonly #listeners = new Set<(node: ExplorerNode | undefined) => void>();

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** Tells when a node's row or the rows below it changed; undefined stands for the whole tree. */
  onDidChange(listener: (node: ExplorerNode | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** The rows below a node, or the roots. Starts fetching when the node was never opened or is stale. */
  async children(node?: ExplorerNode): Promise<ExplorerNode[]> {
    if (node === undefined) {
      return this.#options.roots().map((root) => this.#adopt(root));
    }
    const level = this.#level(node);
    if (level.load === undefined && (level.pages === undefined || level.stale) && level.failure === undefined) {
      void this.#reload(node, level);
    }
    if (level.load !== undefined && level.children.length === 0) {
      await Promise.race([level.load.done, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    }
    return this.#rows(node, level);
  }

  /** The node of the tree with this id. */
  find(id: string): ExplorerNode | undefined {
    return this.#nodes.get(id);
  }

  /** Every node that was shown so far. */
  seen(): Iterable<ExplorerNode> {
    return this.#nodes.values();
  }

  /** Fetches the next page below a node; the first one when it was never opened. */
  async loadMore(node: ExplorerNode): Promise<void> {
    await this.#append(node, 1);
  }

  /** Fetches all pages that are left. */
  async loadAll(node: ExplorerNode): Promise<void> {
    await this.#append(node, Number.POSITIVE_INFINITY);
  }

  /**
   * Fetches anew what was opened below a node, or everywhere; the old rows stay until the new ones are there. What loads now may
   * be older than this wish, so it is loaded once more behind it.
   */
  refresh(node?: ExplorerNode): void {
    for (const [id, level] of this.#levels) {
      if (node === undefined || id === node.id || id.startsWith(`${node.id}/`)) {
        level.stale = true;
        level.failure = undefined;
      }
    }
    this.#fire(node);
  }

  /** Stops what loads below a node: it is not on screen any more. Pages that arrived are kept. */
  cancel(node: ExplorerNode): void {
    for (const [id, level] of this.#levels) {
      if (id === node.id || id.startsWith(`${node.id}/`)) {
        const { load } = level;
        load?.abort.abort();
        level.annotation?.abort();
        // The next one who opens the level need not wait for the end of what was stopped. More pages come from the same walk as
        // those before, which must not be asked twice at a time.
        if (load?.appends === false) {
          level.load = undefined;
          level.stale = true;
        }
      }
    }
  }

  /**
   * The first level is another one now. Forgets everything below nodes that {@link ModelOptions.roots} no longer names, and below
   * the named ones: what they showed came from another service. Nothing is fetched anew below the others.
   */
  prune(changed: readonly string[] = []): void {
    const roots = new Set(this.#options.roots().map((root) => root.id));
    for (const id of [...this.#levels.keys(), ...this.#nodes.keys()]) {
      const root = id.split('/', 1)[0] ?? '';
      if (!roots.has(root) || changed.includes(root)) {
        this.#levels.get(id)?.load?.abort.abort();
        this.#levels.delete(id);
        this.#nodes.delete(id);
      }
    }
    this.#fire(undefined);
  }

  #level(node: ExplorerNode): Level {
    let level = this.#levels.get(node.id);
    if (level === undefined) {
      level = {
        children: [],
        ids: new Set(),
        pages: undefined,
        pageCount: 0,
        stale: false,
        load: undefined,
        failure: undefined,
        annotation: undefined,
      };
      this.#levels.set(node.id, level);
    }
    return level;
  }

  /** Reads a level from its start, as many pages as it had. The rows are replaced when all of them are there. */
  #reload(node: ExplorerNode, level: Level): Promise<void> {
    level.stale = false;
    return this.#run(node, level, false, async (load) => {
      const pages = await this.#options.open(node);
      const fetched: ChildNode[] = [];
      let count = 0;
      try {
        for (; count < Math.max(level.pageCount, 1) && pages.more; count++) {
          fetched.push(...(await this.#page(node, load, pages)));
        }
      } catch (error) {
        // What needs no request must not be out of reach because something else failed.
        if (level.pages === undefined && !load.abort.signal.aborted) {
          level.ids = new Set();
          level.children = this.#place(node, [...(pages.beside ?? [])], level.ids);
        }
        throw error;
      }
      load.abort.signal.throwIfAborted();
      level.ids = new Set();
      level.children = this.#place(node, fetched, level.ids);
      level.pages = pages;
      level.pageCount = count;
      this.#annotate(node, level, true);
    });
  }

  async #append(node: ExplorerNode, pageCount: number): Promise<void> {
    const level = this.#level(node);
    if (level.pages === undefined && level.load === undefined && pageCount > 0) {
      await this.#reload(node, level);
      pageCount--;
    }
    const { pages } = level;
    if (level.load !== undefined || pages === undefined || pageCount === 0) {
      return;
    }
    const done = this.#run(node, level, true, async (load) => {
      for (let count = 0; count < pageCount && pages.more; count++) {
        const page = await this.#page(node, load, pages);
        level.children.push(...this.#place(node, page, level.ids));
        level.pageCount++;
        this.#fire(node);
      }
      this.#annotate(node, level, false);
    });
    this.#fire(node);
    await done;
  }

  /** Adds to all rows again what is not in their lists: what is wanted there has changed. */
  annotateAll(): void {
    for (const [id, level] of this.#levels) {
      const node = this.#nodes.get(id);
      if (node !== undefined && level.pages !== undefined) {
        this.#annotate(node, level, false);
      }
    }
  }

  #annotate(node: ExplorerNode, level: Level, fresh: boolean): void {
    level.annotation?.abort();
    const annotation = new AbortController();
    level.annotation = annotation;
    this.#options.annotate?.(node, level.children, fresh, annotation.signal).then((changed) => {
      if (annotation.signal.aborted) {
        return;
      }
      // Of a level that is drawn anew the editor knows no row for a moment: a button pressed then would act on nothing.
      for (const each of changed.length > FEW_ROWS ? [node] : changed) {
        this.#fire(each);
      }
    });
  }

  #run(node: ExplorerNode, level: Level, appends: boolean, work: (load: Load) => Promise<void>): Promise<void> {
    const load: Load = { appends, abort: new AbortController(), waiting: undefined, done: Promise.resolve() };
    level.load = load;
    level.failure = undefined;
    load.done = work(load)
      .catch((error: unknown) => {
        if (!load.abort.signal.aborted) {
          const failure = { ...this.#options.explain(error, node), error };
          // A refresh asked for meanwhile tries again by itself.
          level.failure = level.stale ? undefined : failure;
          level.stale ||= !appends;
        }
      })
      .finally(() => {
        if (level.load === load) {
          level.load = undefined;
        }
        this.#fire(node);
      });
    return load.done;
  }

  async #page(node: ExplorerNode, load: Load, pages: ChildPages): Promise<ChildNode[]> {
    const page = await pages.nextPage({
      signal: load.abort.signal,
      onWait: (wait) => {
        load.waiting = wait;
        this.#fire(node);
      },
    });
    load.waiting = undefined;
    return page;
  }

  /** Gives children their place: ids from their ancestry, a number behind the key of a sibling that came twice. */
  #place(parent: ExplorerNode, children: ChildNode[], taken: Set<string>): ExplorerNode[] {
    return children.map(({ key, ...child }) => {
      const base = `${parent.id}/${child.kind}:${encodeURIComponent(key.toWellFormed()).toLowerCase()}`;
      let id = base;
      for (let copy = 2; taken.has(id); copy++) {
        id = `${base}#${copy}`;
      }
      taken.add(id);
      return this.#adopt({ ...child, id, connection: parent.connection, parent });
    });
  }

  /** The node object that the editor knows under this id, brought up to date. */
  #adopt(node: ExplorerNode): ExplorerNode {
    const known = this.#nodes.get(node.id);
    if (known === undefined) {
      this.#nodes.set(node.id, node);
      return node;
    }
    for (const field of Object.keys(known)) {
      // Its cost is known from another call and stays until that is asked anew.
      if (field !== 'cost' && !(field in node)) {
        Reflect.deleteProperty(known, field);
      }
    }
    return Object.assign(known, node);
  }

  #rows(node: ExplorerNode, level: Level): ExplorerNode[] {
    const row = (kind: ExplorerNode['kind'], label: string, more: Partial<ExplorerNode> = {}): ExplorerNode =>
      this.#adopt({
        ...more,
        id: `${node.id}/${kind}:`,
        kind,
        connection: node.connection,
        parent: node,
        label,
        expandable: false,
      });
    const rows = [...level.children];
    if (level.failure !== undefined) {
      rows.push(
        row('error', level.failure.summary, {
          description: level.failure.message,
          tooltip: level.failure.tooltip,
          error: level.failure.error,
        }),
      );
    }
    if (level.load !== undefined) {
      if (level.load.appends || level.children.length === 0 || level.load.waiting !== undefined) {
        rows.push(row('loading', level.load.waiting === undefined ? 'Loading…' : waitText(level.load.waiting)));
      }
    } else if (level.pages?.more === true) {
      rows.push(
        row('loadMore', 'Load more…', { description: `${level.children.length} loaded` }),
        row('loadAll', 'Load all'),
      );
    } else if (level.failure === undefined && level.pages !== undefined && rows.every(({ aside }) => aside === true)) {
      const { label, reason } = this.#options.emptyText(node);
      rows.push(
        row('empty', label, reason === undefined ? {} : { description: reason, tooltip: `${label}: ${reason}` }),
      );
    }
    return rows;
  }

  #fire(node: ExplorerNode | undefined): void {
    for (const listener of this.#listeners) {
      listener(node);
    }
  }
}
