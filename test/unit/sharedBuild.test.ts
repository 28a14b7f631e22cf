import assert from 'node:assert/strict';
import { type BuildOptions, SharedBuild } from '../../src/usage/sharedBuild.ts';

/** Work that ends when it is told to, and fails with the signal. */
function controlled() {
  let finish = (_value: string) => {};
  let given: BuildOptions = {};
  const build = new SharedBuild<string>((options) => {
    given = options;
    return new Promise((resolve, reject) => {
      finish = resolve;
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
    });
  });
  return { build, finish: (value: string) => finish(value), options: () => given };
}

describe('SharedBuild', () => {
  it('tells everybody who waits of progress and of the result', async () => {
    const { build, finish, options } = controlled();
    const seen: string[] = [];
    const one = build.join({ onProgress: ({ rows }) => seen.push(`one ${rows}`) });
    const two = build.join({
      onProgress: ({ rows }) => seen.push(`two ${rows}`),
      onWait: () => seen.push('two waits'),
    });
    options().onProgress?.({ rows: 7, pages: 1, source: 'usageDetails' });
    options().onWait?.({ milliseconds: 1, reason: 'limit', operation: '' });
    finish('done');
    assert.deepEqual(await Promise.all([one, two]), ['done', 'done']);
    assert.deepEqual(seen, ['one 7', 'two 7', 'two waits']);
  });

  it('goes on for the others when one leaves, and stops with the last', async () => {
    const { build, options } = controlled();
    const [first, last] = [new AbortController(), new AbortController()];
    const one = build.join({ signal: first.signal });
    const two = build.join({ signal: last.signal });
    first.abort(new Error('first left'));
    await assert.rejects(one, /first left/);
    assert.equal(options().signal?.aborted, false);
    last.abort(new Error('last left'));
    await assert.rejects(two, /last left/);
    assert.equal(options().signal?.aborted, true);
    assert.equal(build.abandoned, true);
  });

  it('refuses who comes with an aborted signal without disturbing the others', async () => {
    const { build, finish } = controlled();
    const one = build.join({});
    await assert.rejects(build.join({ signal: AbortSignal.abort(new Error('too late')) }), /too late/);
    finish('done');
    assert.equal(await one, 'done');
  });

  it('passes a failure on to everybody', async () => {
    const build = new SharedBuild<string>(() => Promise.reject(new Error('broken')));
    await assert.rejects(build.join({}), /broken/);
    await assert.rejects(build.join({}), /broken/);
  });
});

describe('SharedBuild before a job that takes long', () => {
  const estimate = { calls: 240, seconds: 240, known: true, source: 'usageDetails', why: undefined } as const;

  it('goes on when everybody who was asked has answered', async () => {
    const { build, finish, options } = controlled();
    const asked: string[] = [];
    const one = build.join({ onEstimate: async ({ calls }) => void asked.push(`one ${calls}`) });
    const two = build.join({});
    await options().onEstimate?.(estimate);
    assert.equal(options().signal?.aborted, false);
    finish('done');
    assert.deepEqual(await Promise.all([one, two]), ['done', 'done']);
    assert.deepEqual(asked, ['one 240']);
  });

  it('takes no further step when the only one who asked for it declines', async () => {
    const { build, options } = controlled();
    const declined = new AbortController();
    const one = build.join({ signal: declined.signal, onEstimate: async () => declined.abort() });
    const left = assert.rejects(one, { name: 'AbortError' });
    await options().onEstimate?.(estimate);
    assert.equal(options().signal?.aborted, true);
    await left;
  });

  it('goes on for the others when one declines', async () => {
    const { build, finish, options } = controlled();
    const declined = new AbortController();
    const one = build.join({ signal: declined.signal, onEstimate: async () => declined.abort() });
    const left = assert.rejects(one, { name: 'AbortError' });
    const two = build.join({});
    await options().onEstimate?.(estimate);
    assert.equal(options().signal?.aborted, false);
    finish('done');
    assert.equal(await two, 'done');
    await left;
  });
});
