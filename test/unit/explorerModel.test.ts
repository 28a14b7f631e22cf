import assert from 'node:assert/strict';
import type { SendOptions, Wait } from '../../src/api/http/client.ts';
import { ExplorerModel } from '../../src/explorer/model.ts';
import type { ChildNode, ExplorerNode } from '../../src/explorer/node.ts';
import type { ChildPages } from '../../src/explorer/pages.ts';

/** Gives one page. */
type Answer = (options: SendOptions) => Promise<ChildNode[]>;

const child = (key: string, more: Partial<ChildNode> = {}): ChildNode => ({
  key,
  kind: 'customer',
  label: key,
  expandable: true,
  ...more,
});

const page =
  (...children: (string | ChildNode)[]): Answer =>
  async () =>
    children.map((one) => (typeof one === 'string' ? child(one) : one));

const failing =
  (message: string): Answer =>
  async () => {
    throw new Error(message);
  };

/** Fails once, then gives the page. */
function failingOnce(message: string, then: Answer): Answer {
  let failed = false;
  return (options) => {
    const answer = failed ? then : failing(message);
    failed = true;
    return answer(options);
  };
}

/** A page that arrives when the test says so. */
class Gate {
  /** How often the page was asked for. */
  asked = 0;
  cancelled = 0;
  options: SendOptions | undefined;
  #settle: { resolve(children: ChildNode[]): void; reject(error: unknown): void } | undefined;

  readonly answer: Answer = (options) => {
    this.asked++;
    this.options = options;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      options.signal?.addEventListener('abort', () => {
        this.cancelled++;
        reject(options.signal?.reason);
      });
    });
  };

  open(...keys: string[]): void {
    this.#settle?.resolve(keys.map((key) => child(key)));
  }

  fail(message: string): void {
    this.#settle?.reject(new Error(message));
  }
}

function root(name: string): ExplorerNode {
  return {
    id: `connection:${name}`,
    kind: 'connection',
    connection: name,
    parent: undefined,
    label: name,
    expandable: true,
  };
}

/** A model over pages that tests write down; `opened` and `asked` tell what was fetched. */
class Bench {
  roots = [root('one')];
  /** Id of a node → its pages. */
  readonly pages = new Map<string, Answer[]>();
  readonly opened: string[] = [];
  asked = 0;
  readonly explained: string[] = [];
  readonly changes: (string | undefined)[] = [];
  /** Rows that get their costs after their level came. */
  costly: (rows: readonly ExplorerNode[]) => readonly ExplorerNode[] = () => [];
  readonly model = new ExplorerModel({
    roots: () => this.roots.map((node) => ({ ...node })),
    open: async (node) => {
      this.opened.push(node.id);
      return this.#childPages(this.pages.get(node.id) ?? [page()]);
    },
    annotate: async (_, rows) => this.costly(rows),
    emptyText: (node) => ({ label: `Nothing below ${node.label}` }),
    explain: (error, node) => {
      const message = (error as Error).message;
      this.explained.push(`${node.label}: ${message}`);
      return { summary: message, message: `${message} as a sentence`, tooltip: `${message} in detail` };
    },
  });

  constructor(...pages: Answer[]) {
    this.pages.set('connection:one', pages);
    this.model.onDidChange((node) => this.changes.push(node?.id));
  }

  #childPages(answers: Answer[]): ChildPages {
    let next = 0;
    const count = () => {
      this.asked++;
    };
    return {
      get more() {
        return next < answers.length;
      },
      async nextPage(options) {
        count();
        const children = await (answers[next] ?? page())(options);
        next++;
        return children;
      },
    };
  }

  async root(): Promise<ExplorerNode> {
    const [node] = await this.model.children();
    return node ?? assert.fail('there is no root');
  }

  /** Kind and label of the rows; resources by their label alone. */
  async rows(node?: ExplorerNode): Promise<string[]> {
    const rows = await this.model.children(node ?? (await this.root()));
    return rows.map((row) => (row.kind === 'customer' ? row.label : `${row.kind}: ${row.label}`));
  }

  async nodes(node?: ExplorerNode): Promise<ExplorerNode[]> {
    return this.model.children(node ?? (await this.root()));
  }
}

