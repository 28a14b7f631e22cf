import { read } from '@e965/xlsx';
import { fromBufferPromise } from 'yauzl';

/** A sheet as another program's importer sees it. */
export interface ExcelSheet {
  name: string;
  /** Column → cell: text, digits as they stand in the file, dates in ISO 8601, true or false. */
  rows: Record<string, string>[];
  /** Cells by their address that are formulas or links. */
  active: string[];
  filter: string | undefined;
}

/** All sheets of a workbook; the first row of each names its columns. */
export async function excelSheets(bytes: Uint8Array): Promise<ExcelSheet[]> {
  const book = read(bytes, { cellDates: true, UTC: true });
  const parts = await zipTexts(bytes);
  return book.SheetNames.map((name, i) => {
    const sheet = book.Sheets[name] ?? {};
    const digits = digitsByAddress(parts.get(`xl/worksheets/sheet${i + 1}.xml`) ?? '');
    const headers = new Map<string, string>();
    const rows: Record<string, string>[] = [];
    const active: string[] = [];
    for (const [address, cell] of Object.entries(sheet)) {
      const [, column = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
      if (column === '') continue;
      if (cell.f !== undefined || cell.l !== undefined) active.push(address);
      if (row === '1') {
        headers.set(column, String(cell.v));
        continue;
      }
      const value = cell.v instanceof Date ? cell.v.toISOString() : String(cell.v);
      rows[Number(row) - 2] = {
        ...rows[Number(row) - 2],
        [headers.get(column) ?? column]: cell.t === 'n' ? (digits.get(address) ?? '') : value,
      };
    }
    return { name, rows: Array.from(rows, (row) => row ?? {}), active, filter: sheet['!autofilter']?.ref };
  });
}

/** The importer keeps doubles: digits are read from the file itself. */
function digitsByAddress(xml: string): Map<string, string> {
  return new Map(
    Array.from(xml.matchAll(/<c r="([A-Z]+\d+)"><v>([^<]*)<\/v>/g), ([, address = '', digits = '']) => [
      address,
      digits,
    ]),
  );
}

/** The files of an archive as text, by their path. */
export async function zipTexts(bytes: Uint8Array): Promise<Map<string, string>> {
  const archive = await fromBufferPromise(Buffer.from(bytes));
  const texts = new Map<string, string>();
  for await (const entry of archive.eachEntry()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Uint8Array);
    texts.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
  }
  return texts;
}
