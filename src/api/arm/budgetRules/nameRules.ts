import type { Findings } from './findings.ts';
import { LIMITS } from './words.ts';

/**
 * The name of a budget (REST reference: Cost Management, Budgets - Create Or Update, `budgetName`). It is no part of the body, so the finding
 * is about the whole.
 */
export function checkName(findings: Findings, name: string): void {
  if (!/^[A-Za-z0-9_-]{1,63}$/.test(name)) {
    const what = `'${name.slice(0, 80)}'`;
    const sentence = `is no name for a budget; use 1 to ${LIMITS.nameLength} letters, digits, dashes and underscores.`;
    findings.add({ pointer: '', name: what }, 'name', sentence);
  }
}
