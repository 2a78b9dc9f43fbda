/** What tells facts apart, and which of two about the same thing counts. */
export interface FactRules<Key, Fact> {
  readonly keyOf: (fact: Fact) => Key;
  /** Two texts of a key that split all facts into short lists. */
  readonly shelf: (key: Key) => string;
  readonly slot: (key: Key) => string;
  readonly isSame: (a: Key, b: Key) => boolean;
  readonly isBetter: (fact: Fact, other: Fact) => boolean;
}

/** The fact about a key; null where nobody has stated one. */
export type FactLookup<Key, Fact> = (key: Key) => Fact | null;

/**
 * Facts by key. Two maps lead to a short list, which is searched by comparing: the recipes of one model on one device
 * are few, and a map for each step of a key would weigh more than the facts in it.
 */
export function indexFacts<Key, Fact>(facts: readonly Fact[], { keyOf, shelf, slot, isSame, isBetter }: FactRules<Key, Fact>): FactLookup<Key, Fact> {
  const shelves = new Map<string, Map<string, Fact[]>>();
  for (const fact of facts) {
    const key = keyOf(fact);
    const slots = entryOf(shelves, shelf(key), () => new Map<string, Fact[]>());
    const list = entryOf(slots, slot(key), (): Fact[] => []);
    const position = list.findIndex((other) => isSame(keyOf(other), key));
    const other = list[position];
    if (other === undefined) list.push(fact);
    else if (other !== fact && isBetter(fact, other)) list[position] = fact;
  }
  return (key) => shelves.get(shelf(key))?.get(slot(key))?.find((fact) => isSame(keyOf(fact), key)) ?? null;
}

function entryOf<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const found = map.get(name);
  if (found !== undefined) return found;
  const made = make();
  map.set(name, made);
  return made;
}
