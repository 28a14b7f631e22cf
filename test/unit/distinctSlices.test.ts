import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DistinctSlices } from '../../src/records/distinctSlices.ts';

function view(text: string): DataView {
  const bytes = Buffer.from(`..${text}.`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function number(slices: DistinctSlices, text: string): number {
  return slices.numberOf(view(text), 2, 2 + Buffer.byteLength(text));
}

describe('values of a column', () => {
  it('are numbered in the order they came, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12, unit: 'grapheme' }), { maxLength: 300 }), (texts) => {
        const slices = new DistinctSlices();
        const known: string[] = [];
        for (const text of texts) {
          const at = known.includes(text) ? known.indexOf(text) : known.push(text) - 1;
          assert.equal(number(slices, text), at);
        }
        assert.equal(slices.size, known.length);
      }),
      { numRuns: 300 },
    );
  });

  it('keep their numbers when they are many', () => {
    const slices = new DistinctSlices();
    const texts = Array.from({ length: 5000 }, (_, i) => `/subscriptions/${i % 7}/value ${i}`);
    const numbers = texts.map((text) => number(slices, text));
    assert.deepEqual(numbers, [...texts.keys()]);
    assert.deepEqual(
      texts.map((text) => number(slices, text)),
      numbers,
    );
    assert.equal(slices.isCrowded, true);
  });

  it('begin anew when they are forgotten', () => {
    const slices = new DistinctSlices();
    assert.deepEqual([number(slices, 'a'), number(slices, 'b'.repeat(100_000))], [0, 1]);
    slices.clear();
    assert.equal(slices.isCrowded, false);
    assert.deepEqual([number(slices, 'b'), number(slices, 'a'), number(slices, 'b')], [0, 1, 0]);
  });
});
