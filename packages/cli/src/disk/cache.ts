import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "./atomic.ts";

/**
 * Facts that took time, one file per key, beside the plan. Only a cache: it may be deleted at any time, and an entry
 * that does not parse is as good as none. A run that is interrupted finds here what it had measured.
 */
export interface Cache {
  get(kind: string, key: string): Promise<unknown>;
  put(kind: string, key: string, value: unknown): Promise<void>;
}

export function diskCache(root: string): Cache {
  const path = (kind: string, key: string): string => join(root, ".edgewise", kind, `${key}.json`);
  return {
    async get(kind, key) {
      try {
        return JSON.parse(await readFile(path(kind, key), "utf8"));
      } catch {
        return null;
      }
    },
    put: (kind, key, value) => writeFileAtomic(path(kind, key), JSON.stringify(value)),
  };
}
