import type { Adapter } from "@edgewise/adapter";
import { assess } from "./assess.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";
import { modelFile } from "./model-file.ts";
import { runtime } from "./runtime.ts";

/** Android: LiteRT on CPU, GPU and NPU. */
export const litertAdapter: Adapter = { runtime, assess, emit, check, modelFile };
