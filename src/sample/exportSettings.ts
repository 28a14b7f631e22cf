/** How runs of exports go. */
export interface ExportSettings {
  /** How many looks at a run find it unfinished: with 2, the first finds it queued and the second in progress. Default 2. */
  readonly asks?: number;
  /** How runs end; `Never` leaves them in progress. Default Succeeded. */
  readonly ending?: ExportEnding;
}

const EXPORT_ENDINGS = ['Succeeded', 'Failed', 'Never'] as const;
type ExportEnding = (typeof EXPORT_ENDINGS)[number];

/** With the defaults filled in. Throws a RangeError naming a setting that is not possible. */
export function checkedExportSettings(settings: ExportSettings): Required<ExportSettings> {
  const { asks = 2, ending = 'Succeeded' } = settings;
  if (!Number.isInteger(asks) || asks < 0) throw new RangeError('asks must be a whole number from 0');
  if (!EXPORT_ENDINGS.includes(ending)) throw new RangeError(`ending must be one of ${EXPORT_ENDINGS.join(', ')}`);
  return { asks, ending };
}
