import type { MakeLayout, RowScope } from './rowLayout.ts';

/** How rows are written. Without any of it documents are what the service sent. */
export interface RowOptions {
  /** Left out: the columns of the service; JSON then keeps the shape of the records, with a layout they are flat. */
  layout?: MakeLayout | undefined;
  /** Puts the scope of each row before its other columns. */
  scope?: RowScope | undefined;
  /** CSV: text that a spreadsheet would run as a formula begins with an apostrophe; see `formulaGuard.ts`. */
  formulaGuard?: boolean | undefined;
  /** CSV: LF when left out. */
  lineEnd?: '\n' | '\r\n' | undefined;
  /** CSV: begins with a byte order mark, by which some programs know UTF-8. JSON may not have one (RFC 8259). */
  bom?: boolean | undefined;
}
