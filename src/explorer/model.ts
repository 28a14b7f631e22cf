import type { Wait } from '../api/http/client.ts';
import type { ChildNode, ExplorerNode } from './node.ts';
import type { ChildPages } from './sources.ts';

/** A failure as a row shows it. */
export interface RowFailure {
  message: string;
  detail: string;
}

export interface ModelOptions {
  /** The rows of the first level. */
  roots(): ExplorerNode[];
  /** Opens the pages of a node's children. */
  open(node: ExplorerNode): Promise<ChildPages>;
  emptyText(node: ExplorerNode): string;
  /** Turns a failure into words, and logs it. */
  explain(error: unknown, node: ExplorerNode): RowFailure;
}

/** The children of one opened node: what was fetched, and what goes on. */
interface Level {
  children: ExplorerNode[];
  pages: ChildPages | undefined;
  pageCount: number;
  /** A refresh was asked for; the children shown are the old ones. */
  stale: boolean;
  loading: Promise<void> | undefined;
  abort: AbortController | undefined;
  waiting: Wait | undefined;
  failure: RowFailure | undefined;
}

/** A first answer within this time is shown without a "loading" row before it. Milliseconds. */
const PATIENCE = 300;

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

  /** Tells when the rows below a node changed; undefined stands for the whole tree. */
  onDidChange(listener: (node: ExplorerNode | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** The rows below a node, or the roots. Starts fetching when the node was never opened or is stale. */
  async children(node?: ExplorerNode): Promise<ExplorerNode[]> {
    if (node === undefined) {
      return this.#options.roots().map((root) => this.#adopt(root));
    }
    const level = this.#level(node);
    if (level.loading === undefined && (level.pages === undefined || level.stale) && level.failure === undefined) {
      this.#start(node, level, Math.max(level.pageCount, 1));
    }
    if (level.loading !== undefined && level.children.length === 0) {
      await Promise.race([level.loading, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    }
    return this.#rows(node, level);
  }

  /** Fetches the next page of the node below which a "load more" row stands. */
  async loadMore(node: ExplorerNode): Promise<void> {
    await this.#continue(node, 1);
  }

  /** Fetches all pages that are left. */
  async loadAll(node: ExplorerNode): Promise<void> {
    await this.#continue(node, Number.POSITIVE_INFINITY);
  }

  /** Fetches anew what was opened below a node, or everywhere; the old rows stay until the new ones are there. */
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
        level.abort?.abort();
      }
    }
  }

  /** Forgets everything below nodes that {@link ModelOptions.roots} no longer names. */
  prune(): void {
    const roots = new Set(this.#options.roots().map((root) => root.id));
    for (const id of [...this.#levels.keys(), ...this.#nodes.keys()]) {
      if (!roots.has(id.split('/', 1)[0] ?? '')) {
        this.#levels.get(id)?.abort?.abort();
        this.#levels.delete(id);
        this.#nodes.delete(id);
      }
    }
  }

  #level(node: ExplorerNode): Level {
    let level = this.#levels.get(node.id);
    if (level === undefined) {
      level = {
        children: [],
        pages: undefined,
        pageCount: 0,
        stale: false,
        loading: undefined,
        abort: undefined,
        waiting: undefined,
        failure: undefined,
      };
      this.#levels.set(node.id, level);
    }
    return level;
  }

  #start(node: ExplorerNode, level: Level, pageCount: number): void {
    const abort = new AbortController();
    level.abort = abort;
    level.failure = undefined;
    level.loading = this.#load(node, level, pageCount, abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) {
          level.failure = this.#options.explain(error, node);
        }
      })
      .finally(() => {
        level.loading = undefined;
        level.abort = undefined;
        level.waiting = undefined;
        this.#fire(node);
      });
  }

  /** Reads a level from its start, `pageCount` pages long. The rows are replaced when all of them are there. */
  async #load(node: ExplorerNode, level: Level, pageCount: number, signal: AbortSignal): Promise<void> {
    const pages = await this.#options.open(node);
    const fetched: ChildNode[] = [];
    let count = 0;
    for (; count < pageCount && pages.more; count++) {
      fetched.push(...(await this.#page(node, level, pages, signal)));
    }
    level.children = this.#place(node, fetched, []);
    level.pages = pages;
    level.pageCount = count;
    level.stale = false;
  }

  async #continue(node: ExplorerNode, pageCount: number): Promise<void> {
    const level = this.#level(node);
    const pages = level.pages;
    if (level.loading !== undefined || pages === undefined) {
      return;
    }
    const abort = new AbortController();
    level.abort = abort;
    level.failure = undefined;
    const run = async () => {
      for (let count = 0; count < pageCount && pages.more; count++) {
        const page = await this.#page(node, level, pages, abort.signal);
        level.children = [...level.children, ...this.#place(node, page, level.children)];
        level.pageCount++;
        this.#fire(node);
      }
    };
    level.loading = run();
    this.#fire(node);
    try {
      await level.loading;
    } catch (error) {
      if (!abort.signal.aborted) {
        level.failure = this.#options.explain(error, node);
      }
    } finally {
      level.loading = undefined;
      level.abort = undefined;
      level.waiting = undefined;
      this.#fire(node);
    }
  }

  async #page(node: ExplorerNode, level: Level, pages: ChildPages, signal: AbortSignal): Promise<ChildNode[]> {
    const page = await pages.nextPage({
      signal,
      onWait: (wait) => {
        level.waiting = wait;
        this.#fire(node);
      },
    });
    level.waiting = undefined;
    return page;
  }

  /** Gives children their place: ids from their ancestry, a number behind the key of a sibling that came twice. */
  #place(parent: ExplorerNode, children: ChildNode[], siblings: ExplorerNode[]): ExplorerNode[] {
    const taken = new Set(siblings.map((sibling) => sibling.id));
    return children.map(({ key, ...child }) => {
      const base = `${parent.id}/${child.kind}:${encodeURIComponent(key).toLowerCase()}`;
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
    return Object.assign(known, node);
  }

  #rows(node: ExplorerNode, level: Level): ExplorerNode[] {
    const row = (kind: ExplorerNode['kind'], label: string, more: Partial<ExplorerNode> = {}): ExplorerNode =>
      this.#adopt({
        description: undefined,
        tooltip: undefined,
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
      rows.push(row('error', level.failure.message, { tooltip: level.failure.detail }));
    }
    if (level.loading !== undefined) {
      if (level.children.length === 0 || level.waiting !== undefined || !level.stale) {
        rows.push(row('loading', loadingText(level.waiting)));
      }
    } else if (level.pages?.more === true) {
      rows.push(
        row('loadMore', 'Load more…', { description: `${level.children.length} loaded` }),
        row('loadAll', 'Load all'),
      );
    } else if (rows.length === 0) {
      rows.push(row('empty', this.#options.emptyText(node)));
    }
    return rows;
  }

  #fire(node: ExplorerNode | undefined): void {
    for (const listener of this.#listeners) {
      listener(node);
    }
  }
}

function loadingText(wait: Wait | undefined): string {
  if (wait === undefined) {
    return 'Loading…';
  }
  const seconds = Math.ceil(wait.milliseconds / 1000);
  return wait.reason === 'limit' ? `Waiting ${seconds} s for Azure's limit…` : `Trying again in ${seconds} s…`;
}
