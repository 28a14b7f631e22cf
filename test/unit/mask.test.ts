import assert from 'node:assert/strict';
import { maskText } from '../../src/api/http/mask.ts';
import { nameForLog } from '../../src/charts/names.ts';
import { EngineError } from '../../src/engine/engineErrors.ts';
import { describeForLog } from '../../src/workbench/failures.ts';

describe('texts for the log', () => {
  it('lose e-mail addresses, web tokens and what is secret in web addresses', () => {
    for (const [text, masked] of [
      [
        "The client 'ada@contoso.example' with object id '0' is refused.",
        "The client '…' with object id '0' is refused.",
      ],
      ['Ask mailto:ada@contoso.example, or nobody.', 'Ask mailto:…, or nobody.'],
      ['Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln expired', 'Bearer … expired'],
      [
        'See https://a.example/f?sv=1&sig=abc%3D&api-version=2 now.',
        'See https://a.example/f?sv=…&sig=…&api-version=2 now.',
      ],
      ['http://user:word@proxy.example:8080 refused', 'http://…@proxy.example:8080 refused'],
    ] as const) {
      assert.equal(maskText(text), masked);
    }
  });

  it('lose names of files and exports, which are called after customers', () => {
    for (const [text, masked] of [
      [
        "file: '/home/me/O'Neil Ferries usage.csv' cannot be written: the disk is full.",
        "file: '…' cannot be written: the disk is full.",
      ],
      [
        "file: '/a/Emberstone.csv' is being written by the export 'Usage of Emberstone 2026-10': wait.",
        "file: '…' is being written by the export '…': wait.",
      ],
      [
        "file: '/a/Emberstone/x.csv' cannot be written: '/a/Emberstone' is not a folder; choose another one.",
        "file: '…' cannot be written: '…' is not a folder; choose another one.",
      ],
      ["job: the export 'Usage of Emberstone' is paused.", "job: the export '…' is paused."],
      [
        "ENOSPC: no space left on device, rename '/a/Emberstone.csv.partial' -> '/a/Emberstone.csv'",
        "ENOSPC: no space left on device, rename '…'",
      ],
    ] as const) {
      const error = new Error(text);
      const said = describeForLog(error);
      assert.ok(said.startsWith(`Error: ${masked}`), said);
      assert.doesNotMatch(said, /Emberstone|Neil/);
    }
  });

  it('keep ids, paths and codes', () => {
    const account = '00000000-0000-4000-8000-000000000001:00000000-0000-4000-8000-000000000002_2019-05-31';
    const text = `HTTP 403 RBACAccessDenied over scope '/providers/Microsoft.Billing/billingAccounts/${account}'.`;
    assert.equal(maskText(text), text);
  });

  it('call a window of utilization by its ids', () => {
    const argument = {
      connection: 'Own',
      customerId: 'c',
      subscriptionId: 's',
      start: '2026-10-01',
      end: '2026-11-01',
      granularity: 'daily',
      showDetails: true,
      label: 'Emberstone Ferries',
    } as const;
    assert.equal(nameForLog({ argument, title: 'Emberstone Ferries utilization' }), '[Own] Utilization of s');
  });

  it('keeps SQL and values of cells, which the engine quotes, out of the log', () => {
    const error = new EngineError(
      'question',
      'The engine says: Conversion Error: Could not convert "Emberstone Ferries".',
    );
    assert.equal(describeForLog(error), 'EngineError Conversion Error');
    assert.equal(describeForLog(new EngineError('died', 'It ended in the middle of "Emberstone".')), 'EngineError');
  });
});
