import { BillingError } from '../api/http/errors.ts';
import type { Format } from '../records/formats.ts';
import type { Sink } from '../records/output.ts';
import type { RowOptions } from '../records/rowOptions.ts';
import type { RecordSchema } from '../records/schema.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../records/usageDetails.ts';
import type { DocumentState } from '../usage/documentParts.ts';
import { FilesDocument } from '../usage/filesDocument.ts';
import { linesOf } from '../usage/linesOf.ts';
import { usageDetailsSchema } from '../usage/pagesDocument.ts';
import { cultureCurrency } from '../usage/plan/cultureCurrency.ts';
import type { PieceChunk, Plan } from '../usage/plan/plan.ts';
import { RecordsDocument } from '../usage/recordsDocument.ts';
import type { Shape } from './journal.ts';

/** How the rows of a job are written. */
export interface RowSettings {
  plan: Pick<Plan, 'content' | 'schema' | 'only' | 'operation'>;
  format: Format;
  /** Those of one piece: the scope differs. */
  options: RowOptions;
}

/** How the rows of a job look: unknown until the first has come, and the same for all pieces from then on. */
export interface KnownShape {
  readonly shape: Shape | undefined;
  /** @throws BillingError when it is another one */
  settle(shape: Shape): void;
}

/** The rows of one piece, formatted. */
export interface PieceDocument {
  /** @throws BillingError of kind `malformed` */
  take(chunk: PieceChunk): Promise<void>;
  /** Those of the piece, also those that an earlier document of it has written. */
  readonly rows: number;
  /** What has to be known to go on behind the last chunk; undefined before there was a row. */
  readonly state: DocumentState | undefined;
}

/** @param from where an earlier document of the piece stopped */
export function createPieceDocument(
  settings: RowSettings,
  known: KnownShape,
  from: DocumentState | undefined,
  sink: Sink,
): PieceDocument {
  return settings.plan.content === 'files'
    ? filePiece(settings, known, from, sink)
    : recordPiece(settings, known, from, sink);
}

function recordPiece(
  settings: RowSettings,
  known: KnownShape,
  from: DocumentState | undefined,
  sink: Sink,
): PieceDocument {
  const { plan } = settings;
  let document: RecordsDocument | undefined;
  const schemaFor = (page: Uint8Array): RecordSchema | undefined => {
    const schema = plan.schema ?? usageDetailsSchema(page);
    if (plan.schema === undefined && schema !== undefined) {
      known.settle({ kind: schema === LEGACY_USAGE ? 'legacy' : 'modern' });
    }
    return schema;
  };
  return {
    async take({ bytes }) {
      if (bytes.length === 0) {
        return;
      }
      if (document === undefined) {
        const schema = schemaFor(bytes);
        if (schema === undefined) {
          return;
        }
        document = recordsDocument(settings, schema, from, sink);
      }
      await (plan.content === 'lines' ? document.lines(linesOf(bytes)) : document.page(bytes));
    },
    get rows() {
      return document?.rows ?? from?.rows ?? 0;
    },
    get state() {
      return document?.state ?? from;
    },
  };
}

function recordsDocument(
  { plan, format, options }: RowSettings,
  schema: RecordSchema,
  from: DocumentState | undefined,
  sink: Sink,
): RecordsDocument {
  const { operation, only } = plan;
  return new RecordsDocument(
    { schema, format, operation, only, currencyOf: cultureCurrency, options, part: true, from },
    sink,
  );
}

function filePiece(
  { format, options }: RowSettings,
  known: KnownShape,
  from: DocumentState | undefined,
  sink: Sink,
): PieceDocument {
  const document = new FilesDocument(format, sink, { options, part: true, from });
  let inFile = false;
  return {
    async take({ bytes, header, endsFile }) {
      if (header !== undefined) {
        if (inFile) {
          document.endFile();
        }
        inFile = true;
        await document.write(header);
        known.settle({ header: document.header ?? [] });
      }
      await document.write(bytes);
      if (endsFile === true && inFile) {
        document.endFile();
        inFile = false;
      }
      await document.flush();
    },
    get rows() {
      return document.rows;
    },
    get state() {
      return document.header === undefined ? from : document.state;
    },
  };
}

/** What stands before the first row of the document, and is all of it when there is none. */
export async function documentHead(settings: RowSettings, shape: Shape | undefined): Promise<Uint8Array> {
  const nowhere: Sink = { write: () => {} };
  const { plan, format, options } = settings;
  if (plan.content !== 'files') {
    return recordsDocument(settings, schemaOf(plan, shape), undefined, nowhere).head;
  }
  const document = new FilesDocument(format, nowhere, { options, part: true });
  if (shape?.header === undefined) {
    document.beginWithoutFile();
  } else {
    await document.write(Buffer.from(`${shape.header.map(csvName).join(',')}\n`));
  }
  return document.head ?? new Uint8Array();
}

/** Of an export without rows, what they would most likely be. */
export function schemaOf(plan: Pick<Plan, 'schema'>, shape: Shape | undefined): RecordSchema {
  return plan.schema ?? (shape?.kind === 'legacy' ? LEGACY_USAGE : MODERN_USAGE);
}

function csvName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The shape that all pieces of a job agree on. */
export class SharedShape implements KnownShape {
  #shape: Shape | undefined;
  readonly #onSettled: (shape: Shape) => void;

  /** @param onSettled told once, unless the shape is known already */
  constructor(shape: Shape | undefined, onSettled: (shape: Shape) => void) {
    this.#shape = shape;
    this.#onSettled = onSettled;
  }

  get shape(): Shape | undefined {
    return this.#shape;
  }

  settle(shape: Shape): void {
    if (this.#shape === undefined) {
      this.#shape = shape;
      this.#onSettled(shape);
    } else if (namesOf(this.#shape) !== namesOf(shape)) {
      throw new BillingError(
        'malformed',
        'The scopes have different kinds of usage details, which cannot be one file.',
        {
          advice: 'Export them one by one.',
        },
      );
    }
  }
}

/** Spelling of columns differs in case from one version of a data set to the next. */
function namesOf({ kind, header }: Shape): string {
  return kind ?? (header ?? []).join('\n').toLowerCase();
}
