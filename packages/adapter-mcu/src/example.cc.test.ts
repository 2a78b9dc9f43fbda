import { buildHost, runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { emit } from "./emit.ts";
import { labelledEmitInput, labels } from "./testing/labelled-case.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

const present = await runProcess("clang", ["--version"]).then(({ code }) => code === 0, () => false);

/** The library and the example main, under the warnings and sanitizers that the library bears. */
async function runExample(input: Parameters<typeof emit>[0], compiler: "gcc" | "clang"): Promise<readonly string[]> {
  const { files } = valueOrThrow(await emit(input));
  const sources = files.filter(({ path }) => !path.startsWith("selftest/")).map((file) => (file.path === "examples/main.c" ? { ...file, path: "main.c" } : file));
  const program = await buildHost({ files: sources, compiler, flags: ["-O1", ...sanitizerFlags], include: ["include", "src", "examples"] });
  const { code, stdout } = await program.run();
  await program.remove();
  expect(code).toBe(0);
  return Buffer.from(stdout).toString("utf8").trimEnd().split("\n");
}

describe.skipIf(!present)(`the example main${present ? "" : " (needs gcc and clang)"}`, () => {
  test.each(["gcc", "clang"] as const)("names the class and every score, without a warning of %s", async (compiler) => {
    const [verdict, answer, ...scores] = await runExample(labelledEmitInput(), compiler);
    expect(verdict).toBe("PASS: 0 of 5 output bytes differ from the golden vector");
    expect(scores.map((line) => line.slice(0, line.lastIndexOf(":")))).toEqual(labels);
    const values = scores.map((line) => Number(line.slice(line.lastIndexOf(":") + 1)));
    expect(answer).toBe(`answer: ${labels[values.indexOf(Math.max(...values))]}`);
  }, 60_000);

  test("runs where there is no golden vector", async () => {
    const [verdict, ...rows] = await runExample(randomEmitInput(9, { vectors: 0 }), "gcc");
    expect(verdict).toBe("RAN: there is no golden vector to compare with");
    expect(rows.length).toBeGreaterThan(0);
  }, 60_000);
});
