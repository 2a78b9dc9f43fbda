import { type Graph, type Tensor, invariant } from "@edgewise/graph";
import type { TaskContract } from "@edgewise/planner/schema";
import { type Calibration, calibrate } from "@edgewise/quantizer";
import { Trouble } from "../disk/trouble.ts";
import { inputOf, openData } from "./samples.ts";
import type { Workspace } from "./workspace.ts";

/** Ranges and channel means on onnxruntime, one sample after another in the data's order, as the plan states them. */
export async function calibrateModel(workspace: Workspace, graph: Graph, contract: TaskContract): Promise<Calibration> {
  const { calibration } = workspace.spec.task;
  invariant(calibration !== null, "calibration data is stated");
  const { ortRunner } = await import("@edgewise/measure");
  const data = await openData(workspace, "calibration", contract);
  const runner = ortRunner();
  const feeds = async function* (): AsyncGenerator<ReadonlyMap<string, Tensor>> {
    for (const sample of data.samples.slice(0, calibration.samples)) yield new Map([[graph.inputs[0] ?? "", await inputOf(data, sample, { graph, contract })]]);
  };
  try {
    const found = await calibrate({ graph, samples: feeds(), runner, method: calibration.method });
    if (!found.ok) throw new Trouble(found.errors);
    return found.value;
  } finally {
    await runner.close();
  }
}
