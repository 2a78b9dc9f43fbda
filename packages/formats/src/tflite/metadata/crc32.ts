/** x³² + … + 1 of ISO 3309, its bits reversed. */
const POLYNOMIAL = 0xedb88320;

const table: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = state & 1 ? (state >>> 1) ^ POLYNOMIAL : state >>> 1;
  return state >>> 0;
});

/** The checksum of ZIP files. Source: PKWARE, APPNOTE.TXT 6.3.10, section 4.4.7. */
export function crc32(bytes: Uint8Array): number {
  let state = 0xffffffff;
  for (const byte of bytes) state = (table[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8);
  return ~state >>> 0;
}
