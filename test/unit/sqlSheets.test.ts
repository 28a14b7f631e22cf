import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type SheetView, suggestionsAt } from '../../src/sheets/completion.ts';
import { problemPlace } from '../../src/sheets/problemPlace.ts';
import { type SheetSource, sheetSource, sourceLines } from '../../src/sheets/sheetSource.ts';
import { statementAt, statementsOf } from '../../src/sheets/statements.ts';
import { tokensOf } from '../../src/sheets/tokens.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/a:b_2019-05-31';

describe('the SQL of a sheet', () => {
  it('is taken apart without a gap, whatever it is', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      'e',
      "\\'",
      'select',
      ' ',
      '1.5e3',
      'é',
      '💥',
      '\r\n',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (sql) => {
          let end = 0;
          for (const token of tokensOf(sql)) {
            assert.equal(token.start, end);
            assert.ok(token.end > token.start);
            end = token.end;
          }
          assert.equal(end, sql.length);
        },
      ),
    );
  });

  it('ends its statements at semicolons that are in no text, name or comment', () => {
    const sheet = [
      '-- one; two',
      'select \';\', "a;b", $$;$$, $x$;$$;$x$ /* ; /* ; */ ; */ from usage -- ;',
      ';;',
      "  select e'\\';' ;",
      '/* nothing */',
      '-- the end',
    ].join('\n');
    assert.deepEqual(
      statementsOf(sheet).map(({ sql }) => sql),
      ['select \';\', "a;b", $$;$$, $x$;$$;$x$ /* ; /* ; */ ; */ from usage', "select e'\\';'"],
    );
    for (const { sql, start, end } of statementsOf(sheet)) {
      assert.equal(sheet.slice(start, end), sql);
    }
  });

  it('has a statement for every place', () => {
    const statements = statementsOf('select 1;\n\nselect 2;\n');
    const at = (offset: number) => statementAt(statements, offset)?.sql;
    assert.deepEqual([0, 8, 10, 11, 99].map(at), ['select 1', 'select 1', 'select 1', 'select 2', 'select 2']);
    assert.equal(statementAt([], 3), undefined);
    assert.equal(statementAt(statementsOf('\n\n select 3'), 0)?.sql, 'select 3');
  });
});

describe('what a sheet reads', () => {
  const sheet = (...lines: string[]) => `${lines.join('\n')}\n\nselect 1`;

  it('stands in the comments at its top', () => {
    assert.deepEqual(
      sheetSource(
        sheet(
          '-- Costs of the harbour',
          '--connection: Contoso',
          `-- SCOPE:  ${ACCOUNT} `,
          '',
          '-- period: 2026-09-03 to 2026-11-02',
        ),
        NOW,
      ),
      {
        connection: 'Contoso',
        scopes: [ACCOUNT],
        period: { from: '2026-09-03', to: '2026-11-02' },
        metric: 'ActualCost',
      },
    );
  });

  it('comes back as it was written', () => {
    const given: SheetSource = {
      connection: 'Contoso: both',
      scopes: [`${ACCOUNT}/customers/one`, `${ACCOUNT}/customers/two`],
      period: { from: '2026-10-01', to: '2026-10-31' },
      metric: 'AmortizedCost',
    };
    assert.deepEqual(sheetSource(`${sourceLines({ ...given, period: '2026-10' })}select 1`, NOW), given);
    assert.ok(
      sourceLines({ ...given, connection: 'a\n-- scope: /evil', period: '2026-10' }).startsWith(
        '-- connection: a -- scope: /evil\n',
      ),
    );
  });

  it('is refused with the line and what to write', () => {
    const problems = (...lines: string[]) => {
      const read = sheetSource(sheet(...lines), NOW);
      assert.ok(Array.isArray(read), JSON.stringify(read));
      return read.map(({ line, message }) => `${line} ${message}`);
    };
    assert.deepEqual(problems('select 1', '-- connection: after the first statement'), [
      '0 connection: is missing. Add a line such as "-- connection: Contoso".',
      '0 period: is missing. Add a line such as "-- period: TheLastMonth".',
      '0 scope: is missing. Add a line "-- scope: /providers/Microsoft.Billing/…"; Copy ID on a row of the tree gives it.',
    ]);
    const good = ['-- connection: A', `-- scope: ${ACCOUNT}`, '-- period: 2026-10'];
    assert.match(
      problems(...good.slice(0, 2), '-- period: 2026-02-30 to 2026-03-01').join(),
      /^2 period.from: '2026-02-30' is not a day/,
    );
    assert.match(problems(...good, '-- metric: Usage').join(), /^3 metric: 'Usage' is neither/);
    assert.match(problems(...good, '-- period: 2026-09').join(), /^3 period: stands twice/);
    assert.match(problems(...good, '-- scope: nonsense').join(), /^3 scope/);
    assert.deepEqual(
      problems(...good, `-- scope: ${ACCOUNT.toUpperCase()}/customers/c`).map((one) => one.split(',')[0]),
      ['3 scope: may hold the same rows as one above'],
    );
    assert.equal(problems(...good, `-- scope: ${ACCOUNT}`).length, 1);
    assert.ok(!Array.isArray(sheetSource(sheet(...good, `-- scope: ${ACCOUNT}2`), NOW)));
  });
});

