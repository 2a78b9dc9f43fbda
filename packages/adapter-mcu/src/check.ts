import { type Bundle, type BundleFile, checkFiles } from "@edgewise/adapter";
import type { Diagnostic } from "@edgewise/graph";
import { structBytes } from "./kernels/kernel.ts";
import { kernels } from "./kernels/registry.ts";
import { checkPackaging } from "./check/packaging.ts";
import { promisedText, readSource } from "./check/source.ts";

/**
 * Reads a bundle's bytes again and proves what the manifest promises, without compiling:
 *
 *   every listed file is there with its digest, and no other
 *   the header's arena is the promised one, and the program has no other memory
 *   constants = sum of the arrays and parameter structs written in the sources
 *   each kernel is called as often as promised, and is there
 *   no allocation and no floating point in src/
 *   what CMake and Arduino read of it fits the files that are there
 */
export async function check(bundle: Bundle): Promise<readonly Diagnostic[]> {
  const files = new Map(bundle.files.map((file) => [file.path, file]));
  const changed = checkFiles(bundle);
  if (changed.length > 0) return changed;
  const prefix = bundle.manifest.promises["prefix"];
  if (typeof prefix !== "string" || !/^[a-z_][a-z0-9_]*$/.test(prefix)) return [broken("BUNDLE_PROMISE", "manifest.json", "The manifest names no prefix that is a C identifier")];
  const sources = bundle.files.filter(({ path }) => path.startsWith("src/"));
  return [...checkMemory(bundle, files, prefix), ...checkConstants(bundle, files, prefix), ...checkCalls(bundle, files, prefix), ...sources.flatMap(checkForbidden), ...checkPackaging(bundle, prefix)];
}

function checkMemory(bundle: Bundle, files: ReadonlyMap<string, BundleFile>, prefix: string): readonly Diagnostic[] {
  const header = `include/${prefix}.h`;
  const stated = Number(promisedText(files.get(header), new RegExp(`^#define ${prefix.toUpperCase()}_ARENA_BYTES ([0-9]+)$`, "m")));
  const found = compare({ bundle, promise: "arenaBytes", found: stated, path: header });
  // The network's file declares the arena; anything else static and not const would be memory outside of the promise.
  const others = [...files.values()].filter(({ path }) => path.startsWith("src/")).flatMap((file) =>
    [...readSource(file).matchAll(/^(?:static\s+)?(?!const\b|static\b|typedef\b|extern\b)[a-z][a-z0-9_]*\s+\*?[a-z0-9_]+(?:\[[^\]]*\])?\s*(?:=[^;]*)?;/gm)]
      .filter(([text]) => !text.startsWith("return"))
      .map(([text]) => ({ ...broken("BUNDLE_STATIC_MEMORY", file.path, "Memory outside of the arena"), found: text })));
  return [...found, ...others];
}

function checkConstants(bundle: Bundle, files: ReadonlyMap<string, BundleFile>, prefix: string): readonly Diagnostic[] {
  const path = `src/${prefix}_weights.c`;
  const text = readSource(files.get(path));
  const elements = { int8_t: 1, int32_t: 4 } as const;
  let bytes = 0;
  for (const [, type, name, count, body] of text.matchAll(/^static const (int8_t|int32_t) (\w+)\[(\d+)\] = \{([^}]*)\};$/gm)) {
    const written = (body ?? "").replaceAll(/\/\*.*?\*\//g, "").split(",").filter((part) => part.trim() !== "").length;
    if (written !== Number(count)) return [{ ...broken("BUNDLE_CONSTANT_COUNT", path, `${name} does not hold what it declares`), found: `${written} values`, expected: `${count} values` }];
    bytes += Number(count) * elements[type === "int32_t" ? "int32_t" : "int8_t"];
  }
  for (const [, kernel] of text.matchAll(new RegExp(`^const ${prefix}_(\\w+)_t \\w+ = \\{$`, "gm"))) {
    const known = Object.values(kernels).find(({ name }) => name === kernel);
    bytes += known === undefined ? Number.NaN : structBytes(known);
  }
  return compare({ bundle, promise: "constantBytes", found: bytes, path });
}

function checkCalls(bundle: Bundle, files: ReadonlyMap<string, BundleFile>, prefix: string): readonly Diagnostic[] {
  const path = `src/${prefix}.c`;
  const text = readSource(files.get(path));
  const calls = [...text.matchAll(new RegExp(`^    ${prefix}_(\\w+)\\(&${prefix}_layer_\\d+, `, "gm"))].map((match) => match[1] ?? "");
  const total = compare({ bundle, promise: "layers", found: calls.length, path });
  const each = Object.keys(bundle.manifest.promises).filter((name) => name.startsWith("calls.")).flatMap((promise) =>
    compare({ bundle, promise, found: calls.filter((name) => `calls.${name}` === promise).length, path }));
  const missing = [...new Set(calls)].filter((name) => !files.has(`src/${prefix}_${name}.c`)).map((name) => broken("BUNDLE_KERNEL_MISSING", `src/${prefix}_${name}.c`, "A kernel that is called is missing"));
  return [...total, ...each, ...missing];
}

function checkForbidden(file: BundleFile): readonly Diagnostic[] {
  const word = /\b(malloc|calloc|realloc|free|float|double|alloca)\b/.exec(readSource(file).replaceAll(/\/\*[\s\S]*?\*\//g, ""))?.[1];
  return word === undefined ? [] : [{ ...broken("BUNDLE_FORBIDDEN_WORD", file.path, "Allocation or floating point in the network's sources"), found: word }];
}

function compare({ bundle, promise, found, path }: { readonly bundle: Bundle; readonly promise: string; readonly found: number; readonly path: string }): readonly Diagnostic[] {
  const expected = bundle.manifest.promises[promise];
  if (expected === found) return [];
  return [{ ...broken("BUNDLE_PROMISE", path, `The bundle does not keep its promise of ${promise}`), found: String(found), expected: String(expected) }];
}

function broken(code: string, path: string, summary: string): Diagnostic {
  return { code, severity: "error", summary, subject: { kind: "file", path }, fix: "Emit the bundle again." };
}
