import { invariant } from "@edgewise/graph";
import { strToU8 } from "fflate";
import type { DataPort } from "../data/dataset.ts";

/** A data set in memory: bytes, or text as UTF-8, by file name. The single name "" stands for a file named `name`. */
export function memoryPort(files: Readonly<Record<string, Uint8Array | string>>, name = "data"): DataPort {
  const names = Object.keys(files).sort();
  return {
    name,
    list: () => Promise.resolve(names),
    read(file) {
      const content = files[file];
      invariant(content !== undefined, `no file ${file}`);
      return Promise.resolve(typeof content === "string" ? strToU8(content) : content);
    },
  };
}
