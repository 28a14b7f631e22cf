import { BillingError } from '../api/http/errors.ts';
import { chooseLayout } from '../records/chooseLayout.ts';
import { COST_DETAILS_COLUMNS } from '../records/costFiles.ts';
import { csvValues } from '../records/csvValues.ts';
import { isTextFormat } from '../records/fileFormats.ts';
import { hasFocusColumns } from '../records/focus.ts';
import type { Format } from '../records/formats.ts';
import { Pseudonyms } from '../records/pseudonyms.ts';
import { RecordReader } from '../records/recordReader.ts';
import {
  COST_FILES,
  type RowCell,
  type RowScope,
  recordValues,
  serviceLayout,
  withScope,
} from '../records/rowLayout.ts';
import type { RowOptions } from '../records/rowOptions.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import type { Plan } from '../usage/plan/plan.ts';
import type { ExportRequest, ExportTarget } from './jobTypes.ts';
import type { Shape } from './journal.ts';
import { type RowSettings, schemaOf } from './pieceDocument.ts';

/** How the rows of one export are written, piece by piece. */
export class ExportRows {
  readonly #plan: Plan;
  readonly #target: ExportTarget;
  readonly #pseudonyms: Pseudonyms | undefined;
  readonly #layout: RowOptions['layout'];

  /**
   * @param pseudonymKey of a file that is safe to share
   * @throws BillingError of kind `argument` when the target cannot be had of such rows
   */
  constructor(plan: Plan, { source, target }: ExportRequest, pseudonymKey: Uint8Array | undefined) {
    if (target.shareSafe === true && pseudonymKey === undefined) {
      throw new BillingError('argument', 'shareSafe: the key of the pseudonyms is missing.');
    }
    const kind = plan.content === 'files' ? COST_FILES : plan.schema?.kind;
    if (target.columns === 'focus' && kind !== undefined && !hasFocusColumns(kind)) {
      throw new BillingError('argument', `columns: FOCUS has none for ${kind}.`, { advice: "Choose 'service'." });
    }
    this.#plan = plan;
    this.#target = target;
    this.#pseudonyms =
      target.shareSafe === true && pseudonymKey !== undefined ? new Pseudonyms(pseudonymKey) : undefined;
    this.#layout = chooseLayout({
      columns: target.columns,
      costs: costsOf(source),
      pseudonyms: this.#pseudonyms,
      always: !isTextFormat(target.format),
    });
  }

  /** The format that rows are written in: others are made of it when all are there. */
  get format(): Format {
    return isTextFormat(this.#target.format) ? this.#target.format : 'ndjson';
  }

  /** @param scope of the piece, where the file holds several */
  settings(scope: RowScope | undefined): RowSettings {
    const { formulaGuard, lineEnd, bom } = this.#target;
    return {
      plan: this.#plan,
      format: this.format,
      options: { layout: this.#layout, scope: this.#shown(scope), formulaGuard, lineEnd, bom },
    };
  }

  /** Those of the head, which is the same for every piece. */
  get headSettings(): RowSettings {
    return this.settings(this.#plan.pieces[0]?.scope);
  }

  #shown(scope: RowScope | undefined): RowScope | undefined {
    return scope === undefined ? undefined : (this.#pseudonyms?.scope(scope) ?? scope);
  }

  /** Names and types of the columns of a table. */
  columns(shape: Shape | undefined): readonly Pick<RowCell, 'name' | 'type'>[] {
    const plan = this.#plan;
    const values =
      plan.content === 'files'
        ? csvValues(shape?.header ?? COST_DETAILS_COLUMNS)
        : recordValues(new RecordReader(schemaOf(plan, shape)));
    const layout = (this.#layout ?? serviceLayout)(values);
    const scope = plan.pieces[0]?.scope;
    const { cells } = scope === undefined ? layout : withScope(layout, scope);
    return cells.map(({ name, type }) => ({ name, type }));
  }
}

function costsOf(source: ExportSource): 'actual' | 'amortized' {
  return 'metric' in source && source.metric?.toLowerCase().includes('amortized') === true ? 'amortized' : 'actual';
}
