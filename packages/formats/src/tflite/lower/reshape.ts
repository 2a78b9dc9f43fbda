import { valueOf } from "@edgewise/graph";
import { type Site, quantIn, reshaped } from "./emission.ts";
import { alias, dimsOf, operandAt } from "./ports.ts";

/** Reshape, Flatten, Squeeze, Unsqueeze: RESHAPE, or nothing where the layout gives the dims already. Source: TFLite kernels/reshape.cc. */
export function lowerReshape(site: Site): void {
  const x = operandAt(site, 0);
  const id = site.node.outputs[0] ?? "";
  const form = site.emission.layout.stored.get(id);
  const shape = form?.shape ?? dimsOf(x.value);
  const quant = form ? quantIn(valueOf(site.emission.graph, id).quant, form) : null;
  alias(site, reshaped(site, x.tensor, { shape, name: id, quant }));
}
