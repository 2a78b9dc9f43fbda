/** Starts and multipliers of four lanes; any odd multipliers would do. Lane 0 is FNV-1a: datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const lanes: readonly (readonly [start: number, multiplier: number])[] = [
  [0x811c9dc5, 0x01000193], [0x9e3779b9, 0x85ebca6b], [0xc2b2ae35, 0x27d4eb2f], [0x165667b1, 0x9e3779b1],
];

/**
 * An identifier made of contents, as a UUID: equal contents, equal identifier.
 *
 *   128 bits from four lanes of h = (h xor byte) · multiplier mod 2^32, each finished by folding its high half in
 *   version 8 (a form that the maker defines), variant 10: datatracker.ietf.org/doc/html/rfc9562#section-5.8
 *
 * It tells files of one model apart; it is no protection against someone who wants two to be equal.
 */
export function contentUuid(contents: Uint8Array): string {
  const bytes = lanes.flatMap(([start, multiplier]) => {
    let hash = start;
    for (const byte of contents) hash = Math.imul(hash ^ byte, multiplier);
    hash = Math.imul(hash ^ (hash >>> 15), multiplier) ^ contents.length;
    return [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, hash >>> 24];
  });
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
