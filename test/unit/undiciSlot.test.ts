import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { releaseSlots, reserveSlots } from '../../src/api/http/undici/slot.ts';

const SLOT = Symbol.for('undici.globalDispatcher.1');

describe('loading undici', () => {
  /** Runs in a process of its own, because this one has loaded undici already; gives what it prints. */
  const run = (steps: string) => {
    const script = `
      const fetched = async () => {
        // Importing it would load Node's own undici beforehand.
        const server = process.getBuiltinModule('node:http').createServer((_request, response) => response.end('answered'));
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        return (await fetch('http://127.0.0.1:' + server.address().port)).text();
      };
      const slots = () => [1, 2].map((n) => globalThis[Symbol.for('undici.globalDispatcher.' + n)]);
      const load = async () => {
        const { createUndiciTransport } = await import(${JSON.stringify(new URL('../../src/api/http/undiciTransport.ts', import.meta.url).href)});
        await createUndiciTransport().close();
      };
      ${steps}
      process.exit();`;
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim();
  };

  it('leaves fetch as it is for everybody who uses it first behind us', () => {
    assert.equal(run('await load(); console.log(await fetched());'), 'answered');
  });

  it('leaves the dispatcher that the process shares as it was', () => {
    const steps = `
      const first = await fetched();
      const before = slots();
      await load();
      console.log(first, slots().every((slot, n) => slot === before[n]), await fetched());`;
    assert.equal(run(steps), 'answered true answered');
  });

  it('keeps a dispatcher that another extension has set', () => {
    const known = Reflect.get(globalThis, SLOT);
    const theirs = {};
    Reflect.set(globalThis, SLOT, theirs);
    try {
      reserveSlots();
      releaseSlots();
      assert.equal(Reflect.get(globalThis, SLOT), theirs);
    } finally {
      if (known === undefined) {
        Reflect.deleteProperty(globalThis, SLOT);
      } else {
        Reflect.set(globalThis, SLOT, known);
      }
    }
  });
});
