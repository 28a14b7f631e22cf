import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { checkBudget } from '../../src/api/arm/budgetRules/checkBudget.ts';
import type { BudgetContext } from '../../src/api/arm/budgetRules/context.ts';
import { MEMBERS } from '../../src/api/arm/budgetRules/words.ts';
import { budgetSchema } from '../../src/budgeting/budgetSchema.ts';
import { readBudgetText } from '../../src/budgeting/budgetText.ts';

const FILE = new URL('../../media/budget.schema.json', import.meta.url);

interface Part {
  defaultSnippets?: { label: string; body: unknown }[];
  properties?: Record<string, Part>;
  definitions?: Record<string, Part>;
  additionalProperties?: Part;
  description?: string;
}

const SCHEMA = budgetSchema() as Part;
const CONTEXT: BudgetContext = {
  scope: { kind: 'customer', account: 'a:b', customer: 'c' },
  provider: 'costManagement',
  versions: 'newest',
  name: 'monthly',
  today: '2026-11-21',
};

/** A snippet as the editor inserts it when nobody changes its placeholders, on 21 November 2026. */
function inserted(body: unknown): string {
  return JSON.stringify(body)
    .replaceAll('$CURRENT_YEAR', '2026')
    .replaceAll('$CURRENT_MONTH', '11')
    .replaceAll(/\$\{\d+\|([^,|}]*)[^}]*\}/g, '$1')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/"\^([^"]*)"/g, '$1');
}

describe('JSON schema of budgets', () => {
  it('is the file that the editor is given', async () => {
    if (process.env.UPDATE_GOLDEN) {
      await writeFile(FILE, JSON.stringify(SCHEMA, undefined, 2));
    }
    const written: unknown = JSON.parse(await readFile(FILE, 'utf8'));
    assert.deepEqual(written, SCHEMA, 'UPDATE_GOLDEN=1 writes it anew; format it afterwards');
  });

  it('describes every member that the rules know', () => {
    const foundOut = ['currentSpend', 'forecastSpend'];
    const names = (part: Part | undefined) => Object.keys(part?.properties ?? {}).sort();
    assert.deepEqual(names(SCHEMA), MEMBERS.budget.filter((name) => !foundOut.includes(name)).toSorted());
    assert.deepEqual(names(SCHEMA.properties?.timePeriod), [...MEMBERS.timePeriod].sort());
    assert.deepEqual(names(SCHEMA.definitions?.notification), [...MEMBERS.notification].sort());
    assert.deepEqual(names(SCHEMA.definitions?.dimension), [...MEMBERS.leaf].sort());
    for (const part of [SCHEMA, SCHEMA.properties?.timePeriod, ...Object.values(SCHEMA.definitions ?? {})]) {
      for (const [name, { description }] of Object.entries(part?.properties ?? {})) {
        assert.ok(description !== undefined || '$ref' in (part?.properties?.[name] ?? {}), name);
      }
    }
  });

  it('refuses nothing: what is wrong, the diagnostics say once', () => {
    const refusing = /"(required|pattern|minimum|maximum|minItems|maxItems|const|oneOf|minLength|maxLength)":/;
    assert.doesNotMatch(JSON.stringify(SCHEMA), refusing);
  });

  it('has snippets that are budgets without a problem', () => {
    const [whole] = SCHEMA.defaultSnippets ?? [];
    const text = inserted(whole?.body);
    assert.deepEqual(readBudgetText(text, CONTEXT).diagnostics, [], text);
    const budget = JSON.parse(text) as Record<string, unknown>;
    const parts: [string, Part | undefined][] = [
      ['notifications', SCHEMA.properties?.notifications],
      ['timePeriod', SCHEMA.properties?.timePeriod],
      ['filter', SCHEMA.definitions?.filter],
    ];
    for (const [name, part] of parts) {
      for (const { label, body } of part?.defaultSnippets ?? []) {
        assert.deepEqual(checkBudget({ ...budget, [name]: JSON.parse(inserted(body)) }, CONTEXT), [], label);
      }
    }
  });
});
