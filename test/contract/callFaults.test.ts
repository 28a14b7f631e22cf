import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BillingError } from '../../src/api/http/errors.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { ARM_CALLS, CALLS_TENANT, type CallNames, callNames } from '../support/armCalls.ts';
import { FastClock } from '../support/fastClock.ts';

const SOURCES = path.resolve(import.meta.dirname, '../../src/api/arm');
const RESULTS = path.resolve(import.meta.dirname, '../results/call-faults.md');

/** Functions that take a client and are no call: what calls are made of. */
const PARTS = [
  'armPath',
  'getOne',
  'listOf',
  'listQuery',
  'sinceNewest',
  'deleteResource',
  'walkCostTable',
  'walkCostBytes',
  'bytePages',
  'priceSheetCall',
];

/** Faults that pass: a call that may be repeated has to end well when they hit once. */
const PASSING = [
  '429',
  '429-retry-after',
  '429-qpu',
  '429-entity',
  '429-tenant',
  '429-client',
  '429-clienttype',
  '429-consumption',
  '429-bare',
  '500',
  '503',
  '503-html',
  'reset',
  'truncated',
  'empty-body',
];

/** Faults that asking again does not mend. */
const LASTING = [
  'html',
  'bom',
  'not-an-object',
  'wrong-shape',
  '401',
  '401-after-first-page',
  '403',
  'foreign-next-link',
  'downgraded-next-link',
  'repeating-next-link',
  'foreign-location',
];

/** A column of the table: what is set at the service. */
interface Column {
  title: string;
  fault?: string;
  /** Operations that are started never end. */
  endless?: boolean;
}

const POLLS = '@operationResults';
const COLUMNS: readonly Column[] = [
  ...PASSING.flatMap((fault) => [
    { title: `${fault}, once`, fault: `${fault}*1` },
    { title: fault, fault },
  ]),
  ...LASTING.map((fault) => ({ title: fault, fault })),
  { title: '401 while polling', fault: `401${POLLS}` },
  { title: '503 while polling, once', fault: `503*1${POLLS}` },
  { title: 'reset while polling, once', fault: `reset*1${POLLS}` },
  { title: '202 without end', endless: true },
];

/** In real time, in tests of their own. */
const SLOW = 'slow body';
const HANG = 'no answer, cancelled';
const TITLES = [...COLUMNS.map(({ title }) => title), SLOW, HANG];

/** Calls that change something and are not repeated when an answer was lost: it may have been done. */
const WRITE_ONCE = new Set(['putBudget', 'dismissAlert', 'createExport', 'updateExport', 'runExport']);

/** How a call ended: with its result, or the one error it may end in. */
type Ending = { value: unknown } | { error: unknown };

