import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { runtime } from "./runtime.ts";

/** iPhone, iPad and Mac: an ML program in a Swift package. What writes and reads bundles is loaded when one is written or read. */
export const coremlAdapter: Adapter = {
  runtime, assess,
  emit: async (input) => (await import("./emit.ts")).emit(input),
  check: async (bundle) => (await import("./check.ts")).check(bundle),
};
