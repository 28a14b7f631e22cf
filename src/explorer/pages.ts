import type { ArmClient } from '../api/arm/armClient.ts';
import type { Call, SendOptions } from '../api/http/client.ts';
import type { PageWalk } from '../api/http/paging.ts';
import type { ChildNode } from './node.ts';

/** Where nodes get their children from, and how they speak. */
export interface SourceOptions {
  arm(connection: string): Promise<ArmClient>;
  now(): Date;
  locale: string;
}

/** The children of one node, page by page. */
export interface ChildPages {
  /** The call that brings the first page; absent where none is needed. */
  readonly first?: Call;
  readonly more: boolean;
  nextPage(options: SendOptions): Promise<ChildNode[]>;
}

/** The pages of a list of the service; a row may be several nodes, or none. */
export function pages<T>(walk: PageWalk<T[]>, toNodes: (item: T) => ChildNode | ChildNode[]): ChildPages {
  return {
    first: walk.first,
    get more() {
      return walk.more;
    },
    async nextPage(options) {
      return (await walk.nextPage(options))?.value.flatMap(toNodes) ?? [];
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
