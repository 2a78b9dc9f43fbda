import { armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { failingOnCore } from "../../testing/batch.ts";
import { denseCases } from "./testing/dense-cases.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools.every(Boolean);

describe.skipIf(!ready)(`a dense row in assembly${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  test.each(["cortex-m4", "cortex-m33"] as const)("on %s is the interpreter's, bit for bit, in every shape and ending", async (core) => {
    expect(await failingOnCore(denseCases, core)).toEqual([]);
  }, 120_000);
});
