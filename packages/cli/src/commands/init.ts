import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { valueOf } from "@edgewise/graph";
import { type Device, suggest } from "@edgewise/planner/schema";
import type { Context } from "../context.ts";
import { writeFileAtomic } from "../disk/atomic.ts";
import { Trouble } from "../disk/trouble.ts";
import { openModel } from "../work/model-graph.ts";
import { modelExtensions } from "../work/read-model.ts";
import { allDevices } from "../work/workspace.ts";

const DEFAULT_DEVICE = "raspberry-pi-5";

/** `plan init [model]`: a commented plan.yaml that `plan make` accepts. Never overwrites one. */
export async function init(context: Context, named?: string): Promise<number> {
  const root = resolve(context.cwd);
  const target = join(root, context.file);
  if (await stat(target).then(() => true, () => false)) {
    throw new Trouble([{ code: "FILE_EXISTS", severity: "error", subject: { kind: "file", path: context.file }, summary: "There is a plan already", fix: "Edit it, or move it away first." }]);
  }
  const file = named ?? await onlyModel(root);
  const opened = await openModel({ path: resolve(root, file), file, source: { path: file, family: null, variant: null, resolution: null, bind: {}, licence: null } });
  if (!opened.ok) throw new Trouble(opened.errors);
  const graph = opened.value;
  const input = valueOf(graph, graph.inputs[0] ?? "");
  const output = valueOf(graph, graph.outputs[0] ?? "");
  const device = await chooseDevice(context, await allDevices(root, context.sources));
  const lastOp = graph.nodes.findLast(({ outputs }) => outputs.includes(output.id))?.op;
  const text = planText({
    file, device,
    ...imageOf(input.shape ?? []),
    inputShape: (input.shape ?? []).join("x"),
    classes: (output.shape ?? []).join("x"),
    softmax: lastOp !== "Softmax",
  });
  await writeFileAtomic(target, text);
  if (context.json) context.terminal.out(`${JSON.stringify({ ok: true, file: context.file })}\n`);
  else context.terminal.out(`${text}\nWrote ${context.file}. Next: put labelled samples into data/eval/<label>/ and unlabelled ones into data/calib/, correct the input lines, then run plan make.\n`);
  return 0;
}

async function onlyModel(root: string): Promise<string> {
  const files = (await readdir(root)).filter((name) => modelExtensions.some((extension) => name.endsWith(extension))).sort();
  if (files.length === 1 && files[0] !== undefined) return files[0];
  throw new Trouble([{ code: "WHICH_MODEL", severity: "error", subject: { kind: "argument", name: "model" }, summary: files.length === 0 ? "There is no .onnx or .tflite file here" : "There are several models here", found: files.join(", ") || "none", fix: "Name one: plan init path/to/model.onnx." }]);
}

async function chooseDevice(context: Context, devices: readonly Device[]): Promise<string> {
  const ids = devices.map(({ id }) => id);
  const flag = context.flags["device"];
  let answer = typeof flag === "string" ? flag : DEFAULT_DEVICE;
  if (flag === undefined && context.flags["yes"] !== true && context.terminal.interactive && process.stdin.isTTY) {
    const ask = createInterface({ input: process.stdin, output: process.stderr });
    answer = (await ask.question(`Device (${ids.join(", ")}) [${DEFAULT_DEVICE}]: `)).trim() || DEFAULT_DEVICE;
    ask.close();
  }
  if (ids.includes(answer)) return answer;
  const near = suggest(answer, ids);
  throw new Trouble([{ code: "UNKNOWN_DEVICE", severity: "error", subject: { kind: "argument", name: "device" }, summary: `Unknown device ${answer}`, found: answer, expected: ids.join(", "), fix: near === null ? "Use a known id, or describe it in devices/<id>.yaml." : `Did you mean ${near}?` }]);
}

/** Four dims with 1 or 3 channels first or last are a picture. */
function imageOf(shape: readonly (number | string)[]): Pick<Facts, "image" | "gray" | "layout"> {
  const channels = (dim: number | string | undefined): boolean => dim === 1 || dim === 3;
  const last = shape.length === 4 && !channels(shape[1]) && channels(shape[3]);
  return { image: shape.length === 4 && (last || channels(shape[1])), gray: shape[last ? 3 : 1] === 1, layout: last ? "nhwc" : "nchw" };
}

interface Facts {
  readonly file: string;
  readonly device: string;
  readonly image: boolean;
  readonly gray: boolean;
  readonly layout: "nchw" | "nhwc";
  readonly inputShape: string;
  readonly classes: string;
  readonly softmax: boolean;
}

function planText(facts: Facts): string {
  const input = facts.image
    ? `  # The model reads ${facts.inputShape}. How a picture becomes that must be what training did: real = pixel * scale + offset.
  input: { color: ${facts.gray ? "gray" : "rgb"}, filter: bilinear, fit: stretch, scale: 1/255, offset: 0, layout: ${facts.layout} }
  # The model answers ${facts.classes}. Left out, the labels are the folder names of the evaluation data, sorted.
  output: { softmax: ${facts.softmax}, topK: 1 }`
    : `  # The model reads ${facts.inputShape}: rows of a .npy, .npz or CSV enter as they are.
  input: { scale: 1, offset: 0 }`;
  return `# Ends, not means: plan make finds the smallest deployment that meets them. Editors: plan schema > plan.schema.json
version: 1
task:
  kind: ${facts.image ? "image-classification" : "tensor"}
${input}
  evaluation: { data: data/eval, metric: ${facts.image ? "top1" : "mse"} }   # your own labelled inputs: data/eval/<label>/*.png
  calibration: { data: data/calib, samples: 200 }   # representative inputs; labels are not needed
models: [ ${JSON.stringify(facts.file)} ]
budgets: ${facts.image ? '{ accuracy: ">= 90 %" }' : "{}"}   # hold for every target unless it overrides them; none waives one
targets:
  first: { device: ${facts.device}, budgets: { latency: "<= 100 ms" } }   # plan devices lists the others
`;
}