/** Lets everything that needs no more answers come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const MORE = ['loadMore: Load more…', 'loadAll: Load all'];

describe('ExplorerModel', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  before(() => process.on('unhandledRejection', note));
  after(() => {
    process.off('unhandledRejection', note);
  });
  afterEach(async () => {
    await settle();
    assert.deepEqual(unhandled.splice(0), [], 'no failure may escape');
  });

  describe('opening', () => {
    it('fetches nothing before the children of a node are asked for, and only that level', async () => {
      const bench = new Bench(page('a', 'b'));
      await bench.root();
      bench.model.refresh();
      assert.deepEqual(bench.opened, []);
      assert.deepEqual(await bench.rows(), ['a', 'b']);
      assert.deepEqual(await bench.rows(), ['a', 'b']);
      assert.deepEqual(bench.opened, ['connection:one']);
      assert.equal(bench.asked, 1);
    });

    it('asks once when the same level is asked for twice at a time', async () => {
      const bench = new Bench(page('a'));
      assert.deepEqual(await Promise.all([bench.rows(), bench.rows()]), [['a'], ['a']]);
      assert.equal(bench.asked, 1);
    });

    it('shows a loading row only when the answer takes its time', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      assert.deepEqual(await bench.rows(), ['loading: Loading…']);
      gate.open('a');
      await settle();
      assert.deepEqual(bench.changes, ['connection:one']);
      assert.deepEqual(await bench.rows(), ['a']);
    });

    it('says in words that a level is empty', async () => {
      assert.deepEqual(await new Bench(page()).rows(), ['empty: Nothing below one']);
    });

    it('places children below their parent, with the fields the source gave', async () => {
      const bench = new Bench(page(child('A/b', { label: 'Alder', scope: '/subscriptions/x', account: 'acct' })));
      const [node] = await bench.nodes();
      assert.equal(node?.parent, await bench.root());
      assert.deepEqual(
        { id: node?.id, connection: node?.connection, scope: node?.scope, account: node?.account },
        { id: 'connection:one/customer:a%2fb', connection: 'one', scope: '/subscriptions/x', account: 'acct' },
      );
    });

    it('shows a failure as a row with details, explains it once, and does not try again by itself', async () => {
      const bench = new Bench(failing('boom'));
      assert.deepEqual(await bench.rows(), ['error: boom']);
      const [row] = await bench.nodes();
      assert.deepEqual(
        [row?.description, row?.tooltip, row?.expandable],
        ['boom as a sentence', 'boom in detail', false],
      );
      assert.deepEqual(bench.explained, ['one: boom']);
      assert.equal(bench.asked, 1);
    });

    it('shows a failure of the connection itself as a row', async () => {
      const model = new ExplorerModel({
        roots: () => [root('one')],
        open: () => Promise.reject(new Error('no such connection')),
        emptyText: () => ({ label: '' }),
        explain: (error) => ({ summary: String(error), message: '', tooltip: '' }),
      });
      const [node] = await model.children();
      const rows = await model.children(node);
      assert.deepEqual(
        rows.map(({ kind, label }) => `${kind} ${label}`),
        ['error Error: no such connection'],
      );
    });

    it('tells how long it waits for the service, and why', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      await bench.rows();
      const wait = (milliseconds: number, reason: Wait['reason']) =>
        gate.options?.onWait?.({ milliseconds, reason, operation: 'List customers' });
      wait(37_200, 'limit');
      assert.deepEqual(await bench.rows(), ["loading: Waiting 38 s for Azure's limit…"]);
      wait(2_000, 'failure');
      assert.deepEqual(await bench.rows(), ['loading: Trying again in 2 s…']);
      assert.equal(bench.changes.length, 2);
      gate.open('a');
      await settle();
      assert.deepEqual(await bench.rows(), ['a']);
    });
  });

  describe('ids', () => {
    it('differ for siblings with the same key, on one page and over pages', async () => {
      const bench = new Bench(page('a', 'A', 'a#2'), page('a', 'b'));
      await bench.rows();
      await bench.model.loadMore(await bench.root());
      const ids = (await bench.nodes()).map(({ id }) => id);
      assert.equal(ids.length, 5);
      assert.equal(new Set(ids).size, 5);
    });

    it('stay the same for the same key over refreshes', async () => {
      const bench = new Bench(page('a', 'a'));
      const before = await bench.nodes();
      bench.model.refresh();
      await bench.rows();
      await settle();
      const after = await bench.nodes();
      assert.ok(before.length === 2 && after.length === 2 && after.every((node, i) => node === before[i]));
    });

    it('differ for the same resources below two connections', async () => {
      const bench = new Bench(page('a'));
      bench.roots = [root('one'), root('two')];
      bench.pages.set('connection:two', [page('a')]);
      const [one, two] = await bench.model.children();
      const [a] = await bench.nodes(one);
      const [b] = await bench.nodes(two);
      assert.ok(a !== undefined && b !== undefined);
      assert.notEqual(a.id, b.id);
      assert.deepEqual([a.connection, b.connection], ['one', 'two']);
    });

    it('survive keys that are no proper text', async () => {
      assert.deepEqual(await new Bench(page(child('\ud800', { label: 'odd' }), 'b')).rows(), ['odd', 'b']);
    });
  });

  describe('more pages', () => {
    it('are offered only when there are any', async () => {
      const bench = new Bench(page('a'), page('b', 'c'), page('d'));
      assert.deepEqual(await bench.rows(), ['a', ...MORE]);
      assert.equal((await bench.nodes())[1]?.description, '1 loaded');
      await bench.model.loadMore(await bench.root());
      assert.deepEqual(await bench.rows(), ['a', 'b', 'c', ...MORE]);
      assert.equal((await bench.nodes())[3]?.description, '3 loaded');
      await bench.model.loadMore(await bench.root());
      assert.deepEqual(await bench.rows(), ['a', 'b', 'c', 'd']);
      await bench.model.loadMore(await bench.root());
      assert.equal(bench.asked, 3);
    });

    it('can be loaded all at once, and are announced as they come', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a'), page('b'), gate.answer);
      await bench.rows();
      const done = bench.model.loadAll(await bench.root());
      await settle();
      assert.deepEqual(await bench.rows(), ['a', 'b', 'loading: Loading…']);
      gate.open('c');
      await done;
      assert.deepEqual(await bench.rows(), ['a', 'b', 'c']);
      assert.ok(bench.changes.every((id) => id === 'connection:one'));
    });

    it('keep the objects of rows that are there already', async () => {
      const bench = new Bench(page('a'), page('b'));
      const [first] = await bench.nodes();
      await bench.model.loadAll(await bench.root());
      assert.equal((await bench.nodes())[0], first);
    });

    it('are asked for once when asked twice', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a'), gate.answer, page('c'));
      await bench.rows();
      const node = await bench.root();
      const both = [bench.model.loadMore(node), bench.model.loadMore(node), bench.model.loadAll(node)];
      gate.open('b');
      await Promise.all(both);
      assert.deepEqual(await bench.rows(), ['a', 'b', ...MORE]);
    });

    it('are not asked for while the level is still opening', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer, page('b'));
      await bench.rows();
      await bench.model.loadMore(await bench.root());
      assert.equal(bench.asked, 1);
      gate.open('a');
      await settle();
      assert.deepEqual(await bench.rows(), ['a', ...MORE]);
    });

    it('keep the rows when they fail, and can be tried again', async () => {
      const bench = new Bench(page('a'), failingOnce('cut', page('b')));
      await bench.rows();
      await bench.model.loadMore(await bench.root());
      assert.deepEqual(await bench.rows(), ['a', 'error: cut', ...MORE]);
      await bench.model.loadMore(await bench.root());
      assert.deepEqual(await bench.rows(), ['a', 'b']);
      assert.deepEqual(bench.explained, ['one: cut']);
    });

    it('fail as a row even when no child is there yet', async () => {
      const gate = new Gate();
      const bench = new Bench(page(), gate.answer);
      assert.deepEqual(await bench.rows(), MORE);
      const done = bench.model.loadMore(await bench.root());
      const rows = bench.rows();
      await settle();
      gate.fail('cut');
      await done;
      await rows;
      assert.deepEqual(await bench.rows(), ['error: cut', ...MORE]);
    });
  });

  describe('refresh', () => {
    it('asks for as many pages as were loaded, keeps objects and takes over what changed', async () => {
      const bench = new Bench(
        page(child('a', { description: 'old', tooltip: 'old' })),
        page('b'),
        page('c'),
        page('d'),
      );
      await bench.rows();
      await bench.model.loadMore(await bench.root());
      const [a, b] = await bench.nodes();
      bench.pages.set('connection:one', [page(child('a', { label: 'A!' })), page('x', 'b'), page('c')]);
      bench.model.refresh(await bench.root());
      assert.deepEqual(await bench.rows(), ['a', 'b'], 'the old rows stay until the new ones are there');
      await settle();
      assert.deepEqual(await bench.rows(), ['A!', 'x', 'b', ...MORE]);
      const nodes = await bench.nodes();
      assert.ok(nodes[0] === a && nodes[2] === b);
      assert.equal(a?.description, undefined, 'what the service no longer says is gone');
      assert.equal(a?.tooltip, undefined);
    });

    it('asks for nothing until rows are asked for, and leaves other branches alone', async () => {
      const bench = new Bench(page('a', 'ab'));
      const [a, ab] = await bench.nodes();
      await bench.rows(a);
      await bench.rows(ab);
      const before = bench.asked;
      bench.model.refresh(a);
      await settle();
      assert.equal(bench.asked, before);
      await bench.rows();
      await bench.rows(a);
      await bench.rows(ab);
      await settle();
      assert.equal(bench.asked, before + 1);
      assert.equal(bench.opened.at(-1), a?.id);
    });

    it('of the whole tree reaches every level that was opened', async () => {
      const bench = new Bench(page('a'));
      const [a] = await bench.nodes();
      await bench.rows(a);
      bench.model.refresh();
      assert.equal(bench.changes.at(-1), undefined);
      await bench.rows();
      await bench.rows(a);
      await settle();
      assert.deepEqual(bench.opened, ['connection:one', a?.id, 'connection:one', a?.id]);
    });

    it('that fails keeps the old rows with an error behind them, and recovers', async () => {
      const bench = new Bench(page('a'), page('b'));
      await bench.rows();
      const good = bench.pages.get('connection:one') ?? [];
      bench.pages.set('connection:one', [failing('down')]);
      bench.model.refresh();
      await bench.rows();
      await settle();
      assert.deepEqual(await bench.rows(), ['a', 'error: down', ...MORE]);
      assert.deepEqual(bench.explained, ['one: down']);
      bench.pages.set('connection:one', good);
      bench.model.refresh();
      await bench.rows();
      await settle();
      assert.deepEqual(await bench.rows(), ['a', ...MORE]);
    });

    it('of a level that never opened tries again', async () => {
      const bench = new Bench(failing('down'));
      assert.deepEqual(await bench.rows(), ['error: down']);
      bench.pages.set('connection:one', [page('a')]);
      bench.model.refresh(await bench.root());
      assert.deepEqual(await bench.rows(), ['a']);
    });

    it('asked for while the one before runs is not lost', async () => {
      const bench = new Bench(page('old'));
      await bench.rows();
      const gate = new Gate();
      bench.pages.set('connection:one', [gate.answer]);
      bench.model.refresh();
      await bench.rows();
      bench.pages.set('connection:one', [page('newest')]);
      bench.model.refresh();
      bench.model.refresh();
      assert.deepEqual(await bench.rows(), ['old']);
      gate.open('between');
      await settle();
      await bench.rows();
      await settle();
      assert.deepEqual(await bench.rows(), ['newest']);
      assert.equal(bench.asked, 3, 'several refreshes during one are one');
    });

    it('asked for while a level opens shows what came after it', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      await bench.rows();
      bench.pages.set('connection:one', [page('new')]);
      bench.model.refresh();
      gate.fail('the connection was closed');
      await settle();
      assert.deepEqual(await bench.rows(), ['new']);
    });

    it('asked for while pages are added happens behind them', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a'), gate.answer);
      await bench.rows();
      const done = bench.model.loadMore(await bench.root());
      bench.pages.set('connection:one', [page('A'), page('B')]);
      bench.model.refresh();
      await bench.rows();
      gate.open('b');
      await done;
      await bench.rows();
      await settle();
      assert.deepEqual(await bench.rows(), ['A', 'B']);
    });
  });

  describe('cancel', () => {
    it('stops the load of a level; opening it again starts anew', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      await bench.rows();
      bench.model.cancel(await bench.root());
      await settle();
      assert.equal(gate.cancelled, 1);
      assert.deepEqual(bench.explained, [], 'what the user stopped is no failure');
      bench.pages.set('connection:one', [page('a')]);
      assert.deepEqual(await bench.rows(), ['a']);
    });

    it('can be followed by opening at once', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      await bench.rows();
      bench.model.cancel(await bench.root());
      bench.pages.set('connection:one', [page('a')]);
      assert.deepEqual(await bench.rows(), ['a']);
      await settle();
      assert.deepEqual(await bench.rows(), ['a']);
      assert.equal(bench.asked, 2);
    });

    it('never makes a level look empty', async () => {
      const gate = new Gate();
      const bench = new Bench(gate.answer);
      const rows = bench.rows();
      await settle();
      bench.model.cancel(await bench.root());
      assert.deepEqual(await rows, []);
      assert.equal(bench.asked, 1, 'what was cancelled is not started again by the one who waited for it');
    });

    it('stops what loads further down', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a', 'b'));
      const [a] = await bench.nodes();
      bench.pages.set(a?.id ?? '', [gate.answer]);
      await bench.rows(a);
      bench.model.cancel(await bench.root());
      assert.equal(gate.cancelled, 1);
      await settle();
      assert.deepEqual(await bench.rows(), ['a', 'b']);
    });

    it('keeps the pages that arrived', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a'), page('b'), gate.answer);
      await bench.rows();
      const done = bench.model.loadAll(await bench.root());
      await settle();
      bench.model.cancel(await bench.root());
      await done;
      assert.deepEqual(await bench.rows(), ['a', 'b', ...MORE]);
      const again = bench.model.loadMore(await bench.root());
      gate.open('c');
      await again;
      assert.deepEqual(await bench.rows(), ['a', 'b', 'c']);
    });

    it('of a refresh keeps the old rows, and the refresh is made up for', async () => {
      const gate = new Gate();
      const bench = new Bench(page('old'));
      await bench.rows();
      bench.pages.set('connection:one', [gate.answer]);
      bench.model.refresh();
      await bench.rows();
      bench.model.cancel(await bench.root());
      await settle();
      bench.pages.set('connection:one', [page('new')]);
      assert.deepEqual(await bench.rows(), ['old']);
      await settle();
      assert.deepEqual(await bench.rows(), ['new']);
    });

    it('of a node where nothing loads does nothing', async () => {
      const bench = new Bench(page('a'));
      await bench.rows();
      bench.model.cancel(await bench.root());
      assert.deepEqual(await bench.rows(), ['a']);
      assert.equal(bench.asked, 1);
    });
  });

  describe('prune', () => {
    it('forgets connections that are gone, stops their loads and keeps the others', async () => {
      const gate = new Gate();
      const bench = new Bench(page('a'));
      bench.roots = [root('one'), root('two')];
      bench.pages.set('connection:two', [gate.answer]);
      const [one, two] = await bench.model.children();
      const [kept] = await bench.nodes(one);
      await bench.rows(two);
      bench.roots = [root('one')];
      bench.model.prune();
      assert.equal(gate.cancelled, 1);
      assert.deepEqual(await bench.model.children(), [one]);
      assert.equal((await bench.nodes(one))[0], kept);

      bench.roots = [root('one'), root('two')];
      bench.pages.set('connection:two', [page('z')]);
      const [, again] = await bench.model.children();
      assert.notEqual(again, two, 'a connection of the same name is another one');
      assert.deepEqual(await bench.rows(again), ['z']);
    });

    it('tells that the first level changed, and asks nobody again below connections that stay', async () => {
      const bench = new Bench(page('a'));
      bench.roots = [root('one')];
      const [one] = await bench.model.children();
      await bench.rows(one);
      const { asked } = bench;
      const told: unknown[] = [];
      bench.model.onDidChange((node) => told.push(node));
      bench.roots = [root('one'), root('two')];
      bench.model.prune();
      assert.deepEqual(told, [undefined]);
      assert.deepEqual(await bench.rows(one), ['a']);
      assert.equal(bench.asked, asked);
    });

    it('tells names apart that start alike', async () => {
      const bench = new Bench(page('a'));
      bench.roots = [root('one'), root('one2')];
      const [, second] = await bench.model.children();
      await bench.rows(second);
      bench.roots = [root('one')];
      bench.model.prune();
      bench.roots = [root('one'), root('one2')];
      const [, again] = await bench.model.children();
      assert.notEqual(again, second);
    });
  });
});

describe('costs of a level', () => {
  it('draw anew the rows that got them, and not those beside; very many as one level', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, index) => `customer ${index}`);
    for (const [count, expected] of [
      [3, ['connection:one/customer:customer%200', 'connection:one/customer:customer%202']],
      [202, ['connection:one']],
    ] as const) {
      const bench = new Bench(page(...keys(count)));
      bench.costly = (rows) => rows.filter((_, index) => index % 2 === 0);
      await bench.rows();
      // The last change is that of the level itself, which came while the costs were on their way.
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(bench.changes.slice(0, -1), expected);
    }
  });
});
