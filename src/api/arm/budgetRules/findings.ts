import { isMissing, isObject, listed, quoted } from '../problems.ts';

/**
 * `error`: the service refuses it. `uncertain`: whether the service takes it depends on something that is not known here.
 * `warning`: it takes it, but it is hardly what was meant.
 */
export type FindingSeverity = 'error' | 'uncertain' | 'warning';

/** What is wrong, for callers that offer a fix. */
export type FindingCode =
  | 'missing'
  | 'wrongType'
  | 'unknownWord'
  | 'unknownMember'
  | 'spelling'
  | 'twice'
  | 'name'
  | 'categoryOfScope'
  | 'amountTooSmall'
  | 'ignored'
  | 'grainOfCustomer'
  | 'notADate'
  | 'notFirstOfMonth'
  | 'startTooEarly'
  | 'startTooFar'
  | 'startPast'
  | 'startFixed'
  | 'endBeforeStart'
  | 'endTooFar'
  | 'filterWord'
  | 'filterShape'
  | 'filterName'
  | 'thresholdRange'
  | 'thresholdDecimals'
  | 'tooMany'
  | 'notExactlyOne'
  | 'notAMail'
  | 'notAnActionGroup'
  | 'otherSubscription'
  | 'noContact'
  | 'contactOfScope'
  | 'neverAlerts';

/** One thing to know about a budget. */
export interface BudgetFinding {
  code: FindingCode;
  /** RFC 6901, from the budget's `properties`: `/amount`, `/notifications/Actual_80/threshold`; empty for the whole. */
  pointer: string;
  /** One sentence that names the field and says what to do. */
  message: string;
  severity: FindingSeverity;
}

/** A value of a budget and where it stands. */
export interface Place {
  /** Undefined where there is none. */
  value: unknown;
  pointer: string;
  /** What sentences call it. */
  name: string;
}

/** One step of a pointer (RFC 6901, section 3). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The place of an item of a list. */
export function itemAt({ pointer, name }: Place, index: number, value: unknown): Place {
  return { value, pointer: pointer + pointerStep(index), name: `${name}[${index}]` };
}

/** Collects findings about the places of a budget. */
export class Findings {
  readonly list: BudgetFinding[] = [];

  /** @param sentence what is said of the place, without its name: "is not a number; write digits." */
  add(place: Omit<Place, 'value'>, code: FindingCode, sentence: string, severity: FindingSeverity = 'error'): void {
    this.list.push({ code, pointer: place.pointer, message: `${place.name} ${sentence}`, severity });
  }

  /**
   * The members of an object; undefined after it was noted that there are none.
   *
   * @param known names that members may have, or undefined where they are the user's own
   */
  members(place: Place, known?: readonly string[]): Members | undefined {
    if (isObject(place.value)) {
      return new Members(this, place, place.value, known);
    }
    if (isMissing(place.value)) {
      this.add(place, 'missing', 'is missing; write an object in braces.');
    } else {
      this.add(place, 'wrongType', 'is not an object; write its members in braces.');
    }
    return undefined;
  }

  /** One of some words; undefined where it is missing or another word. */
  word<T extends string>(place: Place, words: readonly T[], optional = false): T | undefined {
    const { value } = place;
    if (isMissing(value)) {
      if (!optional) {
        this.add(place, 'missing', `is missing; use ${listed(words)}.`);
      }
      return undefined;
    }
    const found = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase());
    if (found === undefined) {
      this.add(place, 'unknownWord', `is ${quoted(value)}; use ${listed(words)}.`);
    }
    return found;
  }

  /** A text with something in it. */
  text(place: Place, what: string): string | undefined {
    const { value } = place;
    if (typeof value === 'string' && value.trim() !== '') {
      return value;
    }
    if (isMissing(value)) {
      this.add(place, 'missing', `is missing; write ${what}.`);
    } else {
      this.add(place, 'wrongType', `is ${quoted(value)}; write ${what}.`);
    }
    return undefined;
  }
}

/** The members of an object, found without case as the service does. */
export class Members {
  readonly #findings: Findings;
  readonly #place: Place;
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(
    findings: Findings,
    place: Place,
    object: Readonly<Record<string, unknown>>,
    known: readonly string[] | undefined,
  ) {
    this.#findings = findings;
    this.#place = place;
    this.#object = object;
    if (known !== undefined) {
      this.#checkNames(known);
    }
  }

  /** A member by its name; its value is undefined where there is none. */
  at(name: string, called = name): Place {
    const key = Object.hasOwn(this.#object, name) ? name : this.#keyLike(name);
    return { value: this.#object[key], pointer: this.#place.pointer + pointerStep(key), name: called };
  }

  /** All members in their order, those that are null too. */
  all(called: (key: string) => string = (key) => `${this.#place.name}.${key}`): [string, Place][] {
    return Object.entries(this.#object).map(([key, value]) => [
      key,
      { value, pointer: this.#place.pointer + pointerStep(key), name: called(key) },
    ]);
  }

  #keyLike(name: string): string {
    return Object.keys(this.#object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
  }

  /** The service passes over members that it does not know, so that a misspelled one changes nothing, and says nothing. */
  #checkNames(known: readonly string[]): void {
    const seen = new Set<string>();
    for (const key of Object.keys(this.#object)) {
      const place = { pointer: this.#place.pointer + pointerStep(key), name: quoted(key) };
      const own = known.find((name) => name.toLowerCase() === key.toLowerCase());
      if (own === undefined) {
        this.#findings.add(
          place,
          'unknownMember',
          `is no member that the service knows; check its spelling.`,
          'warning',
        );
      } else if (seen.has(own)) {
        this.#findings.add(place, 'twice', `says again what ${own} says; leave one of them out.`);
      } else if (own !== key) {
        this.#findings.add(place, 'spelling', `is read as ${own}; write it so.`, 'warning');
      }
      seen.add(own ?? key);
    }
  }
}
