import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Tensor, type ValueId, interpret, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import { readTflite, tfliteValueIds } from "./read.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "models");
const golden = join(corpus, "../../mcu/golden");
const present = existsSync(corpus) && existsSync(golden);

/** The four int8 models of MLPerf Tiny, and the names under which TensorFlow Lite Micro's bytes for them stand. */
const cases: readonly { readonly model: string; readonly golden: string; readonly layers: number }[] = [
  { model: "mlperf-ad-autoencoder/ad01_int8.tflite", golden: "ad01_int8", layers: 10 },
  { model: "mlperf-kws-dscnn/kws_ref_model_int8.tflite", golden: "kws_ref_model", layers: 13 },
  { model: "mlperf-ic-resnet8/pretrainedResnet_int8.tflite", golden: "pretrainedResnet_quant", layers: 16 },
  { model: "mlperf-vww-mobilenetv1/vww_96_int8.tflite", golden: "vww_96_int8", layers: 31 },
];

interface Model {
  readonly graph: Graph;
  readonly canonical: Graph;
  readonly ids: readonly ValueId[];
}

function load(file: string): Model {
  const bytes = readFileSync(join(corpus, file));
  const read = readTflite(bytes, { file });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const canonical = canonicalize(read.value);
  if (!canonical.ok) throw new Error(JSON.stringify(canonical.errors));
  return { graph: read.value, canonical: canonical.value, ids: tfliteValueIds(bytes) };
}

function int8File(name: string): Int8Array {
  const bytes = readFileSync(join(golden, name));
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function run(graph: Graph, input: Int8Array, fetch: readonly ValueId[]): ReadonlyMap<ValueId, Tensor> {
  const [id = ""] = graph.inputs;
  const shape = (valueOf(graph, id).shape ?? []).map(Number);
  return interpret(graph, new Map([[id, { dtype: "int8", shape, data: input }]]), { fetch });
}

/** Stored numbers in the order of the file, [N, H, W, C], of a value that may be held as [N, C, H, W]. */
function inFileOrder({ shape, data }: Tensor, images: boolean): readonly number[] {
  if (!images) return Array.from(data, Number);
  const [, channels = 1, height = 1, width = 1] = shape;
  return Array.from({ length: data.length }, (_, i) => Number(data[(i % channels) * height * width + Math.floor(i / channels)]));
}

/** Where a tensor is after canonicalization: under its id, or as the picture that its transpose was made from. */
function survivor(graph: Graph, id: ValueId): { readonly id: ValueId; readonly images: boolean } | null {
  if (graph.values.has(id)) return { id, images: false };
  const images = [`${id}.nchw`, `${id}.untransposed`].find((name) => graph.values.has(name));
  return images === undefined ? null : { id: images, images: true };
}

interface Layer {
  readonly tensor: number;
  readonly bytes: Int8Array;
}

function layersOf(name: string): readonly Layer[] {
  return readdirSync(join(golden, "layers", name)).sort().map((file) => ({ tensor: Number(/_t(\d+)\.bin$/.exec(file)?.[1]), bytes: int8File(join("layers", name, file)) }));
}

describe.skipIf(!present)("golden bytes of TensorFlow Lite Micro (in ../shared: set EDGEWISE_CORPUS)", () => {
  it.each(cases)("$model: the interpreter gives the same bytes for eight inputs, as read and canonical", ({ model, golden: name }) => {
    const { graph, canonical } = load(model);
    for (let k = 0; k < 8; k++) {
      const [input, wanted] = [int8File(`${name}_in${k}.bin`), Array.from(int8File(`${name}_out${k}.bin`))];
      for (const form of [graph, canonical]) expect(Array.from(run(form, input, form.outputs).get(form.outputs[0] ?? "")?.data ?? [], Number)).toEqual(wanted);
    }
  });

  it.each(cases)("$model: every layer is the same, as read", ({ model, golden: name, layers: count }) => {
    const { graph, ids } = load(model);
    const layers = layersOf(name);
    expect(layers.length).toBe(count);
    const found = run(graph, int8File(`${name}_in0.bin`), layers.map(({ tensor }) => ids[tensor] ?? ""));
    for (const { tensor, bytes } of layers) expect(Array.from(found.get(ids[tensor] ?? "")?.data ?? [], Number)).toEqual(Array.from(bytes));
  });

  it.each(cases)("$model: every layer is the same, canonical", ({ model, golden: name }) => {
    const { canonical, ids } = load(model);
    const layers = layersOf(name).flatMap((layer) => {
      const value = survivor(canonical, ids[layer.tensor] ?? "");
      return value ? [{ ...layer, ...value }] : [];
    });
    // A reshape in front of the last layers goes into another one, or away.
    expect(layers.length).toBeGreaterThanOrEqual(layersOf(name).length - 1);
    const found = run(canonical, int8File(`${name}_in0.bin`), layers.map(({ id }) => id));
    for (const { id, images, bytes } of layers) {
      const tensor = found.get(id);
      expect(tensor && inFileOrder(tensor, images)).toEqual(Array.from(bytes));
    }
  });
});
