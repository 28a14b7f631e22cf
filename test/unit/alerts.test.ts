import assert from 'node:assert/strict';
import { alertTime } from '../../src/api/arm/alerts.ts';

describe('alert times', () => {
  it('are absent where the service writes the year 1', () => {
    for (const never of ['0001-01-01T00:00:00', '0001-01-01T00:00:00Z', '', null, undefined]) {
      assert.equal(alertTime(never), undefined);
    }
    assert.equal(alertTime('2026-10-01T11:07:52.7143901Z'), '2026-10-01T11:07:52.7143901Z');
  });
});
