import { resolve } from "node:path";
import { writeOnnx } from "@edgewise/formats/onnx";
import { valueOf } from "@edgewise/graph";
import { quantizeGraph } from "@edgewise/quantizer";
import type { Context } from "../context.ts";
import { writeFileAtomic } from "../disk/atomic.ts";
import { Trouble } from "../disk/trouble.ts";
import { bytes } from "../render/units.ts";
import { calibrateModel } from "../work/calibrate-model.ts";
import { openModel } from "../work/model-graph.ts";
import { taskContract } from "../work/labels.ts";
import { openWorkspace } from "../work/workspace.ts";

/** `plan quantize <model> <output>`: the calibration of the plan (data, contract, method) applied to one model. */
export async function quantize(context: Context, model = "", output = ""): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const { calibration } = workspace.spec.task;
  if (calibration === null) {
    throw new Trouble([{ code: "NO_CALIBRATION", severity: "error", subject: { kind: "file", path: workspace.planFile }, summary: "The plan names no calibration data", fix: "Add task.calibration.data: representative inputs, labels are not needed." }]);
  }
  const root = resolve(context.cwd);
  const opened = await openModel({ path: resolve(root, model), file: model, source: { path: model, family: null, variant: null, resolution: null, bind: {}, licence: null } });
  if (!opened.ok) throw new Trouble(opened.errors);
  const graph = opened.value;
  const found = await calibrateModel(workspace, graph, await taskContract(workspace));
  const quantized = quantizeGraph(graph, found.ranges, { means: found.means });
  if (!quantized.ok) throw new Trouble(quantized.errors);
  const written = writeOnnx(quantized.value);
  await writeFileAtomic(resolve(root, output), written.model);
  const int8 = [...quantized.value.values.values()].filter((value) => value.constant !== null && value.quant !== null).length;
  const report = { ok: true, output, bytes: written.model.length, opset: written.opset, samples: found.samples, method: found.method, quantizedConstants: int8, input: valueOf(quantized.value, graph.inputs[0] ?? "").dtype };
  context.terminal.out(context.json ? `${JSON.stringify(report)}\n` : `Wrote ${output}: ${bytes(report.bytes)}, opset ${report.opset}, ${int8} int8 constants, ranges by ${report.method} over ${report.samples} samples.\n`);
  return 0;
}
