import { type BundleFile, encodeUtf8 } from "@edgewise/adapter";

/** A UTF-8 file that ends in one line break. */
export function textFile(path: string, text: string): BundleFile {
  return { path, bytes: encodeUtf8(`${text.trimEnd()}\n`) };
}
