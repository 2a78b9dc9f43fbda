import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { check } from "./check.ts";
import { runtime } from "./runtime.ts";

/** Everything that runs ONNX Runtime. The code generator is loaded when something is emitted. */
export const onnxAdapter: Adapter = { runtime, assess, check, emit: async (input) => (await import("./emit.ts")).emit(input) };
