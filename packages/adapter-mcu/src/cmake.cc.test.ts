import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { emit } from "./emit.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

const present = await runProcess("cmake", ["--version"]).then(({ code }) => code === 0, () => false);

describe.skipIf(!present)(`the bundle's build file${present ? "" : " (needs cmake)"}`, () => {
  test.each([2, 0])("configures, builds and passes its own test of %d vectors, as the guide says", async (vectors) => {
    const bundle = valueOrThrow(await emit(randomEmitInput(9, { vectors })));
    const cwd = await mkdtemp(join(tmpdir(), "edgewise-cmake-"));
    try {
      for (const { path, bytes } of bundle.files) {
        await mkdir(dirname(join(cwd, path)), { recursive: true });
        await writeFile(join(cwd, path), bytes);
      }
      for (const [program, ...args] of [["cmake", "-B", "build"], ["cmake", "--build", "build"], ["ctest", "--test-dir", "build"]] as const) {
        const outcome = await runProcess(program, args, { cwd });
        expect({ program, code: outcome.code, stderr: outcome.stderr }).toMatchObject({ code: 0 });
      }
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  }, 60_000);
});
