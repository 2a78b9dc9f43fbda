import { decodeUtf8, encodeUtf8 } from "../../utf8.ts";

/** Names as a label file: one a line, in UTF-8. A name with a line break would be two. */
export function labelFile(labels: readonly string[]): Uint8Array {
  return encodeUtf8(labels.map((label) => `${label.replaceAll(/\s*[\r\n]+\s*/g, " ")}\n`).join(""));
}

/** The names in a label file; empty lines at its end are none. */
export function labelsIn(bytes: Uint8Array): readonly string[] {
  const lines = decodeUtf8(bytes).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
