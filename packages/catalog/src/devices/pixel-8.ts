import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { ncnnOn8Gen2Float, ncnnOn8Gen2Int8 } from "../benchmarks/ncnn.ts";
import { GiB } from "../sizes.ts";
import { litertOnAndroid, onnxruntimeLayerMs, onnxruntimePlatforms, read, region, runtimes, unratedUnit } from "../sourced.ts";

const specification = "https://store.google.com/product/pixel_8_specs";
const chip = "https://www.notebookcheck.net/Google-Tensor-G3-Processor-Benchmarks-and-Specs.760446.0.html";
/** Build.MODEL of every phone that Google Play serves. */
const playDevices = "https://storage.googleapis.com/play_public/supported_devices.html";

/** Clock of the fastest core; all cores together carry the rate. */
const CLOCK_HZ = 2.91e9;
/** No CPU benchmark of this phone was found: rows of the other phone chip with a Cortex-X3, by clock. */
const moved = { factor: CLOCK_HZ / ncnnOn8Gen2Float.clockHz, basis: "assumed" } as const;

export const pixel8: Device = {
  id: "pixel-8", name: "Google Pixel 8", class: "phone", chip: "Tensor G3",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: 9, clockHz: read(CLOCK_HZ, specification),
    macsPerSecond: { float32: rateOf([ncnnOn8Gen2Float], moved), int8: rateOf([ncnnOn8Gen2Int8], moved) },
    bytesPerSecond: null, layerOverheadMs: onnxruntimeLayerMs(1), callOverheadMs: null, spread: spreadOf([ncnnOn8Gen2Float], { factor: 1, basis: "assumed" }),
  },
  unratedUnit({ id: "gpu", kind: "gpu", isa: "mali-g715", cores: 7 }, chip),
  unratedUnit({ id: "npu", kind: "npu", isa: "google-tensor-tpu", cores: 1 }, chip)],
  memory: [
    { ...region("ram", "ram", read(8 * GiB, specification)), reserveBytes: read(4 * GiB, specification, "assumed") },
    { ...region("storage", "storage", read(128 * GiB, specification)), reserveBytes: read(64 * GiB, specification, "assumed") },
  ],
  activeWatts: null, usdPerHour: null, reportedAs: read(["Pixel 8"], playDevices),
  runtimes: runtimes({ litert: litertOnAndroid, onnxruntime: onnxruntimePlatforms }),
};
