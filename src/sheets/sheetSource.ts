import { parseScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';
import { firstShared } from '../usage/sameRows.ts';

/** What a sheet reads: usage of scopes of a connection in a period. */
export interface SheetSource {
  connection: string;
  /** Paths of Azure Resource Manager; at least one. */
  scopes: readonly string[];
  period: Period;
  metric: 'ActualCost' | 'AmortizedCost';
}

/** What is wrong with a line at the top of a sheet; lines are counted from 0. */
export interface SourceProblem {
  line: number;
  message: string;
}

const FIELD = /^--\s*(connection|scope|period|metric)\s*:\s*(.*?)\s*$/i;

/**
 * Reads the lines at the top of a sheet that say what its SQL is about: comments of SQL, so that the sheet is SQL throughout.
 *
 * ```sql
 * -- connection: Contoso
 * -- scope: /providers/Microsoft.Billing/billingAccounts/…/customers/…
 * -- period: 2026-09-01 to 2026-11-30
 * -- metric: ActualCost
 * ```
 *
 * `scope` may come several times, `period` is what commands take (`MonthToDate`, `2026-10`, two days), and `metric` may be left out.
 */
export function sheetSource(text: string, now: Date): SheetSource | readonly SourceProblem[] {
  const problems: SourceProblem[] = [];
  const found = new Map<string, { line: number; value: string }[]>();
  for (const [line, content] of text.split(/\r\n|\r|\n/).entries()) {
    if (content.trim() !== '' && !content.startsWith('--')) {
      break;
    }
    const [, name = '', value = ''] = FIELD.exec(content) ?? [];
    if (name !== '') {
      const field = name.toLowerCase();
      found.set(field, [...(found.get(field) ?? []), { line, value }]);
    }
  }
  const one = (name: string): { line: number; value: string } | undefined => {
    const [first, second] = found.get(name) ?? [];
    if (second !== undefined) {
      problems.push({ line: second.line, message: `${name}: stands twice; a sheet has one.` });
    }
    return first;
  };
  const needed = (name: string, example: string) => {
    const given = one(name);
    if (given === undefined || given.value === '') {
      problems.push({
        line: given?.line ?? 0,
        message: `${name}: is missing. Add a line such as "-- ${name}: ${example}".`,
      });
    }
    return given;
  };
  const connection = needed('connection', 'Contoso');
  const period = needed('period', 'TheLastMonth');
  const metric = one('metric');
  const scopes = found.get('scope') ?? [];
  if (scopes.length === 0) {
    problems.push({
      line: 0,
      message:
        'scope: is missing. Add a line "-- scope: /providers/Microsoft.Billing/…"; Copy ID on a row of the tree gives it.',
    });
  }
  for (const { line, value } of scopes) {
    problems.push(...problemOf(line, () => parseScope(value)));
  }
  problems.push(...doubledScopes(scopes));
  if (metric !== undefined && metric.value !== 'ActualCost' && metric.value !== 'AmortizedCost') {
    problems.push({
      line: metric.line,
      message: `metric: '${metric.value.slice(0, 60)}' is neither ActualCost nor AmortizedCost.`,
    });
  }
  const days = period && period.value !== '' ? periodOf(period, now, problems) : undefined;
  if (problems.length > 0 || connection === undefined || days === undefined) {
    return problems;
  }
  return {
    connection: connection.value,
    scopes: scopes.map(({ value }) => value),
    period: days,
    metric: metric?.value === 'AmortizedCost' ? 'AmortizedCost' : 'ActualCost',
  };
}

function periodOf(
  { line, value }: { line: number; value: string },
  now: Date,
  problems: SourceProblem[],
): Period | undefined {
  const [, from, to] = /^(\S+)\s+to\s+(\S+)$/.exec(value) ?? [];
  let period: Period | undefined;
  problems.push(
    ...problemOf(line, () => {
      period = resolvePeriod(from !== undefined && to !== undefined ? { from, to } : value, now);
    }),
  );
  return period;
}

function problemOf(line: number, check: () => unknown): SourceProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof BillingError) {
      return [{ line, message: [error.message, error.advice].filter(Boolean).join(' ') }];
    }
    throw error;
  }
}

/** Rows of a scope that may be in another one would be counted twice. */
function doubledScopes(scopes: readonly { line: number; value: string }[]): SourceProblem[] {
  const read = scopes.flatMap(({ line, value }) => {
    try {
      return [{ line, scope: parseScope(value) }];
    } catch {
      return [];
    }
  });
  const at = firstShared(read.map(({ scope }) => scope));
  return at === undefined
    ? []
    : [
        {
          line: read[at]?.line ?? 0,
          message: 'scope: may hold the same rows as one above, which would be counted twice.',
        },
      ];
}

/** The top of a new sheet. */
export function sourceLines({
  connection,
  scopes,
  period,
  metric,
}: Omit<SheetSource, 'period'> & { period: string }): string {
  const oneLine = (text: string) => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
  return [
    `connection: ${connection}`,
    ...scopes.map((scope) => `scope: ${scope}`),
    `period: ${period}`,
    ...(metric === 'AmortizedCost' ? [`metric: ${metric}`] : []),
  ]
    .map((line) => `-- ${oneLine(line)}\n`)
    .join('');
}
