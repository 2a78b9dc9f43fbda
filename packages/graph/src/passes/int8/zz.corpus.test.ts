import { readFileSync } from "node:fs";
import { test } from "vitest";
import { readOnnx } from "../../../../formats/src/onnx/index.ts";
import { bindDims, openDims } from "../../bind.ts";
import { canonicalize } from "../pipeline.ts";
import { readLanes } from "./read-lanes.ts";
import { laneClasses } from "./lane-classes.ts";
import { dropChannels } from "./drop-channels.ts";
import { reduceInt8, int8Passes } from "./reduce-int8.ts";
test("x", () => {
 for (const f of ["mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx", "mlperf-ic-resnet8/resnet_qdq.onnx"]) {
  const r = readOnnx(new Uint8Array(readFileSync("../shared/corpus/models/"+f)), { file: "a" });
  if (!r.ok) throw 1;
  const b = bindDims(r.value, Object.fromEntries(openDims(r.value).map((n) => [n, 1])));
  if (!b.ok) throw 1;
  const c = canonicalize(b.value);
  if (!c.ok) throw 1;
  const time = (n: string, f: () => unknown) => { let best = 1e9; for (let i = 0; i < 12; i++) { const t = performance.now(); f(); best = Math.min(best, performance.now() - t); } console.log(n, best.toFixed(2)); };
  time("reduce", () => reduceInt8(c.value));
  const small = reduceInt8(c.value);
  time("reduce again", () => reduceInt8(small));
  time("readLanes", () => readLanes(c.value));
  const facts = readLanes(c.value);
  time("classes", () => laneClasses(c.value, facts));
  time("drop", () => dropChannels.run(c.value));
  time("drop small", () => dropChannels.run(small));
  for (const p of int8Passes) time(p.name, () => p.run(c.value));
 }
});
