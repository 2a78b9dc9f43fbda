import { armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { failingOnCore } from "../../testing/batch.ts";
import { convCases } from "./testing/conv-cases.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools.every(Boolean);

describe.skipIf(!ready)(`convolutions in assembly${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  test.each(["cortex-m4", "cortex-m33"] as const)("on %s are the interpreter's, bit for bit, whatever is left over of words, pixels and channels", async (core) => {
    expect(await failingOnCore(convCases, core)).toEqual([]);
  }, 120_000);
});
