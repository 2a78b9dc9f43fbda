import { isLitertInstalled } from "@edgewise/measure";
import { precisions } from "@edgewise/planner/schema";
import { describe, expect, it } from "vitest";
import { adapters } from "../adapters.ts";
import { unmeasuredHere } from "./machines.ts";

describe("what cannot be measured here", () => {
  it("is an arithmetic that only its device has, in every precision, with what is missing", async () => {
    expect(await unmeasuredHere(["phone-npu@2", "onnxruntime-cpu@1.30.0", "phone-npu@2"])).toEqual([{ numerics: "phone-npu@2", precisions, missing: "a machine that computes as phone-npu@2: only its device does" }]);
  });

  it("is nothing of what every installation brings along", async () => {
    expect(await unmeasuredHere(["edgewise-int8@1", "onnxruntime-cpu@1.30.0"])).toEqual([]);
  });

  it.skipIf(!isLitertInstalled())("is not LiteRT where it is installed", async () => {
    expect(await unmeasuredHere(["litert-cpu@2.3.0"])).toEqual([]);
  });

  it("is no backend of an adapter: each can be run, or names another arithmetic that stands in", async () => {
    const numerics = adapters.flatMap(({ runtime }) => runtime.backends.map((backend) => backend.standIn ?? backend.numerics));
    const gaps = await unmeasuredHere(numerics);
    expect(gaps.filter(({ precisions: all }) => all.includes("float32"))).toEqual([]);
  });
});
