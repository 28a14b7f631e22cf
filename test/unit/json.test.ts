import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { digitsOf, ExactNumber, type JsonNumber } from '../../src/json/exact.ts';
import { topLevelText } from '../../src/json/member.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { expectEnd, JsonSyntaxError, skipSpace, skipValue } from '../../src/json/scan.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseJson', () => {
  it('keeps every digit of numbers that a double cannot hold', () => {
    const text = '{"a":1.12345678901234567890,"b":33.90,"c":1e400,"d":[12345678901234567890],"e":-0,"f":0.1}';
    const value = parseJson(text) as Record<string, JsonNumber>;
    assert.ok(value.a instanceof ExactNumber);
    assert.equal(digitsOf(value.b as JsonNumber), '33.90');
    assert.equal(value.f, 0.1);
    assert.equal(JSON.stringify(value), text);
  });

  /** What the editor's engine makes of a text, digits included. */
  const parsed = (text: string, parse: typeof JSON.parse = JSON.parse): unknown =>
    parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value !== 'number' || context?.source === undefined || String(value) === context.source
        ? value
        : new ExactNumber(context.source),
    );
  const outcome = (parse: (text: string) => unknown, text: string) => {
    try {
      return { value: parse(text) };
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
      return 'refused';
    }
  };

  /**
   * The same by an engine that has read nothing before. V8 takes a key with an escape for one that it read earlier when both have as many
   * characters and the same beginning (seen with Node 24.21, not with 20).
   */
  const parsedAfresh = (text: string): unknown => ours(parsed(text, runInNewContext('JSON.parse')));
  const ours = (value: unknown): unknown =>
    Array.isArray(value)
      ? Array.from(value, ours)
      : typeof value !== 'object' || value === null || value instanceof ExactNumber
        ? value
        : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, ours(member)]));

  it('reads a key with an escape as it is, whatever was read before', () => {
    const keys = ['{"key\\\\":1}', '{"key\\"":1}', '{"key\\\\":1}'].map((text) =>
      Object.keys(parseJson(text) as object),
    );
    assert.deepEqual(keys, [['key\\'], ['key"'], ['key\\']]);
  });

  it('reads and refuses what the engine does, whatever is cut, added or changed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json({ noUnicodeString: false }).map((text) => JSON.stringify(JSON.parse(text), undefined, 1)),
        ),
        fc.nat(),
        fc.constantFrom(
          '',
          '"',
          '\\',
          '{',
          ']',
          ',',
          ':',
          '0',
          '-',
          '.',
          'e',
          'E+',
          'u',
          '\u0001',
          'n',
          'true',
          ' ',
          '\u00a0',
          '""',
        ),
        (text, seed, inserted) => {
          const at = seed % (text.length + 1);
          for (const changed of [
            text,
            text.slice(0, at),
            text.slice(0, at) + inserted + text.slice(at),
            text.slice(0, at) + inserted + text.slice(at + 1),
          ]) {
            const found = outcome(parseJson, changed);
            if (!isDeepStrictEqual(found, outcome(parsed, changed))) {
              assert.deepEqual(found, outcome(parsedAfresh, changed), changed);
            }
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('tells numbers that a double gives back from those that it does not', () => {
    const digit = fc.constantFrom(...'0123456789');
    const some = (minLength: number, maxLength: number) =>
      fc.array(digit, { minLength, maxLength }).map((digits) => digits.join(''));
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        some(1, 18),
        fc.option(some(1, 22)),
        fc.option(fc.constantFrom('e1', 'E-7', 'e+20')),
      )
      .map(
        ([sign, whole, fraction, exponent]) =>
          `${sign}${whole.replace(/^0+(?=.)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
      );
    fc.assert(
      fc.property(number, (text) => {
        assert.deepEqual(parseJson(text), parsed(text));
      }),
      { numRuns: 2000 },
    );
    for (const text of ['-0', '0', '0.0', '-0.0', '0.000001', '0.0000001', '1e21', '123456789012345680000', '5e-324']) {
      assert.deepEqual(parseJson(text), parsed(text), text);
    }
  });

  it('takes members as they are named, and refuses what is nested too deep', () => {
    const value = parseJson('{"__proto__":{"a":1},"constructor":2,"a":1,"a":2}') as object;
    assert.deepEqual(Object.keys(value), ['__proto__', 'constructor', 'a']);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.throws(() => parseJson('['.repeat(100_000)), SyntaxError);
    assert.ok(parseJson('['.repeat(1000) + ']'.repeat(1000)));
  });

  it('gives back any JSON text without a changed digit', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(JSON.parse(JSON.stringify(parseJson(text))), JSON.parse(text));
      }),
    );
  });
});

describe('the JSON scanner', () => {
  const accepts = (text: string) => {
    const data = bytes(text);
    try {
      expectEnd(data, skipValue(data, skipSpace(data, 0)));
      return true;
    } catch (error) {
      assert.ok(error instanceof JsonSyntaxError, String(error));
      return false;
    }
  };
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('finds the end of any JSON value', () => {
    fc.assert(fc.property(fc.json(), fc.constantFrom('', ' ', '\n\t'), (text, space) => accepts(space + text + space)));
  });

  it('accepts exactly what JSON.parse accepts, whatever is cut, added or changed', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', ']', ',', ':', '0', '-', '.', 'e', 'u', '\u0001', 'n'),
        (text, seed, inserted) => {
          const at = seed % (text.length + 1);
          for (const changed of [
            text.slice(0, at),
            text.slice(0, at) + inserted + text.slice(at),
            text.slice(0, at) + inserted + text.slice(at + 1),
          ]) {
            assert.equal(accepts(changed), parses(changed), changed);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('names the byte at which a text stops being JSON', () => {
    const data = bytes('{"é":[1,2,}');
    assert.throws(
      () => skipValue(data, 0),
      (error: unknown) => error instanceof JsonSyntaxError && error.offset === 11,
    );
  });

  it('refuses values nested deeper than any record instead of overflowing the stack', () => {
    assert.equal(accepts('['.repeat(100_000)), false);
  });
});

describe('topLevelText', () => {
  const nextLink = (text: string) => topLevelText(bytes(text), 'nextLink');

  it('finds the member wherever it stands', () => {
    assert.equal(nextLink('{"value":[],"nextLink":"https://a/?x=1\\u0026y"}'), 'https://a/?x=1&y');
    assert.equal(nextLink('{"nextLink":"https://a","value":[{"nextLink":"https://inner"}]}'), 'https://a');
    assert.equal(nextLink('\ufeff{ "nextLink" : "https://a" , "value" : [ ] } \n'), 'https://a');
  });

  it('treats absent, null and empty alike', () => {
    for (const text of [
      '{"value":[]}',
      '{"nextLink":null}',
      '{"nextLink":""}',
      '{"nextLink":null,"value":[]}',
      '{"value":[{"nextLink":"inner"}]}',
    ]) {
      assert.equal(nextLink(text), undefined, text);
    }
  });

  it('is not fooled by the name inside a string', () => {
    assert.equal(nextLink('{"value":["\\"nextLink\\":\\"https://evil\\"}"]}'), undefined);
    assert.equal(nextLink('{"a":"x\\",\\"nextLink\\":\\"https://evil\\""}'), undefined);
  });

  it('agrees with JSON.parse on any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.constant('nextLink'), fc.string()), fc.jsonValue()), (object) => {
        const value = object.nextLink ?? '';
        if (typeof value === 'string') {
          assert.equal(nextLink(JSON.stringify(object)), value === '' ? undefined : value);
        } else {
          assert.throws(() => nextLink(JSON.stringify(object)), JsonSyntaxError);
        }
      }),
    );
  });

  it('never takes a text that was cut short for one without the member', () => {
    const text = '{"value":[{"a":{"b":[1,"x"]}},{"c":null}],"nextLink":"https://a"}';
    for (let length = 0; length < text.length; length++) {
      assert.throws(() => nextLink(text.slice(0, length)), Error, text.slice(0, length));
    }
  });
});
