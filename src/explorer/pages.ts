import type { ArmClient } from '../api/arm/armClient.ts';
import type { Call, SendOptions } from '../api/http/client.ts';
import type { PageWalk } from '../api/http/paging.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { ChildNode, ExplorerNode } from './node.ts';

/** Where nodes get their children from, and how they speak. */
export interface SourceOptions {
  arm(connection: string): Promise<ArmClient>;
  now(): Date;
  locale: string;
  /** Left out: no connection has a Partner Center. */
  partner?: PartnerSource;
}

/** What rows of Partner Center come from. */
export interface PartnerSource {
  /** Whether a connection has one. Nothing is loaded or sent. */
  has(connection: string): boolean;
  client(connection: string): Promise<PartnerCenterClient>;
  /** What the names of customers have to begin with. */
  filter(connection: string): string | undefined;
  /** The customers that were listed below billing accounts so far, by tenant id in lower case; one row for each account. */
  billingCustomers(connection: string): ReadonlyMap<string, readonly ExplorerNode[]>;
}

/** The children of one node, page by page. */
export interface ChildPages {
  /** The call that brings the first page; absent where none is needed. */
  readonly first?: Call;
  /** Rows that need no request: they are there even when the first page fails. */
  readonly beside?: readonly ChildNode[];
  readonly more: boolean;
  nextPage(options: SendOptions): Promise<ChildNode[]>;
}

/** The pages of a list of the service; a row may be several nodes, or none. */
export function pages<T>(walk: PageWalk<T[]>, toNodes: (item: T) => ChildNode | ChildNode[]): ChildPages {
  return pageByPage(walk, (items) => items.flatMap(toNodes));
}

/** The same, with the items of a page made to nodes together. */
export function pageByPage<T>(walk: PageWalk<T[]>, toNodes: (items: T[]) => ChildNode[]): ChildPages {
  return {
    first: walk.first,
    get more() {
      return walk.more;
    },
    async nextPage(options) {
      return toNodes((await walk.nextPage(options))?.value ?? []);
    },
  };
}

/** Rows that need no request. */
export function fixed(nodes: ChildNode[]): ChildPages {
  return once(async () => nodes);
}

/** One page; asked again when it failed. */
export function once(ask: (options: SendOptions) => Promise<ChildNode[]>, first?: Call): ChildPages {
  let more = true;
  return {
    ...(first === undefined ? {} : { first }),
    get more() {
      return more;
    },
    async nextPage(options) {
      const page = await ask(options);
      more = false;
      return page;
    },
  };
}

/** Rows before those of the first page. */
export function startingWith(before: readonly ChildNode[], rest: ChildPages): ChildPages {
  let started = false;
  return {
    ...(rest.first === undefined ? {} : { first: rest.first }),
    beside: before,
    get more() {
      return rest.more;
    },
    async nextPage(options) {
      const page = await rest.nextPage(options);
      const rows = started ? page : [...before, ...page];
      started = true;
      return rows;
    },
  };
}

/** Rows behind those of the last page. */
export function endingWith(rest: ChildPages, after: readonly ChildNode[]): ChildPages {
  return {
    ...(rest.first === undefined ? {} : { first: rest.first }),
    beside: after,
    get more() {
      return rest.more;
    },
    async nextPage(options) {
      const page = await rest.nextPage(options);
      return rest.more ? page : [...page, ...after];
    },
  };
}

/** Rows that are counted down without a request, some at a time: `make(0)` is the newest; undefined ends them. */
export function countdown(make: (index: number) => ChildNode | undefined, atATime: number): ChildPages {
  let next = 0;
  return {
    get more() {
      return make(next) !== undefined;
    },
    async nextPage() {
      const page: ChildNode[] = [];
      for (let node = make(next); node !== undefined && page.length < atATime; node = make(next)) {
        page.push(node);
        next++;
      }
      return page;
    },
  };
}
