import { type DayRange, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import { hash } from './hash.ts';
import type { Tenant } from './tenant.ts';
import { isAlive } from './usageLines.ts';
import { type RowProjection, UsageRows } from './usageRows.ts';
import type { UsageScope } from './usageScopes.ts';

/** Where a page begins: a day, and a position among the scope's lines (rounding rows follow the last line). */
interface Cursor {
  readonly day: number;
  readonly position: number;
}

interface UsagePage {
  /** Row texts, each one JSON object. */
  readonly rows: readonly string[];
  /** Opaque token of the next page; absent at the end. */
  readonly next: string | undefined;
}

/**
 * Pages of usage details: billing periods newest first, days ascending inside one, then lines. A page is built when
 * asked for, from the cursor on; nothing of other pages is touched or kept.
 */
export class UsagePages {
  readonly #tenant: Tenant;
  readonly #rows: UsageRows;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#rows = new UsageRows(tenant);
  }

  /** Returns undefined when the token is not one given out for this scope and these days. */
  page(
    scope: UsageScope,
    days: DayRange,
    size: number,
    projection: RowProjection,
    token: string | undefined,
  ): UsagePage | undefined {
    const start = token === undefined ? undefined : this.#decode(scope, days, token);
    if (token !== undefined && start === undefined) return undefined;
    const rows: string[] = [];
    let next: string | undefined;
    this.#visit(scope, days, start, (cursor, text) => {
      if (rows.length === size) {
        next = this.#encode(scope, days, cursor);
        return false;
      }
      rows.push(text(projection));
      return true;
    });
    return { rows, next };
  }

  #visit(
    scope: UsageScope,
    days: DayRange,
    start: Cursor | undefined,
    visit: (cursor: Cursor, text: (projection: RowProjection) => string) => boolean,
  ): void {
    const { ledger } = this.#tenant;
    const range = intersect(intersect(days, ledger.window), scope.days ?? ledger.window);
    if (range.from > range.to) return;
    const lines = scope.parts.flatMap(({ lines: { from, to } }) => ledger.lines.slice(from, to));
    const firstMonth = start ? monthOf(start.day) : monthOf(range.to);
    for (let month = firstMonth; lastDay(month) >= range.from; month--) {
      const part = intersect(range, { from: firstDay(month), to: lastDay(month) });
      for (let day = start && month === firstMonth ? start.day : part.from; day <= part.to; day++) {
        let position = start?.day === day ? start.position : 0;
        for (; position < lines.length; position++) {
          const line = lines[position];
          if (!line || !isAlive(line, day)) continue;
          const current = day;
          if (!visit({ day, position }, (p) => this.#rows.usage(scope.id, line, current, p))) return;
        }
        if (!scope.withRounding || day !== lastDay(month) || !ledger.isClosed(month)) continue;
        for (; position < lines.length + scope.parts.length; position++) {
          const profile = scope.parts[position - lines.length]?.profile;
          if (!profile || ledger.profileMonth(profile, month).rows === 0) continue;
          if (!visit({ day, position }, (p) => this.#rows.rounding(scope.id, profile, month, p))) return;
        }
      }
    }
  }

  #encode(scope: UsageScope, days: DayRange, { day, position }: Cursor): string {
    return Buffer.from(`${day}.${position}.${this.#seal(scope, days, day, position)}`).toString('base64url');
  }

  #decode(scope: UsageScope, days: DayRange, token: string): Cursor | undefined {
    const match = /^(\d{1,7})\.(\d{1,9})\.(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
    const day = Number(match?.[1]);
    const position = Number(match?.[2]);
    return match && String(this.#seal(scope, days, day, position)) === match[3] ? { day, position } : undefined;
  }

  #seal(scope: UsageScope, days: DayRange, day: number, position: number): number {
    return hash(this.#tenant.options.seed, days.from, days.to, day, position, ...Buffer.from(scope.id));
  }
}
