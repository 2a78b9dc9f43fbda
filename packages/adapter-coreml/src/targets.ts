import { type DeploymentTarget, type WriteCoremlOptions, type WrittenCoreml, writeCoreml } from "@edgewise/formats/coreml";
import type { Graph, Result } from "@edgewise/graph";
import type { CoremlPrecision } from "./runtime.ts";

export type { DeploymentTarget };

const order: readonly DeploymentTarget[] = ["iOS15", "iOS16", "iOS17", "iOS18"];

/**
 * Oldest system on which a precision can be said: compressed weights from iOS 16, rounded activations from iOS 17.
 * Source: apple.github.io/coremltools/docs-guides/source/opt-whats-new.html
 */
const leastTarget: Readonly<Record<CoremlPrecision, DeploymentTarget>> = { float32: "iOS15", float16: "iOS15", "int8-weights": "iOS16", "int4-palette": "iOS16", "int8-symmetric": "iOS17" };

export interface TargetedModel {
  readonly target: DeploymentTarget;
  readonly written: WrittenCoreml;
}

/** The model for the oldest system that can say the graph: the fewest phones are left out. Errors: those of the newest system. */
export function writeForOldest(graph: Graph, about: { readonly precision: CoremlPrecision; readonly options: WriteCoremlOptions }): Result<TargetedModel> {
  const least = order.indexOf(leastTarget[about.precision]);
  for (const target of order.slice(least, -1)) {
    const written = writeCoreml(graph, { ...about.options, target });
    if (written.ok) return { ...written, value: { target, written: written.value } };
    if (!written.errors.every(({ code }) => code === "COREML_TARGET")) return written;
  }
  const written = writeCoreml(graph, { ...about.options, target: "iOS18" });
  return written.ok ? { ...written, value: { target: "iOS18", written: written.value } } : written;
}
