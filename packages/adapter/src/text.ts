import { utf8ToBytes } from "@noble/hashes/utils.js";

/** UTF-8 of a string, without a platform's encoder. */
export function encodeUtf8(text: string): Uint8Array {
  return utf8ToBytes(text);
}
