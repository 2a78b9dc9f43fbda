import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { BundleFile } from "./bundle.ts";

/** UTF-8 of a string, without a platform's encoder. */
export function encodeUtf8(text: string): Uint8Array {
  return utf8ToBytes(text);
}

/** A UTF-8 file that ends in one line break. */
export function textFile(path: string, text: string): BundleFile {
  return { path, bytes: encodeUtf8(`${text.trimEnd()}\n`) };
}
