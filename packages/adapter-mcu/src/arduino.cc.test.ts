import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "@edgewise/adapter";
import { runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { emit } from "./emit.ts";
import { libraryName } from "./emit/arduino-files.ts";
import { SKETCH } from "./emit/example-files.ts";
import { readSource } from "./check/source.ts";
import { inFolder, writeBundle } from "./testing/bundle-folder.ts";
import { LABEL_OFFSET, labelledEmitInput, labels } from "./testing/labelled-case.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

const stub = join(import.meta.dirname, "testing/arduino-stub");
/** Compilers of C and of C++. */
type Compilers = readonly [cc: string, cxx: string];
const gnu: Compilers = ["gcc", "g++"];
const llvm: Compilers = ["clang", "clang++"];
const here = await Promise.all([...gnu, ...llvm].map((program) => runProcess(program, ["--version"]).then(({ code }) => code === 0, () => false)));
const present = here.every(Boolean);

/** The library, ready for the Arduino tools. */
interface Installed {
  readonly root: string;
  readonly library: string;
  readonly sources: readonly string[];
}

/** The folder becomes a library; the sketch goes elsewhere and becomes C++ behind an include of Arduino.h. */
async function install(root: string, bundle: Bundle): Promise<Installed> {
  const library = join(root, "libraries", libraryName("net"));
  await writeBundle(library, bundle.files);
  await cp(join(library, "examples", SKETCH), join(root, "sketch"), { recursive: true });
  await mkdir(join(root, "core"));
  await writeFile(join(root, "sketch", `${SKETCH}.cpp`), `#include <Arduino.h>\n#line 1 "${SKETCH}.ino"\n${readSource(fileOf(bundle, `examples/${SKETCH}/${SKETCH}.ino`))}`);
  return { root, library, sources: bundle.files.map(({ path }) => path).filter((path) => /^src\/.*\.[cS]$/.test(path)).map((path) => join(library, path)) };
}

/**
 * Builds the sketch as the Arduino tools do and returns what it prints: src/ is the only search path beside the core, every .c
 * and .S in it is compiled. Source: arduino.github.io/arduino-cli/latest/sketch-build-process
 */
function runSketch(bundle: Bundle, [cc, cxx]: Compilers): Promise<string> {
  return inFolder(async (folder) => {
    const { root, library, sources } = await install(folder, bundle);
    const flags = ["-Os", "-c", "-Wall", "-Wextra", "-Werror", `-I${join(library, "src")}`];
    const steps = [
      [cc, "-std=gnu11", ...flags, ...sources],
      [cxx, "-std=gnu++11", ...flags, `-I${stub}`, join(root, "sketch", `${SKETCH}.cpp`), join(stub, "core.cpp")],
      ["sh", "-c", `${cxx} -o firmware *.o`],
      ["./firmware"],
    ] as const;
    let said = "";
    for (const [program, ...args] of steps) {
      const { code, stdout, stderr } = await runProcess(program, args, { cwd: join(root, "core") });
      expect({ program, code, stderr }).toMatchObject({ code: 0 });
      said = Buffer.from(stdout).toString("utf8");
    }
    return said;
  });
}

function fileOf(bundle: Bundle, path: string): Bundle["files"][number] | undefined {
  return bundle.files.find((file) => file.path === path);
}

describe.skipIf(!present)(`the bundle as an Arduino library${present ? "" : " (needs gcc, g++ and clang)"}`, () => {
  test.each([gnu, llvm])("the sketch finds the golden vector's bytes, twice, with %s and %s", async (...compilers) => {
    const said = await runSketch(valueOrThrow(await emit(randomEmitInput(9))), compilers);
    expect(said.match(/PASS: 0 of \d+ output bytes differ from the golden vector\r\n/g)).toHaveLength(2);
    expect(said.match(/one run: \d+ us\r\n/g)).toHaveLength(2);
  }, 60_000);

  test("the sketch names the class and the scores of the golden output", async () => {
    const input = labelledEmitInput();
    const said = await runSketch(valueOrThrow(await emit(input)), gnu);
    const scores = [...new Float32Array(input.golden[0]!.output.slice().buffer)].slice(LABEL_OFFSET);
    expect(said).toContain(`PASS: 0 of 5 output bytes differ from the golden vector\r\nanswer: ${labels[scores.indexOf(Math.max(...scores))]}\r\n`);
    for (const [k, label] of labels.entries()) {
      const line = said.split("\r\n").find((each) => each.startsWith(`${label}: `)) ?? "";
      // Printed with decimals that tell one step of the output from the next.
      expect(Math.abs(Number(line.slice(label.length + 2)) - scores[k]!)).toBeLessThan(0.005);
    }
  }, 60_000);

  test("a byte that differs is told", async () => {
    const bundle = valueOrThrow(await emit(randomEmitInput(9)));
    const path = `examples/${SKETCH}/golden.h`;
    const text = readSource(fileOf(bundle, path));
    const wrong = text.replace(/(golden_output\[.*\] =\n {4}\{)(-?\d+)/, (_, head: string, first: string) => `${head}${first === "0" ? "1" : "0"}`);
    expect(wrong).not.toBe(text);
    const files = bundle.files.map((file) => (file.path === path ? { path, bytes: new TextEncoder().encode(wrong) } : file));
    expect(await runSketch({ ...bundle, files }, gnu)).toContain("FAIL: 1 of ");
  }, 60_000);

  test("without golden vectors the sketch runs the network and claims nothing", async () => {
    const said = await runSketch(valueOrThrow(await emit(randomEmitInput(9, { vectors: 0 }))), gnu);
    expect(said).toContain("RAN: there is no golden vector to compare with\r\n");
    expect(said).not.toContain("PASS");
  }, 60_000);
});
