import assert from 'node:assert/strict';
import type { BudgetContext } from '../../src/api/arm/budgetRules/context.ts';
import { inOrder } from '../../src/budgeting/budgetBody.ts';
import { rangeAt, readBudgetText, writeBudgetText } from '../../src/budgeting/budgetText.ts';

const CONTEXT: BudgetContext = {
  scope: { kind: 'customer', account: 'a:b', customer: 'c' },
  provider: 'costManagement',
  versions: 'newest',
  name: 'monthly',
  today: '2026-11-21',
};

const RIGHT = `{
  "category": "Cost",
  "amount": 1250.00,
  "timeGrain": "Monthly",
  "timePeriod": {
    "startDate": "2026-11-01T00:00:00Z"
  },
  "notifications": {
    "Actual_80": {
      "enabled": true,
      "operator": "GreaterThan",
      "threshold": 80.10,
      "contactEmails": [
        "billing@example.com"
      ]
    }
  },
  "own": {
    "kept": 0.12345678901234567890
  }
}
`;

/** What the diagnostics of a text underline, and what they say. */
const told = (text: string): [string, string][] =>
  readBudgetText(text, CONTEXT).diagnostics.map(({ start, end, message }) => [text.slice(start, end), message]);

describe('text of a budget', () => {
  it('is read and written without losing a digit or a member', () => {
    const { body } = readBudgetText(RIGHT, CONTEXT);
    assert.ok(body);
    assert.equal(writeBudgetText(body), RIGHT);
    assert.equal(writeBudgetText(inOrder(body)), RIGHT);
  });

  it('has its members in one order, whatever the service sent', () => {
    const body = readBudgetText(
      '{"own":1,"notifications":{"b":{"threshold":1,"x":2,"enabled":true},"a":5},"amount":2.0,"timePeriod":{"endDate":"e","startDate":"s"},"category":"Cost"}',
    ).body;
    assert.ok(body);
    assert.equal(
      JSON.stringify(inOrder(body)),
      '{"category":"Cost","amount":2.0,"timePeriod":{"startDate":"s","endDate":"e"},"notifications":{"b":{"enabled":true,"threshold":1,"x":2},"a":5},"own":1}',
    );
  });

  const shown: [string, string, string, RegExp][] = [
    ['a wrong value at the value', RIGHT.replace('80.10', '1001'), '1001', /threshold of 'Actual_80'/],
    [
      'what is missing at the name of what lacks it',
      RIGHT.replace(/\n.*"operator".*/, ''),
      '"Actual_80"',
      /operator of/,
    ],
    ['an unknown member at its name', RIGHT.replace('"own"', '"ammount"'), '"ammount"', /spelling/],
    ['a wrong item at the item', RIGHT.replace('billing@', 'billing'), '"billingexample.com"', /mail address/],
    ['a missing member of the whole at the first brace', RIGHT.replace(/\n.*"amount".*/, ''), '{', /amount is missing/],
    ['a member that stands twice at the second', RIGHT.replace('"own"', '"amount"'), '"amount"', /twice/],
  ];
  for (const [what, text, part, message] of shown) {
    it(`shows ${what}`, () => {
      const found = told(text).find(([, said]) => message.test(said));
      assert.equal(found?.[0], part, JSON.stringify(told(text)));
    });
  }

  const syntax: [string, string, RegExp][] = [
    [
      'a comma too many',
      RIGHT.replace('true,\n      "operator"', 'true,,\n      "operator"'),
      /name in double quotes|value/,
    ],
    ['a comma behind the last member', '{"amount": 5,}', /lacks/],
    ['a comment', '{"amount": 5 // of course\n}', /comment/],
    ['a text that ends early', RIGHT.slice(0, 40), /lacks/],
    ['a text without end', '{"amount": "5}', /closing quotes/],
    ['a list', '[]', /not an object/],
    ['nothing', '', /empty/],
  ];
  for (const [what, text, message] of syntax) {
    it(`has no body for ${what}, and says where`, () => {
      const { body, diagnostics } = readBudgetText(text, CONTEXT);
      assert.equal(body, undefined);
      assert.match(diagnostics[0]?.message ?? '', message);
      for (const { start, end } of diagnostics) {
        assert.ok(start >= 0 && start < end && end <= text.length + 1, `${start}–${end} of ${text.length}`);
      }
    });
  }

  it('takes a byte order mark', () => {
    assert.deepEqual(
      readBudgetText(`\uFEFF${RIGHT}`, CONTEXT).diagnostics.map(({ code }) => code),
      ['unknownMember'],
    );
  });

  it('finds the value at a pointer, also in lists and behind odd names', () => {
    const text = '{"notifications": {"a/b~c": {"contactEmails": ["x", "y"]}}}';
    const at = rangeAt(text, '/notifications/a~1b~0c/contactEmails/1');
    assert.equal(text.slice(at?.start, at?.end), '"y"');
  });
});
