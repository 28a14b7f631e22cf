import type { Manifest } from '../../src/jobs/manifest.ts';

/** What two exports of the same rows have in common, however often one of them was interrupted. */
export function exportContent({ rows, bytes, sha256, totals, totalsByDay, complete }: Manifest) {
  return { rows, bytes, sha256, totals, totalsByDay, complete };
}
