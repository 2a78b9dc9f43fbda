import { type Diagnostic, type Result, type Tensor, fail, ok } from "@edgewise/graph";
import { unzipSync } from "fflate";
import { readNpy } from "./npy.ts";

/** Bytes of all arrays of one archive after unpacking. */
const MAX_UNPACKED_BYTES = 2 ** 30;

const MAX_ENTRIES = 1000;

/**
 * A `.npz` archive: its arrays by name, without ".npy". Sizes are checked before anything is unpacked.
 * Errors: NPZ_INVALID, NPZ_TOO_LARGE, and those of `readNpy`.
 */
export function readNpz(bytes: Uint8Array, file: string): Result<ReadonlyMap<string, Tensor>> {
  const entries = unpack(bytes, file);
  if (!entries.ok) return entries;
  const arrays = new Map<string, Tensor>();
  const errors: Diagnostic[] = [];
  for (const [name, content] of Object.entries(entries.value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const array = readNpy(content, `${file}/${name}`);
    if (array.ok) arrays.set(name.replace(/\.npy$/, ""), array.value);
    else errors.push(...array.errors);
  }
  return errors.length > 0 ? fail(...errors) : ok(arrays);
}

function unpack(bytes: Uint8Array, file: string): Result<Readonly<Record<string, Uint8Array>>> {
  let unpackedBytes = 0;
  let entries = 0;
  let tooLarge = false;
  try {
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        unpackedBytes += originalSize;
        entries += 1;
        tooLarge ||= unpackedBytes > MAX_UNPACKED_BYTES || entries > MAX_ENTRIES;
        return !tooLarge;
      },
    });
    if (!tooLarge) return ok(files);
  } catch (error) {
    // fflate throws on damaged archives.
    return fail(npzError(file, { code: "NPZ_INVALID", summary: "The archive is damaged", detail: error instanceof Error ? error.message : String(error) }));
  }
  return fail(npzError(file, { code: "NPZ_TOO_LARGE", summary: "The archive is too large", expected: `at most ${MAX_UNPACKED_BYTES} bytes in ${MAX_ENTRIES} arrays` }));
}

function npzError(file: string, words: Omit<Diagnostic, "severity" | "subject" | "fix">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file }, ...words, fix: "Write it with numpy.savez, with the keys x and y." };
}
