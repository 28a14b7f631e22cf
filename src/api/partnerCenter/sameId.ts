/** Whether two ids are of the same thing: the service writes GUIDs in upper and lower case. */
export function sameId(one: string | null | undefined, other: string | null | undefined): boolean {
  const [a = '', b = ''] = [one, other].map((id) => id?.trim().toLowerCase());
  return a !== '' && a === b;
}
