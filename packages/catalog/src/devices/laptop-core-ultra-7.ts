import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { openVinoOnCoreUltraFloat, openVinoOnCoreUltraInt8, pyTorchOnCoreUltra } from "../benchmarks/ultralytics.ts";
import { GiB } from "../sizes.ts";
import { onnxruntimeLayerMs, onnxruntimePlatforms, read, region, runtimes } from "../sourced.ts";

const specification = "https://www.intel.com/content/www/us/en/products/sku/236847/intel-core-ultra-7-processor-155h-24m-cache-up-to-4-80-ghz/specifications.html";
const floatEngines = [openVinoOnCoreUltraFloat, pyTorchOnCoreUltra];

/** CPU only. Laptops with this chip come with 16 GB or more. */
export const laptopCoreUltra7: Device = {
  id: "laptop-core-ultra-7", name: "Laptop with Intel Core Ultra 7 155H", class: "laptop", chip: "Core Ultra 7 155H",
  units: [{
    id: "cpu", kind: "cpu", isa: "x86-64-avx2", cores: 16, clockHz: read(4.8e9, specification),
    macsPerSecond: { float32: rateOf(floatEngines), int8: rateOf([openVinoOnCoreUltraInt8]) },
    bytesPerSecond: null, layerOverheadMs: onnxruntimeLayerMs(1), callOverheadMs: null, spread: spreadOf([openVinoOnCoreUltraInt8]),
  }],
  memory: [
    { ...region("ram", "ram", read(16 * GiB, specification, "assumed")), reserveBytes: read(8 * GiB, specification, "assumed") },
    region("storage", "disk", read(64 * GiB, specification, "assumed")),
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ onnxruntime: onnxruntimePlatforms }),
};
