import type { Device } from "@edgewise/planner/schema";
import { NPU_CALL_MS, liteRtOn8Gen3NpuFloat, liteRtOn8Gen3NpuInt8 } from "../benchmarks/ai-hub.ts";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { ncnnOn8Gen2Float, ncnnOn8Gen2Int8 } from "../benchmarks/ncnn.ts";
import { GiB } from "../sizes.ts";
import { litertOnAndroid, onnxruntimeLayerMs, onnxruntimePlatforms, read, region, runtimes, unratedUnit } from "../sourced.ts";

const specification = "https://www.gsmarena.com/samsung_galaxy_s24-12773.php";

/** Clock of the fastest core; four big ones carry the rate. */
const CLOCK_HZ = 3.39e9;
/** Rows of the previous chip of the family, by clock. */
const moved = { factor: CLOCK_HZ / ncnnOn8Gen2Float.clockHz, basis: "assumed" } as const;
const npuRate = rateOf([liteRtOn8Gen3NpuFloat]);

/** The Snapdragon model, as it is sold in America; elsewhere the same name is another chip. Float on the NPU is float16. */
export const galaxyS24: Device = {
  id: "galaxy-s24", name: "Samsung Galaxy S24 (Snapdragon)", class: "phone", chip: "Snapdragon 8 Gen 3",
  units: [
    {
      id: "cpu", kind: "cpu", isa: "armv9-a", cores: 8, clockHz: read(CLOCK_HZ, specification),
      macsPerSecond: { float32: rateOf([ncnnOn8Gen2Float], moved), int8: rateOf([ncnnOn8Gen2Int8], moved) },
      bytesPerSecond: null, layerOverheadMs: onnxruntimeLayerMs(1), callOverheadMs: null, spread: spreadOf([ncnnOn8Gen2Float], { factor: 1, basis: "assumed" }),
    },
    unratedUnit({ id: "gpu", kind: "gpu", isa: "adreno-750", cores: 1 }, specification),
    {
      id: "npu", kind: "npu", isa: "hexagon-v75", cores: 1, clockHz: null,
      macsPerSecond: { float16: npuRate, float32: npuRate, int8: rateOf([liteRtOn8Gen3NpuInt8]) },
      bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: read(NPU_CALL_MS, liteRtOn8Gen3NpuInt8.ref, "assumed"), spread: spreadOf([liteRtOn8Gen3NpuFloat]),
    },
  ],
  memory: [
    { ...region("ram", "ram", read(8 * GiB, specification)), reserveBytes: read(4 * GiB, specification, "assumed") },
    { ...region("storage", "storage", read(128 * GiB, specification)), reserveBytes: read(64 * GiB, specification, "assumed") },
  ],
  activeWatts: null, usdPerHour: null, reportedAs: read(["SM-S921U", "SM-S921U1", "SM-S921W"], specification),
  runtimes: runtimes({ litert: litertOnAndroid, onnxruntime: onnxruntimePlatforms }),
};
