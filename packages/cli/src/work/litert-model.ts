import type { ModelFile } from "@edgewise/adapter";
import { type Tensor, invariant } from "@edgewise/graph";
import { permuted } from "./permuted.ts";

/** A .tflite file open in LiteRT, which takes and gives tensors as the graph has them. */
export interface LitertMachine {
  predict(input: Tensor): Promise<Tensor>;
  close(): void;
}

/** The package that LiteRT is run with here; it is optional. */
export const LITERT_PACKAGE = "@litertjs/core@2.5.3";

/** Opens a file of one input and one output; its axes are said beside it. Rejects with `LitertError` where LiteRT refuses it. */
export async function openLitertFile({ bytes, inputAxes, outputAxes }: ModelFile): Promise<LitertMachine> {
  const { openLitert } = await import("@edgewise/measure");
  const model = await openLitert(bytes);
  return {
    async predict(tensor) {
      const [output] = await model.run([permuted(tensor, inputAxes)]);
      invariant(output !== undefined, "the model returns its output");
      return permuted(output, outputAxes === null ? null : inverse(outputAxes));
    },
    close: () => model.close(),
  };
}

function inverse(axes: readonly number[]): readonly number[] {
  return axes.map((_, axis) => axes.indexOf(axis));
}
