import { randomUUID } from 'node:crypto';
import { Refusal } from './answers.ts';
import { type DayRange, parseIsoDay } from './calendar.ts';

/** The Cost Management operations end their messages with the request id. */
export function costRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal(status, code, `${message} (Request ID: ${randomUUID()})`);
}

/** A definition that breaks a rule; the forecast answers it under a code of its own. */
export class InvalidDefinition extends Refusal {
  readonly rule: string;

  constructor(rule: string) {
    super(400, 'BadRequest', `Invalid query definition: ${rule} (Request ID: ${randomUUID()})`);
    this.rule = rule;
  }
}

export function invalidQuery(message: string): InvalidDefinition {
  return new InvalidDefinition(message);
}

/** The members of a JSON object, found without regard to case; null counts as absent. */
export class Members {
  /** Where the object stands in the body, for messages. */
  readonly where: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidQuery(`${where} must be an object.`);
    }
    this.where = where;
    this.#values = new Map(
      Object.entries(value)
        .filter(([, member]) => member !== null)
        .map(([name, member]) => [name.toLowerCase(), member]),
    );
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  get(name: string): unknown {
    return this.#values.get(name.toLowerCase());
  }

  at(name: string): string {
    return `${this.where}.${name}`;
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw invalidQuery(`${this.at(name)} must be text.`);
  }

  /** A text that must be there and not be empty. */
  required(name: string): string {
    const value = this.text(name);
    if (!value) throw invalidQuery(`${this.at(name)} is required.`);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw invalidQuery(`${this.at(name)} must be true or false.`);
  }

  /** Compared without case, answered in the spelling of the list. */
  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw invalidQuery(`${this.at(name)} '${text}' is not valid; valid values: ${values.join(', ')}.`);
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined || Array.isArray(value)) return value;
    throw invalidQuery(`${this.at(name)} must be a list.`);
  }

  child(name: string): Members | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Members(value, this.at(name));
  }
}

/** The UTC days of `timePeriod`, swapped when they are the wrong way round; undefined when it is not given. */
export function timePeriod(definition: Members): DayRange | undefined {
  const period = definition.child('timePeriod');
  if (!period) return undefined;
  const [from, to] = [dayIn(period, 'from'), dayIn(period, 'to')];
  return from <= to ? { from, to } : { from: to, to: from };
}

/** The UTC day of a date or an ISO 8601 date-time; without an offset it is UTC. */
function dayIn(period: Members, field: string): number {
  const text = period.required(field);
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text);
  const written = match && parseIsoDay(match[1] ?? '');
  const time = match && Date.parse(`${match[1]}T${match[2] ?? '00:00'}${(match[3] ?? 'Z').toUpperCase()}`);
  if (typeof written !== 'number' || typeof time !== 'number' || Number.isNaN(time)) {
    throw invalidQuery(`${period.at(field)} '${text}' is not a date such as 2026-10-31T00:00:00Z.`);
  }
  return Math.floor(time / 86_400_000);
}
