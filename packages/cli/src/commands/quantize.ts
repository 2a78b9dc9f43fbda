import { resolve } from "node:path";
import { writeOnnx } from "@edgewise/formats/onnx";
import { type Tensor, valueOf } from "@edgewise/graph";
import { calibrate, quantizeGraph } from "@edgewise/quantizer";
import type { Context } from "../context.ts";
import { writeFileAtomic } from "../disk/atomic.ts";
import { Trouble } from "../disk/trouble.ts";
import { bytes } from "../render/units.ts";
import { openModel } from "../work/model-graph.ts";
import { inputOf, openData } from "../work/samples.ts";
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
  const contract = await taskContract(workspace);
  const data = await openData(workspace, "calibration", contract);
  const feeds = async function* (): AsyncGenerator<ReadonlyMap<string, Tensor>> {
    for (const sample of data.samples.slice(0, calibration.samples)) yield new Map([[graph.inputs[0] ?? "", await inputOf(data, sample, { graph, contract })]]);
  };
  const { ortRunner } = await import("@edgewise/measure");
  const runner = ortRunner();
  const found = await calibrate({ graph, samples: feeds(), runner, method: calibration.method });
  await runner.close();
  if (!found.ok) throw new Trouble(found.errors);
  const quantized = quantizeGraph(graph, found.value.ranges, { means: found.value.means });
  if (!quantized.ok) throw new Trouble(quantized.errors);
  const written = writeOnnx(quantized.value);
  await writeFileAtomic(resolve(root, output), written.model);
  const int8 = [...quantized.value.values.values()].filter((value) => value.constant !== null && value.quant !== null).length;
  const report = { ok: true, output, bytes: written.model.length, opset: written.opset, samples: found.value.samples, method: found.value.method, quantizedConstants: int8, input: valueOf(quantized.value, graph.inputs[0] ?? "").dtype };
  context.terminal.out(context.json ? `${JSON.stringify(report)}\n` : `Wrote ${output}: ${bytes(report.bytes)}, opset ${report.opset}, ${int8} int8 constants, ranges by ${report.method} over ${report.samples} samples.\n`);
  return 0;
}
