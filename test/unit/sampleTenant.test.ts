import assert from 'node:assert/strict';
import { SampleTenant } from '../../src/accounts/sampleTenant.ts';

describe('the sample tenant of a window', () => {
  it('is that of the day of its start until it ends, over midnight', async () => {
    let now = new Date('2026-11-21T23:59:59Z');
    const at = 'http://127.0.0.1:1';
    const endpoints = { resourceManager: at, partnerCenter: at, graph: at, authority: at };
    const tenant = new SampleTenant(
      async () => ({ endpoints, close: async () => {} }),
      () => now,
    );
    assert.equal(tenant.day, '2026-11-21');
    await tenant.endpoints();
    now = new Date('2026-11-22T00:00:01Z');
    assert.equal(tenant.day, '2026-11-21');
    await tenant.stop();
    assert.equal(tenant.day, '2026-11-22');
  });
});
