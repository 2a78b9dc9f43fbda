import { posix } from "node:path";
import type { DataPort } from "@edgewise/preprocess";
import { listFiles, readDataFile } from "./data-files.ts";

/** A data set on disk, below the plan's folder; listed once. */
export function diskData(root: string, data: string): DataPort {
  let listing: Promise<readonly string[]> | null = null;
  const list = (): Promise<readonly string[]> => listing ??= listFiles(root, data);
  return {
    name: data,
    list,
    async read(file) {
      const isOneFile = (await list())[0] === "";
      return isOneFile && file !== "" ? readDataFile(root, posix.join(posix.dirname(data), file), "") : readDataFile(root, data, file);
    },
  };
}
