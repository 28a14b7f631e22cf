import assert from 'node:assert/strict';
import { displayText, plainText, rowLabel, waitText } from '../../src/workbench/text.ts';

describe('text from the service', () => {
  it('becomes no command link and no icon in a notification', () => {
    assert.equal(plainText('[Pay](command:evil.run?%5B%5D) now'), '[Pay] (command:evil.run?%5B%5D) now');
    assert.equal(plainText('$(alert) $(x'), '$ (alert) $ (x');
  });

  it('keeps to one line, to its place and to a length', () => {
    assert.equal(plainText('a\r\nb\u202Ec\u2066d'), 'a b c d');
    assert.equal(plainText('x'.repeat(5000)).length, 1000);
  });

  it('falls back to a cleaned name where there is none', () => {
    assert.equal(displayText(' \u200e\n', 'id\u202e'), 'id');
    assert.equal(displayText(null, 'id'), 'id');
    assert.equal(displayText('شركة', 'id'), 'شركة');
  });

  it('keeps what follows a right-to-left name in a row in its place', () => {
    assert.equal(rowLabel('שם'), '\u200eשם\u200e');
    assert.equal(rowLabel('Alder Mill'), 'Alder Mill');
  });

  it('tells waits in whole seconds and why', () => {
    assert.equal(
      waitText({ milliseconds: 37_200, reason: 'limit', operation: 'x' }),
      "Waiting 38 s for Azure's limit…",
    );
    assert.equal(waitText({ milliseconds: 1000, reason: 'failure', operation: 'x' }), 'Trying again in 1 s…');
    assert.equal(
      waitText({ milliseconds: 60_000, reason: 'operation', operation: 'x' }),
      'Not ready yet; looking again in 60 s…',
    );
  });
});
