import type { BundleFile } from "@edgewise/adapter";

/** ASCII text of an emitted source; empty when the file is missing. Other bytes become "?": emitted C has none. */
export function readSource(file: BundleFile | undefined): string {
  if (file === undefined) return "";
  const parts: string[] = [];
  for (let at = 0; at < file.bytes.length; at += CHUNK) parts.push(String.fromCharCode(...file.bytes.subarray(at, at + CHUNK).map((byte) => (byte < 128 ? byte : 63))));
  return parts.join("");
}

/** Arguments of one call stay well below every engine's limit. */
const CHUNK = 8192;

/** First group of a pattern in a source; null when it does not occur. */
export function promisedText(file: BundleFile | undefined, pattern: RegExp): string | null {
  return pattern.exec(readSource(file))?.[1] ?? null;
}
