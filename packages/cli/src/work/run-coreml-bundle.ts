import type { Bundle } from "@edgewise/adapter";
import { MODEL_FOLDER, isCoremlPrecision, toleranceOf } from "@edgewise/adapter-coreml";
import { type PackageFile, readCoreml } from "@edgewise/formats/coreml";
import { type Tensor, invariant, prepareInterpreter } from "@edgewise/graph";
import type { ImageInput, TaskContract } from "@edgewise/planner/schema";
import { Trouble } from "../disk/trouble.ts";
import { permuted } from "./permuted.ts";
import { type BundleRun, type RunJob, besideReference } from "./run-bundle.ts";

/** Reads the ML program back from the bundle's bytes and runs it in the reference interpreter: Core ML itself needs a Mac. */
export async function runCoremlBundle({ bundle, graph, vectors }: RunJob): Promise<readonly BundleRun[]> {
  const { candidate: { precision, backend, target }, contract } = bundle.manifest;
  invariant(isCoremlPrecision(precision), `a precision of Core ML: ${precision}`);
  const read = readCoreml(packageOf(bundle), { file: `bundles/${target}/${MODEL_FOLDER}` });
  if (!read.ok) throw new Trouble(read.errors);
  const program = read.value.graph;
  const run = prepareInterpreter(program);
  // A classifier's probabilities come first; the model's own answer is the last output either way.
  const [input = "", output = ""] = [program.inputs[0], program.outputs.at(-1)];
  const findings = await besideReference(await vectors(), {
    run: async (tensor) => run(new Map([[input, fed(tensor, contract)]])).get(output), tolerance: toleranceOf(graph, { precision, backend }), timed: false,
  });
  return [{ where: "the reference interpreter, on the ML program read back", findings }];
}

function packageOf({ files }: Bundle): readonly PackageFile[] {
  const folder = `${MODEL_FOLDER}/`;
  return files.flatMap(({ path, bytes }) => path.includes(folder) ? [{ path: path.slice(path.indexOf(folder) + folder.length), bytes }] : []);
}

/** What the program takes: a picture's 8-bit pixels, channels first; other inputs as they are. */
function fed(tensor: Tensor, { input }: TaskContract): Tensor {
  if (input.kind !== "image") return tensor;
  return pixelsOf(input.layout === "nchw" ? tensor : permuted(tensor, [0, 3, 1, 2]), input);
}

/** pixel = (real − offset) / scale, back to the whole number that it was. tensor [1, C, H, W] */
function pixelsOf({ shape, data }: Tensor, { scale, offset }: ImageInput): Tensor {
  const plane = (shape[2] ?? 1) * (shape[3] ?? 1);
  const at = (numbers: readonly number[], channel: number): number => numbers[numbers.length === 1 ? 0 : channel] ?? 0;
  const pixels = Array.from(data, Number).map((value, i) => {
    const channel = Math.floor(i / plane);
    return Math.round((value - at(offset, channel)) / at(scale, channel));
  });
  return { dtype: "float32", shape, data: Float32Array.from(pixels) };
}
