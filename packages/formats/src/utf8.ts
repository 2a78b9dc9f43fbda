import { getTextEncoding } from "@bufbuild/protobuf/wire";

/** UTF-8 of a string, without a platform's encoder. */
export function encodeUtf8(text: string): Uint8Array {
  return getTextEncoding().encodeUtf8(text);
}

/** The string of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return getTextEncoding().decodeUtf8(bytes);
}
