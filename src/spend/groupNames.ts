/** What stands before the key of a tag that is grouped or filtered by; alone: a tag whose key is still to be chosen. */
export const ANY_TAG = 'tag:';

/** The key of a tag where `by` names one (`tag:<key>`). */
export function tagOf(by: string): string | undefined {
  return by.startsWith(ANY_TAG) ? by.slice(ANY_TAG.length) : undefined;
}

/** What a thing without a name in the answer is called. */
const NO_NAME = '(none)';

/** What is grouped by, in words: `Service`, `Resource group`, `Tag environment`; empty for nothing. */
export function groupLabel(groupBy: string): string {
  const tag = tagOf(groupBy);
  if (tag !== undefined) {
    return `Tag ${tag}`;
  }
  const words = groupBy
    .replace(/(?<=.)(TenantId|Name|Id)$/, '')
    .split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word, at) => (at === 0 || /^[A-Z]{2}/.test(word) ? word : word.toLowerCase()));
  return words.join(' ');
}

/**
 * Labels of groups, each another: where two have the same name, what the service calls them is added. A resource is called by the last
 * part of its id.
 */
export function labelsOfGroups(
  groups: readonly { key: string; label: string }[],
  groupBy: string,
): ReadonlyMap<string, string> {
  const isResource = groupBy.toLowerCase() === 'resourceid';
  const nameOf = ({ key, label }: { key: string; label: string }) =>
    label || (isResource ? key.split('/').at(-1) : key) || NO_NAME;
  const counts = new Map<string, number>();
  for (const group of groups) {
    const name = nameOf(group);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map(
    groups.map((group) => {
      const name = nameOf(group);
      return [group.key, (counts.get(name) ?? 0) > 1 && group.key !== '' ? `${name} (${group.key})` : name];
    }),
  );
}
