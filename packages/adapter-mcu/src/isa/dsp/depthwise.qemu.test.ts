import { armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { failingOnCore } from "../../testing/batch.ts";
import { depthwiseCases } from "./testing/depthwise-cases.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools.every(Boolean);

describe.skipIf(!ready)(`depthwise convolutions in assembly${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  test.each(["cortex-m4", "cortex-m33"] as const)("on %s are the interpreter's, bit for bit, with either epilogue and stride", async (core) => {
    expect(await failingOnCore(depthwiseCases, core)).toEqual([]);
  }, 120_000);
});
