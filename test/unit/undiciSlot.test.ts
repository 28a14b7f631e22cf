import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { releaseSlots, reserveSlots } from '../../src/api/http/undici/slot.ts';

const SLOT = Symbol.for('undici.globalDispatcher.1');

describe('loading undici', () => {
  it('leaves the dispatcher that the process shares as it was', () => {
    // A process of its own: this one may have loaded undici already.
    const script = `
      const slots = () => JSON.stringify([1, 2].map((n) => Object.hasOwn(globalThis, Symbol.for('undici.globalDispatcher.' + n))));
      const before = slots();
      const { createUndiciTransport } = await import(${JSON.stringify(new URL('../../src/api/http/undiciTransport.ts', import.meta.url).href)});
      await createUndiciTransport().close();
      console.log(before, slots());`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(out.trim(), '[false,false] [false,false]');
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
