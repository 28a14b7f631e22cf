import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { read, utils } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import { parseJson } from '../../src/json/parseJson.ts';
import { chooseLayout } from '../../src/records/chooseLayout.ts';
import { hasFocusColumns } from '../../src/records/focus.ts';
import { FORMATS, type Format } from '../../src/records/formats.ts';
import { Pseudonyms } from '../../src/records/pseudonyms.ts';
import { COST_FILES, SCOPE_COLUMNS } from '../../src/records/rowLayout.ts';
import type { RowOptions } from '../../src/records/rowOptions.ts';
import { FILE_COLUMNS, SCHEMAS } from '../support/rowFixtures.ts';
import { writeRows } from '../support/writeRows.ts';

const GOLDEN = path.join(import.meta.dirname, 'golden', 'rows');
const KINDS = [...Object.keys(SCHEMAS), ...Object.keys(FILE_COLUMNS)];

const SCOPE = { scope: '/subscriptions/5ec4e7a1-0000-4000-8000-00000000000a', label: 'Quillwort, "North"' };
const pseudonyms = new Pseudonyms(new Uint8Array(32).fill(7));

/** Ways to write rows of a kind, by name. */
function variantsOf(kind: string, format: Format): Readonly<Record<string, RowOptions>> {
  const focus = hasFocusColumns(SCHEMAS[kind]?.kind ?? COST_FILES);
  return {
    'as sent': {},
    'with scope': { scope: SCOPE },
    'share-safe': { layout: chooseLayout({ pseudonyms }), scope: pseudonyms.scope(SCOPE) },
    ...(focus && { FOCUS: { layout: chooseLayout({ columns: 'focus' }) } }),
    ...(focus && {
      'FOCUS, amortized, share-safe': { layout: chooseLayout({ columns: 'focus', costs: 'amortized', pseudonyms }) },
    }),
    ...(format === 'csv' && {
      'CRLF, BOM, formula guard': { lineEnd: '\r\n', bom: true, formulaGuard: true } as const,
    }),
  };
}

describe('golden rows', () => {
  for (const kind of KINDS) {
    for (const format of FORMATS) {
      it(`${kind} as ${format}, in every way, stay the bytes they were`, () => {
        const file = path.join(GOLDEN, `${kind}.${format}.golden`);
        const text = Object.entries(variantsOf(kind, format))
          .map(([name, options]) => `== ${name} ==\n${writeRows(kind, format, options)}`)
          .join('\n');
        if (process.env.UPDATE_GOLDEN === '1') {
          mkdirSync(GOLDEN, { recursive: true });
          writeFileSync(file, text);
        }
        assert.equal(text, readFileSync(file, 'utf8'));
      });
    }
  }
});

/** Cells by RFC 4180 to the letter: no quotes inside of plain cells, as many cells in each line. */
function strictCells(text: string, lineEnd: string): string[][] {
  return parse(text, { relax_quotes: false, relax_column_count: false, record_delimiter: lineEnd, bom: true });
}

describe('CSV of rows of every kind', () => {
  for (const kind of KINDS) {
    for (const [name, options] of Object.entries(variantsOf(kind, 'csv'))) {
      it(`${kind}, ${name}: a strict reader finds the same cells whatever ends the lines`, () => {
        const lf = strictCells(writeRows(kind, 'csv', { ...options, lineEnd: '\n', bom: false }), '\n');
        const crlf = strictCells(writeRows(kind, 'csv', { ...options, lineEnd: '\r\n', bom: true }), '\r\n');
        assert.deepEqual(crlf, lf);
        assert.equal(lf.length, 4);
      });

      it(`${kind}, ${name}: a spreadsheet opens the same cells and finds no formula`, () => {
        const text = writeRows(kind, 'csv', { ...options, lineEnd: '\r\n', bom: true, formulaGuard: true });
        const book = read(Buffer.from(text), { type: 'buffer', raw: false, cellFormula: true });
        const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {};
        const formulas = Object.entries(sheet).filter(([at, cell]) => !at.startsWith('!') && cell.f !== undefined);
        assert.deepEqual(formulas, []);
        const raw = read(Buffer.from(text), { type: 'buffer', raw: true });
        const rows = utils.sheet_to_json<string[]>(raw.Sheets[raw.SheetNames[0] ?? ''] ?? {}, {
          header: 1,
          defval: '',
          raw: true,
        });
        const expected = strictCells(text, '\r\n');
        assert.deepEqual(
          rows.map((row) => expected[0]?.map((_, i) => String(row[i] ?? ''))),
          expected,
        );
      });
    }
  }

  it('would have formulas without the guard: the fixtures are hostile', () => {
    const text = writeRows('modern', 'csv', {});
    const book = read(Buffer.from(text), { type: 'buffer' });
    const cells = Object.values(book.Sheets[book.SheetNames[0] ?? ''] ?? {}) as { f?: string }[];
    assert.ok(cells.some((cell) => cell.f !== undefined));
  });
});

describe('rows as JSON', () => {
  for (const kind of KINDS) {
    for (const name of Object.keys(variantsOf(kind, 'json'))) {
      it(`${kind}, ${name}: the array holds what the lines hold, where both have the same shape`, () => {
        const options = variantsOf(kind, 'json')[name] ?? {};
        const lines = writeRows(kind, 'ndjson', options).trimEnd().split('\n');
        assert.deepEqual(parseJson(writeRows(kind, 'json', options)), parseJson(`[${lines.join(',')}]`));
        assert.equal(lines.length, 3);
      });
    }

    it(`${kind}: the scope comes first and takes nothing away`, () => {
      const plain = parseJson(writeRows(kind, 'json', {})) as Record<string, unknown>[];
      const scoped = parseJson(writeRows(kind, 'json', { scope: SCOPE })) as Record<string, unknown>[];
      assert.deepEqual(
        scoped,
        plain.map((row) => ({ scopeName: SCOPE.label, scopeId: SCOPE.scope, ...row })),
      );
      assert.deepEqual(Object.keys(scoped[0] ?? {}).slice(0, 2), SCOPE_COLUMNS);
    });
  }
});

describe('a layout of the service’s own columns', () => {
  for (const kind of KINDS) {
    it(`${kind}: is the same CSV, byte for byte, as no layout`, () => {
      const layout = chooseLayout({ always: true });
      for (const options of [{}, { formulaGuard: true, lineEnd: '\r\n', bom: true } as const]) {
        assert.equal(writeRows(kind, 'csv', { ...options, layout }), writeRows(kind, 'csv', options));
      }
    });
  }
});

describe('the scope of rows', () => {
  it('is told as it is when each row is written', () => {
    const scope = { scope: '/one', label: 'One' };
    const rows = ['csv', 'json', 'ndjson'] as const;
    for (const format of rows) {
      const text = writeRows('modern', format, { scope }, (row) => {
        scope.label = `Row ${row}`;
      });
      assert.match(text, /Row 0[\s\S]*Row 1[\s\S]*Row 2/);
      scope.label = 'One';
    }
  });
});
