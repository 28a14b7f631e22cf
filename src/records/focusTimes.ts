import { parseInstant } from './instant.ts';

const DAY = 24 * 60 * 60 * 1000;

const isoText = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

/** `2026-10-01T00:00:00Z`, whichever way the row writes it. */
export function time(text: string): string | undefined {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : isoText(instant.ms);
}

/** The beginning of a day, some days on. */
export const day =
  (later: number) =>
  (text: string): string | undefined => {
    const instant = parseInstant(text);
    return instant === undefined ? undefined : isoText((Math.floor(instant.ms / DAY) + later) * DAY);
  };
