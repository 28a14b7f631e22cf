import { focusLayout } from './focus.ts';
import type { CostKind } from './focusRows.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { type MakeLayout, serviceLayout } from './rowLayout.ts';
import { shareSafe } from './shareSafe.ts';

export interface LayoutChoice {
  /** The service's own columns when left out; FOCUS is for usage details and cost files, see `hasFocusColumns`. */
  columns?: 'service' | 'focus' | undefined;
  /** What the costs of the rows are, for FOCUS; `actual` when left out. */
  costs?: CostKind | undefined;
  /** Makes the rows safe to share, see {@link shareSafe}. */
  pseudonyms?: Pseudonyms | undefined;
  /** Whether to have a layout even where the rows stay as they were sent: formats of typed columns need one. */
  always?: boolean | undefined;
}

/** The layout of an export; undefined when rows stay as they were sent. */
export function chooseLayout({ columns, costs, pseudonyms, always }: LayoutChoice): MakeLayout | undefined {
  if (columns !== 'focus' && pseudonyms === undefined && always !== true) {
    return undefined;
  }
  const layout = columns === 'focus' ? focusLayout(costs ?? 'actual') : serviceLayout;
  // Pseudonyms come first: whatever a layout makes of the values, it is made of safe ones.
  return pseudonyms === undefined ? layout : (values) => layout(shareSafe(values, pseudonyms));
}