describe('every call under every fault', () => {
  let service: SampleService;
  let names: CallNames;
  const right = new Map<string, Ending>();
  const table = new Map<string, Map<string, string>>();

  before(async () => {
    service = await startSampleService(CALLS_TENANT);
    names = callNames(service);
    for (const name of Object.keys(ARM_CALLS)) {
      right.set(name, await run(service, name, {}));
    }
  });
  after(() => service.close());

  const control = (to: SampleService, what: string, body: object = {}) =>
    fetch(`${to.endpoints.resourceManager}/_sample/${what}`, { method: 'POST', body: JSON.stringify(body) });

  /** Makes a call on the service as it was at the start, under a fault. */
  async function run(to: SampleService, name: string, column: Omit<Column, 'title'>, cancel?: Error): Promise<Ending> {
    const call = ARM_CALLS[name] ?? assert.fail();
    await control(to, 'reset');
    const { arm, close } = connect(to.endpoints.resourceManager, { clock: new FastClock() });
    try {
      const prepared = await call.prepare?.(arm, names);
      if (column.endless === true) {
        await control(to, 'operations', { ending: 'Never', retryAfter: 600 });
      }
      to.setFault(column.fault);
      const abort = new AbortController();
      const asked = to.requests().length;
      const running = call.run(arm, names, { signal: abort.signal }, prepared);
      if (cancel !== undefined) {
        while (to.requests().length === asked) {
          await new Promise(setImmediate);
        }
        abort.abort(cancel);
      }
      return { value: await running };
    } catch (error) {
      return { error };
    } finally {
      to.setFault(undefined);
      await close();
    }
  }

  /** The outcome in a word. Anything but the complete right result or one clear error fails here. */
  function judge(name: string, title: string, ending: Ending, expected = right.get(name) ?? assert.fail()): string {
    const at = `${name}, ${title}`;
    if ('value' in ending) {
      assert.ok('value' in expected, `${at}: it succeeds only under the fault`);
      assert.deepEqual(ending.value, expected.value, `${at}: the result is not the whole, right one`);
      return 'right';
    }
    const { error } = ending;
    assert.ok(error instanceof BillingError, `${at}: ${String(error)}`);
    // The same refusal, even when the body that explains it was cut short.
    if ('error' in expected && error.status === (expected.error as BillingError).status) {
      return 'right';
    }
    assert.ok(['refused', 'unreachable', 'malformed', 'unsafeLink'].includes(error.kind), `${at}: ${error.kind}`);
    assert.match(error.message, /^[^\n]*[^.]\.$/, `${at}: not one sentence`);
    assert.ok(error.message.startsWith(`${error.call?.operation} failed`), `${at}: ${error.message}`);
    assert.equal(error.message.split(' failed').length, 2, `${at}: ${error.message}`);
    assert.notEqual(error.advice ?? '', '', `${at}: no advice with '${error.message}'`);
    return error.kind === 'refused' ? `refused ${error.status}` : error.kind;
  }

  function note(name: string, title: string, outcome: string): void {
    const row = table.get(name) ?? new Map<string, string>();
    table.set(name, row.set(title, outcome));
  }

  it('knows every call of src/api/arm', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const exported = files.flatMap((file) => {
      const text = readFileSync(path.join(SOURCES, file), 'utf8');
      return [...text.matchAll(/^export (?:async )?function (\w+)(?:<[^(]*>)?\(\s*arm: ArmClient\b/gm)].map(
        ([, name = '']) => name,
      );
    });
    assert.deepEqual(exported.filter((name) => !PARTS.includes(name)).sort(), Object.keys(ARM_CALLS).sort());
  });

  it('knows every fault of the service', () => {
    assert.throws(
      () => service.setFault('?'),
      ({ message }: Error) => {
        const known = /use one of (.*)\.$/.exec(message)?.[1]?.split(', ') ?? [];
        assert.deepEqual(known.sort(), [...PASSING, ...LASTING, 'slow', 'hang'].sort());
        return true;
      },
    );
  });

  for (const name of Object.keys(ARM_CALLS)) {
    it(`${name} ends in the whole right result or one clear error`, async () => {
      for (const column of COLUMNS) {
        const outcome = judge(name, column.title, await run(service, name, column));
        note(name, column.title, outcome);
        if (column.fault?.includes('*1') && (column.fault.startsWith('429') || !WRITE_ONCE.has(name))) {
          assert.equal(outcome, 'right', `${name}, ${column.title}`);
        }
      }
    });

    it(`${name} ends with the reason of whoever cancels it`, async () => {
      const reason = new Error('the user closed it');
      const ending = await run(service, name, { fault: 'hang' }, reason);
      assert.equal('error' in ending && ending.error, reason);
      note(name, HANG, 'cancelled');
    });
  }

  it('reads a slow body to its end', async () => {
    // A service each: they all wait at the same time.
    await Promise.all(
      Object.keys(ARM_CALLS).map(async (name) => {
        const own = await startSampleService(CALLS_TENANT);
        try {
          const expected = await run(own, name, {});
          const ending = await run(own, name, { fault: 'slow*1' });
          note(name, SLOW, judge(name, SLOW, ending, expected));
        } finally {
          await own.close();
        }
      }),
    );
  });

  it('matches the table in test/results', () => {
    const text = markdown(table);
    if (process.env.UPDATE_RESULTS === '1') {
      mkdirSync(path.dirname(RESULTS), { recursive: true });
      writeFileSync(RESULTS, text);
    }
    assert.equal(
      text,
      readFileSync(RESULTS, 'utf8'),
      'Read the difference; when it is right, write the table anew with: UPDATE_RESULTS=1 npx mocha test/contract/callFaults.test.ts',
    );
  });
});

/** Calls as rows, faults as columns. */
function markdown(table: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = Object.keys(ARM_CALLS).map((name) =>
    line([`\`${name}\``, ...TITLES.map((title) => table.get(name)?.get(title) ?? '')]),
  );
  return `${[
    '# How every call ends under every fault',
    '',
    'Written by `test/contract/callFaults.test.ts`. `right`: the complete result, the same as without the fault. Any other word is',
    'the kind of the one error the call ends in, with the HTTP status where the service refused it. `once`: the fault hits one',
    'request; else it hits all.',
    '',
    line(['Call', ...TITLES]),
    line(['---', ...TITLES.map(() => '---')]),
    ...rows,
    '',
  ].join('\n')}`;
}
