import type { Adapter } from "@edgewise/adapter";
import { coremlAdapter } from "@edgewise/adapter-coreml";
import { litertAdapter } from "@edgewise/adapter-litert";
import { mcuAdapter } from "@edgewise/adapter-mcu";
import { onnxAdapter } from "@edgewise/adapter-onnx";

/** Every target family the planner can choose. Order has no meaning. */
export const adapters: readonly Adapter[] = [coremlAdapter, litertAdapter, mcuAdapter, onnxAdapter];
