import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { connect } from './arm.ts';
import { FastClock } from './fastClock.ts';
import { type StubRequest, sendJson, startStubService } from './stubService.ts';

/** Public example payloads of the services, kept beside the project and not in it. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../shared/api/examples/arm');

interface Example {
  file: string;
  method: string;
  path: string;
  operationId?: string;
}

/** The `parameters` of an example: path, query and body values. */
export type Parameters = Record<string, unknown>;

/** What a replayed call saw and is expected to give. */
export interface Replayed {
  parameters: Parameters;
  /** The example's body of the final answer, with its digits. */
  body: unknown;
  /** The same as the text that was served. */
  text: string;
  /** Base address of the stub, for links inside parameters. */
  base: string;
}

/** Sends the call and checks its result. */
export type Replay = (arm: ArmClient, example: Replayed) => Promise<void>;

export interface ReplayOptions {
  /** Operation id of the REST reference → how our client sends it. */
  calls: Readonly<Record<string, Replay>>;
  /** Which column of our versions an example is replayed with. */
  versions(file: string): 'newest' | 'seed';
  /** Also checks path and query of the first request; the path is compared with the example's in any case. */
  check?(request: StubRequest, example: Replayed): void;
}

/** Text of a parameter that the example has to have. */
export function parameter(parameters: Parameters, name: string): string {
  const value = parameters[name];
  assert.ok(typeof value === 'string' && value !== '', `the example has no ${name}`);
  return value;
}

/** A call whose result has to equal the body. */
export function same(call: (arm: ArmClient, parameters: Parameters, base: string) => Promise<unknown>): Replay {
  return async (arm, { parameters, body, base }) => {
    assert.deepEqual(await call(arm, parameters, base), body);
  };
}

/** Declares a suite that replays every example of some areas (folders), or reports that the examples are not there. */
export function describeReplay(title: string, areas: readonly string[], options: ReplayOptions): void {
  describe(title, () => {
    if (!existsSync(EXAMPLES)) {
      it('needs the examples beside the project', function () {
        this.skip();
      });
      return;
    }
    const { files } = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8')) as { files: Example[] };
    // Recordings of traffic have no operation; they are replayed where they belong.
    const examples = files.filter(
      ({ file, operationId }) => operationId !== undefined && areas.includes(file.split('/')[0] ?? ''),
    );

    it('finds all its areas', () => {
      assert.deepEqual([...new Set(examples.map(({ file }) => file.split('/')[0]))].sort(), [...areas].sort());
    });

    for (const example of examples) {
      it(`${example.file} comes through unchanged`, () => replay(example, options));
    }
  });
}

async function replay(example: Example, options: ReplayOptions): Promise<void> {
  const { parameters, responses } = parseJson(readFileSync(path.join(EXAMPLES, example.file), 'utf8')) as {
    parameters: Parameters;
    responses: Record<string, { body?: unknown; headers?: Record<string, string> }>;
  };
  const call = options.calls[example.operationId ?? ''];
  assert.ok(call, `no client call for ${example.operationId}`);
  const [final = '200', answer] = finalAnswer(responses);
  const text = answer?.body === undefined ? '' : JSON.stringify(answer.body);
  const started = responses['202']?.headers;
  const service = await startStubService((request, response, base) => {
    const location = started?.Location?.replace(/^https:\/\/[^/]+/, base).replace(/[{}]/g, encodeURIComponent);
    if (request.method === 'POST' && location !== undefined) {
      sendJson(response, 202, '', { location, 'retry-after': started?.['Retry-After'] ?? '10' });
    } else {
      sendJson(response, Number(final), text);
    }
  });
  const { arm, close } = connect(service.base, { versions: options.versions(example.file), clock: new FastClock() });
  const replayed = { parameters, body: text === '' ? undefined : parseJson(text), text, base: service.base };
  try {
    await call(arm, replayed);
    const [first] = service.requests;
    assert.ok(first, 'nothing was asked');
    assert.equal(first.method, example.method);
    assert.equal(first.target.split('?')[0]?.toLowerCase(), expectedPath(example.path, parameters).toLowerCase());
    options.check?.(first, replayed);
  } finally {
    await close();
    await service.close();
  }
}

/** The answer that ends the call: 200 or 201 with a body before anything else. */
function finalAnswer(responses: Record<string, { body?: unknown }>): [string?, { body?: unknown }?] {
  const entries = Object.entries(responses).filter(([status]) => /^2/.test(status) && status !== '202');
  return entries.find(([, { body }]) => body !== undefined) ?? entries[0] ?? [];
}

/** `/a/{x}/b` with the example's values, as a path of ours is written. A `{scope}` is a path itself. */
function expectedPath(template: string, parameters: Parameters): string {
  return template
    .replace('/{scope}', () => `/${String(parameters.scope).replace(/^\/+|\/+$/g, '')}`)
    .replace(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(String(parameters[key] ?? '')).replaceAll('%3A', ':'),
    );
}
