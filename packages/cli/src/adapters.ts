import type { Adapter } from "@edgewise/adapter";
import { mcuAdapter } from "@edgewise/adapter-mcu";
import { onnxAdapter } from "@edgewise/adapter-onnx";

/** Every target family the planner can choose. Order has no meaning. */
export const adapters: readonly Adapter[] = [mcuAdapter, onnxAdapter];
