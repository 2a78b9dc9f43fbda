import { armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { failingOnCore } from "../../testing/batch.ts";
import { layerCases } from "./testing/layer-cases.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools[0] !== null && tools[1];

describe.skipIf(!ready)(`layers in ARMv6-M assembly${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  test.each(["cortex-m0plus", "cortex-m3", "cortex-m33"] as const)("on %s are the interpreter's, bit for bit, in every shape and ending", async (core) => {
    expect(await failingOnCore(layerCases, core)).toEqual([]);
  }, 120_000);
});
