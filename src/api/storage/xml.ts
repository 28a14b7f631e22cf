/**
 * The little XML that Azure Storage answers with: error bodies and blob lists. Elements that are looked for hold text or other
 * elements, never themselves, and there are no attributes but `Encoded`.
 */

/** The insides of every element of a name, in order; with what stands in its start tag. */
export function elements(xml: string, name: string): { attributes: string; content: string }[] {
  const pattern = new RegExp(`<${name}((?:\\s[^>]*?)?)(?:/>|>([\\s\\S]*?)</${name}\\s*>)`, 'g');
  return [...xml.matchAll(pattern)].map(([, attributes = '', content = '']) => ({ attributes, content }));
}

/** The text of the first element of a name; undefined when there is none, or nothing in it. */
export function elementText(xml: string, name: string): string | undefined {
  const [first] = elements(xml, name);
  return first === undefined || first.content === '' ? undefined : unescaped(first.content);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

export function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name = '') => {
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return Number.isNaN(code) || code > 0x10ffff ? (ENTITIES.get(name) ?? whole) : String.fromCodePoint(code);
    },
  );
}
