const UNITS = ['KB', 'MB', 'GB', 'TB'];

/** A size for people: `512 bytes`, `1.4 MB` (of 1,000,000 bytes). */
export function byteText(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} bytes`;
  }
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}
