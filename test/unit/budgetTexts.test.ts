import assert from 'node:assert/strict';
import type { Budget } from '../../src/api/arm/budgets.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { BudgetBody } from '../../src/budgeting/budgetBody.ts';
import { changeOf } from '../../src/budgeting/budgetChange.ts';
import { mergeBudgets } from '../../src/budgeting/mergeBudgets.ts';
import type { Saved } from '../../src/budgeting/saveBudget.ts';
import {
  changeLines,
  createdLines,
  type NotWritten,
  notWrittenError,
  notWrittenText,
  savedText,
} from '../../src/budgets/outcomeTexts.ts';

const BODY: BudgetBody = {
  category: 'Cost',
  amount: 1250,
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z' },
  notifications: { eighty: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['a@b.example'] } },
};
const budget: Budget = { name: 'quick', eTag: '"1"', properties: BODY } as unknown as Budget;

describe('what is told of a budget that was saved or not', () => {
  it('tells a new budget line by line, in the order of its text', () => {
    assert.deepEqual(createdLines(BODY, 'EUR'), [
      'category: Cost',
      'amount: 1,250 EUR',
      'timeGrain: Monthly',
      'timePeriod.startDate: 2026-11-01',
      "notification 'eighty': Actual GreaterThan 80 %, to a@b.example",
    ]);
  });

  it('shortens a change with very many fields, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`member${index}`, index]));
    const lines = changeLines(changeOf(BODY, { ...BODY, ...many }));
    assert.equal(lines.length, 21);
    assert.equal(lines.at(-1), 'and 10 more');
  });

  it('says what became of a save, and all that is odd about it', () => {
    const saved: Saved = {
      kind: 'saved',
      budget,
      change: changeOf(BODY, { ...BODY, amount: 1300 }, 'EUR'),
      undo: { before: budget, after: budget },
      answerLost: false,
      recreated: false,
      changedSince: false,
      differences: [],
    };
    assert.equal(savedText('quick', saved), "Budget 'quick' is saved: amount: 1,250 → 1,300 EUR.");
    assert.match(
      savedText('quick', { ...saved, answerLost: true }),
      /got lost on the way; reading it again shows that it was saved\.$/,
    );
    assert.match(savedText('quick', { ...saved, recreated: true }), /it was created again\.$/);
    assert.match(savedText('quick', { ...saved, changedSince: true }), /what is shown is theirs\.$/);
    assert.match(
      savedText('quick', { ...saved, differences: saved.change.fields }),
      /The service holds amount in another way than it was sent\.$/,
    );
    assert.equal(
      savedText('quick', { ...saved, undo: { before: undefined, after: budget } }),
      "Budget 'quick' is created.",
    );
  });

  it('says why nothing was saved, and whether saving again is safe', () => {
    const error = new BillingError('unreachable', 'Save the budget failed: the connection broke.');
    const merge = mergeBudgets(BODY, { ...BODY, amount: 2 }, { ...BODY, amount: 3 });
    const wrong: [NotWritten, RegExp][] = [
      [
        { kind: 'conflict', theirs: budget, merge },
        /^Nothing was saved: somebody else changed budget 'quick' meanwhile \(amount\)\.$/,
      ],
      [{ kind: 'deleted' }, /somebody deleted budget 'quick' meanwhile\. Your text stays in the tab\.$/],
      [{ kind: 'exists', budget }, /^Nothing was saved: there is a budget 'quick' already\./],
      [{ kind: 'changed', budget }, /^Nothing was deleted: somebody else changed/],
      [{ kind: 'notApplied', budget, error }, /nothing was saved\. Saving again is safe\. Save the budget failed/],
      [{ kind: 'notCreated', error }, /nothing was saved\. Saving again is safe\./],
      [{ kind: 'notRemoved', budget, error }, /budget 'quick' is still there\./],
      [{ kind: 'unknown', message: 'Not known.', error }, /^Not known\.$/],
      [{ kind: 'cancelled', sent: true }, /had been sent: open it again/],
      [{ kind: 'cancelled', sent: false }, /^Nothing was saved: it was cancelled\.$/],
      [
        { kind: 'refused', reason: 'rule', message: 'amount is missing.', findings: [] },
        /^Nothing was changed\. amount is missing\.$/,
      ],
    ];
    for (const [outcome, sentence] of wrong) {
      assert.match(notWrittenText('quick', outcome), sentence);
      assert.ok(notWrittenError('quick', outcome) instanceof BillingError);
    }
    const refused: NotWritten = { kind: 'refused', reason: 'unreachable', message: error.message, error, findings: [] };
    assert.equal(notWrittenError('quick', refused), error, 'a caller gets the failure itself');
  });
});
