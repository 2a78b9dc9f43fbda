import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { modelFile } from "./model-file.ts";
import { runtime } from "./runtime.ts";

/** Android: LiteRT on CPU, GPU and NPU. What writes and reads bundles is loaded when one is written or read. */
export const litertAdapter: Adapter = {
  runtime, assess, modelFile,
  emit: async (input) => (await import("./emit.ts")).emit(input),
  check: async (bundle) => (await import("./check.ts")).check(bundle),
};
