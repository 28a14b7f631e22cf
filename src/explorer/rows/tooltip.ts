import { displayText } from '../../workbench/text.ts';

/** A tooltip of those lines that say something; text of the service cannot add lines of its own. */
export function lines(...texts: (string | null | undefined | false)[]): string {
  return texts
    .map((text) => displayText(text || '', ''))
    .filter(Boolean)
    .join('\n');
}

/** The parts of a description that say something. */
export function facts(...texts: (string | null | undefined | false)[]): string | undefined {
  return lines(...texts).replaceAll('\n', ' · ') || undefined;
}
