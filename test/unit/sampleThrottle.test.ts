import assert from 'node:assert/strict';
import { SlidingWindows, TokenBuckets } from '../../src/sample/quotaMeters.ts';

describe('sample service: quota meters', () => {
  it('gives units back when their time has passed, each by itself', () => {
    const windows = new SlidingWindows(4, 60);
    for (const at of [0, 10_000, 20_000, 30_000]) {
      assert.equal(windows.wait('a', 1, at), 0);
      windows.spend('a', 1, at);
    }
    assert.equal(windows.left('a', 40_000), 0);
    assert.equal(windows.left('b', 40_000), 4);
    assert.equal(windows.wait('a', 1, 40_000), 20_000);
    assert.equal(windows.wait('a', 3, 40_000), 40_000);
    assert.equal(windows.wait('a', 1, 60_000), 0);
    assert.equal(windows.left('a', 71_000), 2);
  });

  it('lets through what is dearer than the limit once the limit is wholly free', () => {
    const windows = new SlidingWindows(12, 10);
    assert.equal(windows.wait('a', 37, 0), 0);
    windows.spend('a', 37, 0);
    assert.equal(windows.left('a', 0), 0);
    assert.equal(windows.wait('a', 37, 1_000), 9_000);
    assert.equal(windows.left('a', 10_000), 12);
  });

  it('fills buckets at a steady pace and never above their size', () => {
    const buckets = new TokenBuckets(2, 10);
    buckets.spend('a', 0);
    buckets.spend('a', 0);
    assert.equal(buckets.wait('a', 0), 100);
    assert.equal(buckets.wait('a', 100), 0);
    assert.equal(buckets.left('a', 60_000), 2);
    assert.equal(buckets.wait('b', 0), 0);
  });
});
