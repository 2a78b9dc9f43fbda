/** By UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy by one text key. */
export function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.map((item) => ({ item, text: key(item) })).sort((a, b) => compareText(a.text, b.text)).map(({ item }) => item);
}
