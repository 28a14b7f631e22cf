/** Characters. */
const LONGEST_LABEL = 60;

/** A name from the service as part of a file name: no separators, nothing that changes how the rest reads, not too long. */
export function fileLabel(label: string, longest = LONGEST_LABEL): string {
  const clean = label
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, '')
    .replace(/[\\/:*?"<>|#%]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const characters = [...clean];
  const short = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : clean;
  return short === '' ? 'Unnamed' : short;
}
