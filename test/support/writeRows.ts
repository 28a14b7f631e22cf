import { createCsvRowWriter } from '../../src/records/csvFormats.ts';
import { CsvReader } from '../../src/records/csvReader.ts';
import { createWriter, type Format } from '../../src/records/formats.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import type { RowOptions } from '../../src/records/rowOptions.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import { FILE_COLUMNS, fixtureFile, fixturePage, SCHEMAS } from './rowFixtures.ts';

/** The fixture of a kind of rows as a document; `before` is called in front of each row. */
export function writeRows(
  kind: string,
  format: Format,
  options: RowOptions,
  before: (row: number) => void = () => {},
): string {
  const schema = SCHEMAS[kind];
  return schema === undefined
    ? writeFile(fixtureFile(FILE_COLUMNS[kind] ?? []), format, options, before)
    : writePage(schema, fixturePage(schema), format, options, before);
}

export function writePage(
  schema: RecordSchema,
  page: Uint8Array,
  format: Format,
  options: RowOptions,
  before: (row: number) => void = () => {},
): string {
  const out = new ByteBuffer();
  const reader = new RecordReader(schema);
  const writer = createWriter(format, reader, options);
  let row = 0;
  writer.begin(out);
  reader.readPage(page, (bytes) => {
    before(row++);
    writer.record(bytes, out);
  });
  writer.end(out);
  return Buffer.from(out.take()).toString('utf8');
}

export function writeFile(
  text: string,
  format: Format,
  options: RowOptions,
  before: (row: number) => void = () => {},
): string {
  const out = new ByteBuffer();
  const writer = createCsvRowWriter(format, options);
  let index = 0;
  const reader: CsvReader = new CsvReader(
    () => writer.begin(reader.header ?? [], out),
    (row) => {
      before(index++);
      writer.row(row, out);
    },
  );
  reader.write(Buffer.from(text));
  reader.endPart();
  writer.end(out);
  return Buffer.from(out.take()).toString('utf8');
}
