import type { Device } from "@edgewise/planner/schema";
import { rateOf } from "../benchmarks/benchmark.ts";
import { openVinoOnCoreUltraFloat, pyTorchOnCoreUltra } from "../benchmarks/ultralytics.ts";
import { GiB } from "../sizes.ts";
import { onnxruntimeLayerMs, read, region, runtimes } from "../sourced.ts";

const limits = "https://webassembly.github.io/spec/js-api/#limits";
const quotas = "https://developer.mozilla.org/en-US/docs/Web/API/Storage_API/Storage_quotas_and_eviction_criteria";
const slowdown = "https://doi.org/10.1145/3688843";

/** In browsers on 50 personal computers WebAssembly took 16.9 times as long as native code, on average. */
const moved = { factor: 1 / 16.9, basis: "assumed" } as const;
/** Single networks there: 2.1 to 36.4 times, for onnxruntime; around 16.9 that is a factor of 8 at most. */
const SPREAD = 8;
const rate = { ...rateOf([openVinoOnCoreUltraFloat, pyTorchOnCoreUltra], moved), ref: `${slowdown} ${pyTorchOnCoreUltra.ref}` };

/** WebAssembly with SIMD on a recent laptop; without integer dot products int8 is taken to be no faster than float. */
export const browserDesktop: Device = {
  id: "browser-desktop", name: "Browser on a laptop (WebAssembly)", class: "browser", chip: "any with 128-bit SIMD",
  units: [{
    id: "wasm", kind: "cpu", isa: "wasm-simd", cores: 1, clockHz: null,
    macsPerSecond: { float32: rate, int8: rate },
    bytesPerSecond: null, layerOverheadMs: onnxruntimeLayerMs(16.9), callOverheadMs: null, spread: read(SPREAD, slowdown, "assumed"),
  }],
  memory: [
    { ...region("ram", "wasm-memory", read(4 * GiB, limits)), reserveBytes: read(1 * GiB, limits, "assumed") },
    region("storage", "origin-storage", read(1 * GiB, quotas, "assumed")),
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ onnxruntime: "https://onnxruntime.ai/docs/get-started/with-javascript/web.html" }),
};
