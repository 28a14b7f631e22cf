/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Whether Windows keeps a name for a device, with whatever ending. */
export function isReservedName(name: string): boolean {
  return RESERVED.test(name);
}

/** File systems allow 255 bytes; some is left for `.partial`. */
const LONGEST = 200;

/**
 * A file name from text of the service: no path, no character that any file system refuses, none that is invisible or turns the
 * direction of writing (so that an ending cannot look like another), no name that Windows keeps for itself.
 *
 * @param fallback when nothing is left of the text
 */
export function safeFileName(text: string, fallback: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029]+/gu, '')
    .replace(/[\\/:*?"<>|]+/g, '-')
    .replace(/\s+/g, ' ')
    // Windows drops dots and spaces at the end; a dot in front hides a file elsewhere.
    .replace(/^[ .]+|[ .]+$/g, '');
  const named = RESERVED.test(plain) ? `_${plain}` : plain;
  return shortened(named) || fallback;
}

/** At most {@link LONGEST} bytes, with the ending kept. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST) {
    return name;
  }
  const ending = /(?:\.[A-Za-z0-9]{1,10}){1,2}$/.exec(name)?.[0] ?? '';
  let start = '';
  for (const character of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(start + character + ending) > LONGEST) {
      break;
    }
    start += character;
  }
  return start.trimEnd() + ending;
}

/** Names of their own for files that go into one folder: file systems may not tell case apart. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const [, stem = name, ending = ''] = /^(.+?)((?:\.[A-Za-z0-9]{1,10}){0,2})$/.exec(name) ?? [];
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number++) {
      free = `${stem} (${number})${ending}`;
    }
    taken.add(free.toLowerCase());
    return free;
  });
}
