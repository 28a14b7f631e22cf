import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { REQUEST_TEXTS } from '../../src/api/http/requestText.ts';

const POST = { method: 'POST', url: 'https://management.azure.com/x?api-version=1', body: { type: "it's", n: 1 } };

describe('requests as text', () => {
  it('are written in four styles', () => {
    assert.equal(
      REQUEST_TEXTS.rest(POST),
      'POST https://management.azure.com/x?api-version=1\nAuthorization: Bearer {{token}}\nContent-Type: application/json\n\n{\n  "type": "it\'s",\n  "n": 1\n}',
    );
    assert.equal(
      REQUEST_TEXTS.azRest(POST),
      `az rest --method post --url 'https://management.azure.com/x?api-version=1' --body '{"type":"it'\\''s","n":1}'`,
    );
    assert.equal(
      REQUEST_TEXTS.powerShell(POST),
      `Invoke-AzRestMethod -Method POST -Uri 'https://management.azure.com/x?api-version=1' -Payload '{"type":"it''s","n":1}'`,
    );
    assert.equal(
      REQUEST_TEXTS.curl(POST),
      `curl --request POST 'https://management.azure.com/x?api-version=1' --header "Authorization: Bearer $TOKEN" --header 'Content-Type: application/json' --data-raw '{"type":"it'\\''s","n":1}'`,
    );
    assert.equal(
      REQUEST_TEXTS.curl({ method: 'GET', url: 'https://a/b' }),
      `curl 'https://a/b' --header "Authorization: Bearer $TOKEN"`,
    );
  });

  it('survive a shell whatever stands in address and body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, value) => {
        const url = `https://a/${path.replaceAll('\0', '')}`;
        const body = { value };
        // curl is replaced by a function that prints its arguments, each ended by a byte that none of them has.
        const script = `curl() { for a in "$@"; do printf '%s\\001' "$a"; done; }; ${REQUEST_TEXTS.curl({ method: 'PUT', url, body })}`;
        fc.pre(!script.slice(60).includes('\u0001'));
        const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { TOKEN: 't' } }).split('\u0001');
        assert.deepEqual(seen.slice(0, -1), [
          '--request',
          'PUT',
          url.toWellFormed(),
          '--header',
          'Authorization: Bearer t',
          '--header',
          'Content-Type: application/json',
          '--data-raw',
          JSON.stringify(body).toWellFormed(),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('double every kind of apostrophe for PowerShell', () => {
    assert.equal(
      REQUEST_TEXTS.powerShell({ method: 'GET', url: 'a\u2019b' }),
      "Invoke-AzRestMethod -Method GET -Uri 'a\u2019\u2019b'",
    );
  });
});
