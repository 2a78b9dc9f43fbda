import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Digest } from "@edgewise/planner/schema";

/** sha256 of bytes, or of the UTF-8 of a string; lower-case hex. */
export function digest(content: Uint8Array | string): Digest {
  return bytesToHex(sha256(typeof content === "string" ? utf8ToBytes(content) : content));
}
