import type { Device } from "@edgewise/planner/schema";
import { gpu } from "./gpu.ts";
import { nnapi } from "./nnapi.ts";
import { npuOf } from "./npu.ts";
import type { DelegateRules } from "./rules.ts";
import { xnnpack } from "./xnnpack.ts";

/** The rules that decide where a backend's operators run; an NPU's are its vendor's. */
export function rulesOf(backend: string, { chip }: Pick<Device, "chip">): DelegateRules {
  switch (backend) {
    case "gpu": return gpu;
    case "nnapi": return nnapi;
    case "npu": return npuOf(chip);
    default: return xnnpack;
  }
}
