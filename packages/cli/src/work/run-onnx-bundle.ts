import { toleranceOf } from "@edgewise/adapter-onnx";
import { type BundleRun, type RunJob, besideReference, fileOf, here } from "./run-bundle.ts";

/** Runs model.onnx on onnxruntime here. */
export async function runOnnxBundle({ bundle, graph, vectors }: RunJob): Promise<readonly BundleRun[]> {
  const { openModel } = await import("@edgewise/measure");
  const session = await openModel(fileOf(bundle, "model.onnx"), "all");
  const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
  try {
    const findings = await besideReference(await vectors(), {
      run: async (tensor) => (await session.run(new Map([[input, tensor]]))).get(output), tolerance: toleranceOf(graph, bundle.manifest.candidate.precision), timed: true,
    });
    return [{ where: `onnxruntime-node on ${here}`, findings }];
  } finally {
    await session.close();
  }
}
