import { dtypes, valueOf } from "@edgewise/graph";
import type { Source, UnitRules } from "./rules.ts";

const typed: Source = { url: "https://apple.github.io/coremltools/docs-guides/source/typed-execution.html", read: "2026-11-23" };
const melPlan: Source = { url: "https://huggingface.co/mickekringai/kb-whisper-coreml/blob/main/large/MelSpectrogram.mlcomputeplan.json", read: "2026-11-23" };

/** What is publicly known of the GPU under Core ML. */
export const gpu: UnitRules = [
  {
    ops: "all", verdict: "leaves", rule: "the layer computes with integers that are indices or sizes", source: melPlan,
    when: ({ graph, node }) => node.op !== "Quantize" && node.op !== "Dequantize" && node.outputs.every((id) => {
      const { dtype, quant } = valueOf(graph, id);
      return dtypes[dtype].kind !== "float" && quant === null;
    }),
  },
  { ops: "all", verdict: "runs", rule: "programs typed float32 or float16 are eligible for the GPU", source: typed },
];
