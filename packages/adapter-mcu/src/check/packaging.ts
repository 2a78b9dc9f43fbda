import type { Bundle, BundleFile } from "@edgewise/adapter";
import type { Diagnostic } from "@edgewise/graph";
import { readProperties, wrongFields } from "./library-properties.ts";
import { readSource } from "./source.ts";

/**
 * What build systems read of a bundle, against the files that are there:
 *
 *   library.properties  keeps the rules of Arduino's format, and the header it names is in src/, where Arduino looks
 *   src/<prefix>.h      leads to the public header
 *   CMakeLists.txt      compiles every source in src/ and no other
 *   examples            a sketch has the name of its folder, and every local header that an example includes is there
 */
export function checkPackaging(bundle: Bundle, prefix: string): readonly Diagnostic[] {
  const files = new Map(bundle.files.map((file) => [file.path, file]));
  return [...checkLibrary(files), ...checkForward(files, prefix), ...checkCMake(files), ...checkExamples(files)];
}

type Files = ReadonlyMap<string, BundleFile>;

function checkLibrary(files: Files): readonly Diagnostic[] {
  const path = "library.properties";
  const text = readSource(files.get(path));
  const wrong = wrongFields(text);
  if (wrong.length > 0) return [{ ...broken("BUNDLE_LIBRARY_PROPERTIES", path, "The Arduino library's description breaks the format"), found: wrong.join(", "), expected: "each of these fields, as the format asks" }];
  const missing = (readProperties(text).get("includes") ?? "").split(",").filter((header) => !files.has(`src/${header}`));
  return missing.map((header) => ({ ...broken("BUNDLE_HEADER_UNREACHABLE", path, "A header of the Arduino library is not in src/"), found: header }));
}

function checkForward(files: Files, prefix: string): readonly Diagnostic[] {
  const path = `src/${prefix}.h`;
  return readSource(files.get(path)).includes(`#include "../include/${prefix}.h"`) ? [] : [broken("BUNDLE_HEADER_UNREACHABLE", path, "The public header cannot be found from src/")];
}

function checkCMake(files: Files): readonly Diagnostic[] {
  const path = "CMakeLists.txt";
  const library = /^add_library\(\w+ STATIC\n([^)]*)\)/m.exec(readSource(files.get(path)))?.[1] ?? "";
  const listed = library.split("\n").map((line) => line.trim()).filter((line) => line !== "").sort();
  const there = [...files.keys()].filter((each) => /^src\/.*\.[cS]$/.test(each)).sort();
  if (listed.join() === there.join()) return [];
  return [{ ...broken("BUNDLE_BUILD_FILE", path, "The build file does not compile the sources that are there"), found: listed.join(", "), expected: there.join(", ") }];
}

function checkExamples(files: Files): readonly Diagnostic[] {
  const examples = [...files.values()].filter(({ path }) => path.startsWith("examples/"));
  const misnamed = examples.filter(({ path }) => path.endsWith(".ino") && !/^examples\/([^/]+)\/\1\.ino$/.test(path));
  const lost = examples.flatMap(({ path, ...file }) => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return [...readSource({ path, ...file }).matchAll(/^#include "([^"]+)"/gm)].map(([, header = ""]) => ({ path, header, at: [`${folder}${header}`, `include/${header}`] }));
  }).filter(({ at }) => !at.some((each) => files.has(each)));
  return [
    ...misnamed.map(({ path }) => broken("BUNDLE_EXAMPLE", path, "A sketch does not have the name of its folder")),
    ...lost.map(({ path, header }) => ({ ...broken("BUNDLE_EXAMPLE", path, "An example includes a header that is not there"), found: header })),
  ];
}

function broken(code: string, path: string, summary: string): Diagnostic {
  return { code, severity: "error", summary, subject: { kind: "file", path }, fix: "Emit the bundle again." };
}
