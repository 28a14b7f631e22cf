import { FOCUS_COLUMNS } from './focusColumns.ts';
import { type CostKind, FocusRows } from './focusRows.ts';
import { COST_FILES, type MakeLayout } from './rowLayout.ts';
import { LEGACY_USAGE, MODERN_USAGE } from './usageDetails.ts';

/** Whether rows of this kind have FOCUS columns: usage details and cost files. */
export function hasFocusColumns(source: string): boolean {
  return [MODERN_USAGE.kind, LEGACY_USAGE.kind, COST_FILES].includes(source);
}

/**
 * The columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification; Cost Management documentation: "FOCUS cost and usage details file
 * schema" for those that begin with x_), the same for all kinds of rows, so that files of several can be put together.
 *
 * Numbers are copied, never computed: a cell whose number would have to be multiplied or divided is empty (ContractedCost always), and
 * so is one that these rows cannot know (what amortized rows were billed). Times are UTC; ends of FOCUS's own periods are exclusive. Whatever
 * no column holds just as it was sent is in x_Source, one JSON object under Azure's names; null and empty text are left out of it.
 *
 * @throws RangeError for rows without such columns, see {@link hasFocusColumns}
 */
export function focusLayout(costs: CostKind): MakeLayout {
  return (values) => {
    if (!hasFocusColumns(values.source)) {
      throw new RangeError(`FOCUS columns are for usage details and cost files, not for ${values.source}.`);
    }
    const rows = new FocusRows(values, costs);
    const cells = FOCUS_COLUMNS.map(({ name, type, cell }) => ({ ...cell(rows), name, type }));
    return { cells: [...cells, rows.source()], unknown: values.unknown };
  };
}
