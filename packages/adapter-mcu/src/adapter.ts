import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";
import { runtime } from "./runtime.ts";

/** Microcontrollers: int8 C99 with one static arena. */
export const mcuAdapter: Adapter = { runtime, assess, emit, check };
