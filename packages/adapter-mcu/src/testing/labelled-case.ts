import type { EmitInput } from "@edgewise/adapter";
import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import type { KernelSet } from "../isa/specialize.ts";
import { emitInput, goldenVectors, valueOrThrow } from "./quantized-case.ts";

export const labels: readonly string[] = ['cat "Tom"', "Hündin", "bird", "100 %"];

/** Outputs in front of the first label. */
export const LABEL_OFFSET = 1;

const text = `graph picture
in x: float32[1, 3, 4, 5]
v: float32[8, 3, 3, 3] = const seed 2
w: float32[5, 8, 4, 5] = const seed 1
b = Conv(x, v) kernel_shape=[3, 3] pads=[1, 1, 1, 1]
c = Conv(b, w) kernel_shape=[4, 5]
y = Flatten(c)
out y
`;

/** A small classifier with float borders, as the quantizer makes it; its golden outputs are float32. */
export function labelledEmitInput({ backend = "portable", isa = "armv7e-m" }: { readonly backend?: KernelSet; readonly isa?: string } = {}): EmitInput {
  const graph = valueOrThrow(canonicalize(parseGraph(text)));
  const quantized = valueOrThrow(quantizeGraph(graph, { ...structuralRanges(graph), x: [-4, 4] as const }));
  return emitInput({
    graph, quantized, golden: goldenVectors(quantized, 1, 2), backend, isa,
    contract: { input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "labels", labels, labelOffset: LABEL_OFFSET, softmax: false, topK: 1 } },
  });
}
