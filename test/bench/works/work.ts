/** What a work is given. */
export interface WorkInput {
  /** Address of the service, without trailing slash. */
  base: string;
  /** ARM scope path. */
  scope: string;
  period: { from: string; to: string };
  /** Where it writes to; left out: what it wrote is dropped. */
  file?: string | undefined;
  /** A folder that is its own. */
  folder: string;
}

/** What a work did; two that do the same have to tell the same. */
export interface WorkDone {
  rows?: number | undefined;
  /** That it read or wrote. */
  bytes: number;
}

/** The address of the first page. */
export function firstPage({ base, scope, period }: WorkInput): URL {
  const query = new URLSearchParams({ 'api-version': '2023-11-01', startDate: period.from, endDate: period.to });
  return new URL(`${base}${scope}/providers/Microsoft.Consumption/usageDetails?${query}`);
}
