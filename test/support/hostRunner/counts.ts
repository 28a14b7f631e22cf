/** Totals of one run. Pending tests and tests that skipped themselves are `skipped`. */
export interface HostTestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const marker = 'TEST-COUNTS ';

/** The line by which a run inside the extension host tells its totals to whoever started it. */
export function writeCounts(counts: HostTestCounts): string {
  return `${marker}${JSON.stringify({ passed: counts.passed, failed: counts.failed, skipped: counts.skipped })}`;
}

/** The totals in a line of output, or `undefined` when the line is any other. */
export function readCounts(line: string): HostTestCounts | undefined {
  if (!line.startsWith(marker)) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(marker.length));
    if (typeof value !== 'object' || value === null) return undefined;
    const { passed, failed, skipped } = value as Partial<Record<keyof HostTestCounts, unknown>>;
    return typeof passed === 'number' && typeof failed === 'number' && typeof skipped === 'number'
      ? { passed, failed, skipped }
      : undefined;
  } catch {
    return undefined;
  }
}
