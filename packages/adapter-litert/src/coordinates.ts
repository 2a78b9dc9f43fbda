import type { Sourced } from "@edgewise/planner/schema";
import { LITERT_VERSION } from "./runtime.ts";

export interface Coordinates {
  /** Lowest Android API level that the artifacts declare. */
  readonly minSdk: number;
  readonly artifacts: readonly { readonly coordinate: string; readonly why: string }[];
}

/** What an app needs of Google's Maven repository. From 2.3.0 the GPU accelerator is an artifact of its own. */
export const coordinates: Sourced<Coordinates> = {
  value: {
    minSdk: 24,
    artifacts: [
      { coordinate: `com.google.ai.edge.litert:litert:${LITERT_VERSION}`, why: "CompiledModel, CPU" },
      { coordinate: `com.google.ai.edge.litert:litert-gpu:${LITERT_VERSION}`, why: "the GPU accelerator" },
    ],
  },
  basis: "published", ref: "https://skills.sh/android/skills/litert-runtime", date: "2026-11-23",
};
