import { asRecord } from '../api/http/errors.ts';
import { sliceText } from '../json/scan.ts';
import { RecordReader } from '../records/recordReader.ts';
import { UTILIZATION } from '../records/utilization.ts';
import { shortName } from './names.ts';
import type { Named, UtilizationEntry } from './utilizationCells.ts';

/** Reads what a heat map needs out of pages of utilization records (REST reference: Azure utilization record resources). */
export class UtilizationEntries {
  readonly reader = new RecordReader(UTILIZATION);
  readonly #columns = Object.fromEntries(UTILIZATION.columns.map(({ name }, column) => [name, column]));
  // A subscription has few meters and many records of each; records of one time follow each other.
  readonly #meters = new Map<string, Named>();
  readonly #resources: boolean;
  #lastTime: { text: string; start: number | undefined } = { text: '', start: undefined };

  /** @param resources whether entries tell what used them; that is the most work of all */
  constructor(resources: boolean) {
    this.#resources = resources;
  }

  /** The reader's current record. */
  entry(page: Uint8Array): UtilizationEntry {
    return {
      start: this.#start(this.#text(page, 'usageStartTime')),
      digits: digitsIn(this.#text(page, 'quantity')),
      unit: stringIn(this.#text(page, 'unit')),
      meter: this.#meter(this.#text(page, 'resource')),
      resource: this.#resources ? this.#resource(page) : undefined,
    };
  }

  #start(text: string): number | undefined {
    if (text !== this.#lastTime.text) {
      const moment = Date.parse(stringIn(text));
      this.#lastTime = { text, start: Number.isNaN(moment) ? undefined : moment };
    }
    return this.#lastTime.start;
  }

  #meter(text: string): Named {
    let meter = this.#meters.get(text);
    if (meter === undefined) {
      meter = meterOf(asRecord(parsed(text)));
      this.#meters.set(text, meter);
    }
    return meter;
  }

  #resource(page: Uint8Array): Named | undefined {
    const uri = textOf(asRecord(parsed(this.#text(page, 'instanceData'))).resourceUri);
    // Old rows name no resource but the web site it belongs to.
    const name = uri || textOf(asRecord(parsed(this.#text(page, 'infoFields'))).project);
    return name === ''
      ? undefined
      : { key: name.toLowerCase(), label: uri === '' ? shortName(name, '') : resourceName(uri) };
  }

  /** JSON text of a column; empty when the record lacks it. */
  #text(page: Uint8Array, column: string): string {
    const at = this.#columns[column] ?? 0;
    const start = this.reader.starts[at] ?? 0;
    return start === 0 ? '' : sliceText(page, start, this.reader.ends[at] ?? 0);
  }
}

/** Meters of one name are many; what they are sold under and where tells them apart. */
function meterOf({ id, name, category, subcategory, region }: Record<string, unknown>): Named {
  const parts = [category, subcategory, name, region].map(textOf).filter((part) => part !== '');
  const label = shortName([...new Set(parts)].join(' · '), textOf(id) || 'Meter without a name');
  return { key: (textOf(id) || label).toLowerCase(), label };
}

/** `disk-01 · group-of-it`: the last part of an ARM id alone is often not unique. */
function resourceName(uri: string): string {
  const group = /\/resourceGroups\/([^/]+)\//i.exec(uri)?.[1] ?? '';
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  return shortName([last, group].filter((part) => part !== '').join(' · '), uri);
}

function parsed(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

function stringIn(text: string): string {
  return text.startsWith('"') ? textOf(JSON.parse(text)) : '';
}

/** Some services send numbers as text, and empty text where they mean null. */
function digitsIn(text: string): string {
  return text.startsWith('"') ? stringIn(text) : text === 'null' ? '' : text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
