import assert from 'node:assert/strict';
import { CostLabels } from '../../src/explorer/costLabels.ts';
import type { ExplorerNode } from '../../src/explorer/node.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { AnswerStore, KeptAnswer } from '../../src/spend/answerStore.ts';
import { connect } from '../support/arm.ts';

describe('costs beside the rows of a level', () => {
  let service: SampleService;
  let client: ReturnType<typeof connect>;
  let level: ExplorerNode;
  let rows: ExplorerNode[];
  let shown: boolean;
  let failures: unknown[];
  let labels: CostLabels;

  beforeEach(async () => {
    service = await startSampleService({ now: new Date('2026-11-21T12:00:00Z'), customers: 12, usageRows: 6_000 });
    client = connect(service.endpoints.resourceManager);
    const account = service.tenant.accounts[0] ?? assert.fail();
    const base = { connection: 'one', parent: undefined, expandable: true, account: account.name };
    level = { ...base, id: 'level', kind: 'customers', label: 'Customers' };
    const customers = service.tenant.customers(account);
    rows = Array.from({ length: customers.length }, (_, i): ExplorerNode => {
      const { name, displayName } = customers.at(i);
      return { ...base, id: name, kind: 'customer', label: displayName, customer: name };
    });
    shown = true;
    failures = [];
    labels = new CostLabels({
      arm: async () => client.arm,
      locale: 'en',
      shown: () => shown,
      failed: (error) => failures.push(error),
    });
  });
  afterEach(async () => {
    await client.close();
    await service.close();
  });

  const never = new AbortController().signal;
  const names = (nodes: readonly ExplorerNode[]) => nodes.map(({ label }) => label);
  const costly = (from = 0) => names(rows.slice(from).filter(({ cost }) => cost !== undefined));
  const asked = () => service.counts().costQuery ?? 0;

  it('come with one query, marked as estimates, and go when they are not wanted', async () => {
    assert.deepEqual(names(await labels.annotate(level, rows, never)), costly());
    assert.match(rows[0]?.cost?.label ?? '', /^≈ [\d.]+[KM]? [A-Z]{3}$/);
    assert.match(rows[0]?.cost?.tooltip ?? '', /^Month to date: .* \(estimate, before taxes\)$/);
    assert.deepEqual(await labels.annotate(level, rows, never), []);
    assert.equal(asked(), 1);
    const before = costly();
    shown = false;
    assert.deepEqual(names(await labels.annotate(level, rows, never)), before);
    assert.ok(rows.every(({ cost }) => cost === undefined));
  });

  it('are asked again for a level that grew while they were on their way', async () => {
    const abort = new AbortController();
    const first = labels.annotate(level, rows.slice(0, 2), abort.signal);
    abort.abort();
    const second = labels.annotate(level, rows, never);
    assert.deepEqual([await first, names(await second), failures], [[], costly(), []]);
    assert.ok(rows.some(({ cost }) => cost !== undefined));
  });

  it('are asked once for a level that grows after they came', async () => {
    const first = new AbortController();
    await labels.annotate(level, rows.slice(0, 2), first.signal);
    first.abort();
    assert.deepEqual(names(await labels.annotate(level, rows, never)), costly(2));
    assert.equal(asked(), 1);
  });

  it('are older ones that say so while the service is away, until it is back', async () => {
    const kept: KeptAnswer[] = [];
    const answers: AnswerStore = {
      whose: 'somebody',
      find: async () => kept.at(-1),
      keep: async (_question, _month, answer) => {
        kept.push({ ...answer, fetchedAt: new Date(answer.fetchedAt.getTime() - 30 * 60 * 60_000) });
      },
    };
    labels = new CostLabels({
      ...{ arm: async () => client.arm, answersOf: async () => answers, locale: 'en', shown: () => true },
      failed: (error) => failures.push(error),
    });
    await labels.annotate(level, rows, never);
    const before = costly();
    const first = rows.find(({ cost }) => cost !== undefined)?.cost ?? assert.fail();
    labels.forget(level);
    service.setFault('500@query');
    assert.deepEqual(names(await labels.annotate(level, rows, never)), before, 'the rows are told to be old');
    const old = rows.find(({ cost }) => cost !== undefined)?.cost ?? assert.fail();
    assert.equal(old.label, first.label);
    assert.match(old.tooltip, /, as of \w+ \d+, \d{4}, \d+:\d\d\s[AP]M\)$/);
    assert.equal(failures.length, 1);
    service.setFault(undefined);
    await labels.annotate(level, rows, never);
    assert.deepEqual(rows.find(({ cost }) => cost !== undefined)?.cost, first);
  });

  it('leave the rows alone when they cannot be had, and are tried again', async () => {
    service.setFault('403@query');
    assert.deepEqual(await labels.annotate(level, rows, never), []);
    assert.equal(failures.length, 1);
    service.setFault(undefined);
    assert.deepEqual(names(await labels.annotate(level, rows, never)), costly());
    assert.notEqual(costly().length, 0);
  });
});
