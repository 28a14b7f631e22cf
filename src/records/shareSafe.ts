import { keepLast } from './memo.ts';
import { METER_MEMBERS } from './meterDetails.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { cellText, type RowCell, type RowValues } from './rowLayout.ts';
import { treatmentOf } from './sensitiveColumns.ts';

/**
 * The same rows without what tells whose they are: names and ids are pseudonyms, free text is gone, and so are fields that no column
 * holds. A column that no list names is emptied, and so is a value that is an object where a plain one belongs.
 * Every layout can be made of them.
 */
export function shareSafe(values: RowValues, pseudonyms: Pseudonyms): RowValues {
  return { ...values, cells: values.cells.map((cell) => safeCell(values, cell, pseudonyms)), unknown: false };
}

function safeCell(values: RowValues, cell: RowCell, pseudonyms: Pseudonyms): RowCell {
  const { name, slot } = cell;
  const treatment = treatmentOf(values.source, name) ?? 'emptied';
  const plain = (bytes: Uint8Array) => (values.isNested(bytes, slot) ? undefined : cellText(values, cell, bytes));
  switch (treatment) {
    case 'kept':
      return { ...cell, slot: -1, text: plain };
    case 'emptied':
      return { name, type: 'text', slot: -1, text: () => undefined };
    case 'meter': {
      const meter = keepLast(meterOf);
      return { ...cell, slot: -1, text: (bytes) => meter(cellText(values, cell, bytes) ?? '') };
    }
    default: {
      const pseudonym = keepLast((value) => pseudonyms.of(treatment, value));
      return {
        name,
        type: 'text',
        slot: -1,
        text: (bytes) => {
          const value = plain(bytes);
          return value === undefined ? undefined : pseudonym(value);
        },
      };
    }
  }
}

function meterOf(text: string): string | undefined {
  if (!text.startsWith('{')) {
    return undefined;
  }
  const meter = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(
    Object.fromEntries(
      METER_MEMBERS.flatMap((name) => (typeof meter[name] === 'string' ? [[name, meter[name]] as const] : [])),
    ),
  );
}
