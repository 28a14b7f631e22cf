import type { Budget, BudgetInput } from './budgetModel.ts';
import type { BudgetScope } from './budgetScopes.ts';
import { seededBudgets } from './budgetStories.ts';
import { hash } from './hash.ts';
import type { Tenant } from './tenant.ts';

/**
 * The budgets of one running service: those of the tenant's stories, and what calls made of them. Both providers see the
 * same ones. A scope's budgets are made when the scope is first asked for.
 */
export class Budgets {
  readonly #tenant: Tenant;
  readonly #scopes = new Map<string, Map<string, Budget>>();
  #writes = 0;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** In the order of their names. */
  list(scope: BudgetScope): readonly Budget[] {
    return [...this.#of(scope).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Names are compared without case. */
  get(scope: BudgetScope, name: string): Budget | undefined {
    return this.#of(scope).get(name.toLowerCase());
  }

  /** Writes a budget under a new eTag; a budget that exists keeps the spelling of its name. */
  put(scope: BudgetScope, name: string, input: BudgetInput): Budget {
    const existing = this.get(scope, name);
    this.#writes++;
    const budget = { ...input, name: existing?.name ?? name, eTag: this.#eTag(scope, name, this.#writes) };
    this.#of(scope).set(name.toLowerCase(), budget);
    return budget;
  }

  /** Whether there was one. */
  delete(scope: BudgetScope, name: string): boolean {
    return this.#of(scope).delete(name.toLowerCase());
  }

  /** Back to the stories. */
  reset(): void {
    this.#scopes.clear();
    this.#writes = 0;
  }

  #of(scope: BudgetScope): Map<string, Budget> {
    let budgets = this.#scopes.get(scope.id);
    if (!budgets) {
      budgets = new Map(
        Object.entries(seededBudgets(this.#tenant, scope)).map(([name, input]) => [
          name.toLowerCase(),
          { ...input, name, eTag: this.#eTag(scope, name, 0) },
        ]),
      );
      this.#scopes.set(scope.id, budgets);
    }
    return budgets;
  }

  #eTag({ id }: BudgetScope, name: string, write: number): string {
    const bytes = Buffer.from(`${id}/${name}`.toLowerCase());
    const word = (n: number): string =>
      hash(this.#tenant.options.seed, n, write, ...bytes)
        .toString(16)
        .padStart(8, '0');
    return `"1d${word(1)}${word(2).slice(0, 5)}"`;
  }
}
