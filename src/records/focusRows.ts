import { jsonText } from './layoutFormats.ts';
import { keepLast } from './memo.ts';
import { METER_MEMBERS } from './meterDetails.ts';
import { cellText, type RowCell, type RowValues } from './rowLayout.ts';

/** What the costs of the rows are: as billed, or with purchases of reservations and savings plans spread over their use. */
export type CostKind = 'actual' | 'amortized';

type Text = (bytes: Uint8Array) => string | undefined;
export type Made = Pick<RowCell, 'slot' | 'text'>;

/** The columns of Azure's rows by name, and which of them stand as they are in a column of FOCUS. */
export class FocusRows {
  readonly costs: CostKind;
  readonly #values: RowValues;
  readonly #cells: ReadonlyMap<string, RowCell>;
  readonly #held = new Set<RowCell>();

  constructor(values: RowValues, costs: CostKind) {
    this.costs = costs;
    this.#values = values;
    const cells = new Map(values.cells.map((cell) => [cell.name.toLowerCase(), cell]));
    const details = cells.get('meterdetails');
    if (details !== undefined) {
      for (const cell of meterCells(values, details)) {
        cells.set(cell.name.toLowerCase(), cell);
      }
    }
    this.#cells = cells;
  }

  has(name: string): boolean {
    return this.#cells.has(name.toLowerCase());
  }

  /** Whether a column that holds objects has them as their text here. */
  isText(name: string): boolean {
    return this.#cells.get(name.toLowerCase())?.type === 'text';
  }

  /** The first of these columns that has a value in the row. */
  text(...names: readonly string[]): Text {
    const cells = names.flatMap((name) => this.#cells.get(name.toLowerCase()) ?? []);
    return (bytes) => {
      for (const cell of cells) {
        const text = cellText(this.#values, cell, bytes);
        if (text !== undefined && text !== '') {
          return text;
        }
      }
      return undefined;
    };
  }

  /** The same as a cell; the first column that the rows have is held by it. */
  copy(names: readonly string[]): Made {
    const [first, ...others] = names.flatMap((name) => this.#cells.get(name.toLowerCase()) ?? []);
    if (first === undefined) {
      return NOTHING;
    }
    this.#held.add(first);
    return others.length === 0 ? pick(first) : { slot: -1, text: this.text(...names) };
  }

  /** All that no column holds. Call it when the columns are made. */
  source(): RowCell {
    const cells = this.#values.cells.filter((cell) => !this.#held.has(cell));
    const keyed = cells.map((cell) => {
      const key = `${JSON.stringify(cell.name)}:`;
      return { cell, member: keepLast((text) => key + jsonText(text, cell.type)) };
    });
    return {
      name: 'x_Source',
      type: 'json',
      slot: -1,
      text: (bytes) => {
        let members = '';
        for (const { cell, member } of keyed) {
          const text = cellText(this.#values, cell, bytes);
          if (text !== undefined && text !== '') {
            members += members === '' ? member(text) : `,${member(text)}`;
          }
        }
        return members === '' ? undefined : `{${members}}`;
      },
    };
  }
}

export const NOTHING: Made = { slot: -1, text: () => undefined };

/** A cell without its name. */
function pick({ slot, text }: RowCell): Made {
  return text === undefined ? { slot } : { slot, text };
}

/** Enrolments have their meter as one object. */
function meterCells(values: RowValues, details: RowCell): RowCell[] {
  const meter = keepLast((text) => (text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}));
  return METER_MEMBERS.map((name) => ({
    name,
    type: 'text',
    slot: -1,
    text: (bytes) => {
      const member = meter(cellText(values, details, bytes) ?? '')[name];
      return typeof member === 'string' ? member : undefined;
    },
  }));
}