describe('where a statement is wrong', () => {
  const place = (sql: string, message: string) => {
    const { from, to } = problemPlace(sql, message);
    return sql.slice(from, to);
  };

  it('is the name that the sentence quotes, not one in a comment', () => {
    const sql = 'select /* cost */ x.Cost, "odd name" from usage x';
    assert.equal(place(sql, 'There is no column "cost" in x.'), 'Cost');
    assert.equal(place(sql, 'Referenced column "odd name" not found.'), '"odd name"');
    const bound = 'select u.Nonsense from usage u';
    assert.equal(place(bound, 'Values list "u" does not have a column named "Nonsense"'), 'Nonsense');
    assert.equal(place('select 1 fro usage', 'syntax error at or near "usage"'), 'usage');
  });

  it('is all of it where nothing is quoted that it has', () => {
    assert.equal(place('select 1', 'Out of memory, "x" was too much.'), 'select 1');
    assert.equal(place('select 1', 'It cannot be read.'), 'select 1');
  });
});

describe('suggestions in a sheet', () => {
  const views: SheetView[] = [
    {
      name: 'usage',
      meaning: 'Every row',
      columns: [
        { name: 'BilledCost', type: 'DECIMAL', meaning: 'What is billed' },
        { name: 'odd name', type: 'VARCHAR', meaning: '' },
      ],
    },
    { name: 'customers', meaning: 'Each customer', columns: [{ name: 'CustomerName', type: 'VARCHAR', meaning: '' }] },
  ];
  /** The place is where the bar stands. */
  const at = (sheet: string, kind?: string) => {
    const offset = sheet.indexOf('|');
    const text = sheet.replace('|', '');
    return suggestionsAt(text, offset, statementsOf(text), views)
      .filter((one) => kind === undefined || one.kind === kind)
      .map((one) => one.text);
  };

  it('are views after FROM and JOIN', () => {
    for (const sheet of ['select * from |', 'select * from us|', 'select 1; select * from usage left join |']) {
      assert.deepEqual(at(sheet), ['usage', 'customers'], sheet);
    }
  });

  it('are the columns of one view after its name or alias', () => {
    for (const sheet of [
      'select u.| from usage as u',
      'select u.Bil| from usage u',
      'select usage.| from usage',
      'select "U".| from usage "U"',
    ]) {
      assert.deepEqual(at(sheet), ['BilledCost', '"odd name"'], sheet);
    }
    assert.deepEqual(at('select x.| from usage u'), []);
    assert.deepEqual(at('select u.| from customers c; select * from usage u'), []);
  });

  it('are the columns of the views that a statement names, of all before it names one, and functions', () => {
    assert.deepEqual(at('select | from customers', 'column'), ['CustomerName']);
    assert.deepEqual(at('select |', 'column'), ['BilledCost', '"odd name"', 'CustomerName']);
    assert.ok(at('select |', 'function').includes('date_trunc'));
  });

  it('are none in texts and comments', () => {
    assert.deepEqual(at("select 'us|"), []);
    assert.deepEqual(at('select 1 -- from |'), []);
  });
});
