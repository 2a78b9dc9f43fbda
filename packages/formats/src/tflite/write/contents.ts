/** Contents of constants, each once. */
export interface Contents {
  readonly unique: readonly Uint8Array[];
  /** For each of what was given, its place in the file's list of buffers: 0, which is empty, for what has no contents. */
  readonly indices: readonly number[];
}

/** Finds equal contents, in time linear in their bytes. Only contents of one length are looked into. */
export function contentsOf(data: readonly (Uint8Array | null)[]): Contents {
  const lengths = new Map<number, number>();
  for (const bytes of data) if (bytes !== null) lengths.set(bytes.length, (lengths.get(bytes.length) ?? 0) + 1);
  const unique: Uint8Array[] = [];
  const places = new Map<string, number[]>();
  const indices = data.map((bytes) => {
    if (bytes === null) return 0;
    const key = `${bytes.length} ${lengths.get(bytes.length) === 1 ? "" : hash(bytes)}`;
    const candidates = places.get(key) ?? [];
    const known = candidates.find((place) => same(unique[place - 1], bytes));
    if (known !== undefined) return known;
    const place = unique.push(bytes);
    places.set(key, [...candidates, place]);
    return place;
  });
  return { unique, indices };
}

/** FNV-1a of 32 bits, over words, then over the bytes that are left. Source: Fowler, Noll, Vo, draft-eastlake-fnv. */
function hash(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 4);
  let state = 0x811c9dc5;
  for (let at = 0; at < whole; at += 4) state = Math.imul(state ^ view.getUint32(at, true), 0x01000193);
  for (let at = whole; at < bytes.length; at++) state = Math.imul(state ^ view.getUint8(at), 0x01000193);
  return state;
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a === b || (a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]));
}
