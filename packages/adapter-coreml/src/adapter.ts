import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";
import { runtime } from "./runtime.ts";

/** iPhone, iPad and Mac: an ML program in a Swift package. */
export const coremlAdapter: Adapter = { runtime, assess, check, emit };
