import { readFile } from "node:fs/promises";
import { type Graph, type Result, bindDims, fail, ok, openDims, rebindInput, valueOf, workOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import type { InputContract, ModelFacts } from "@edgewise/planner/schema";
import { Trouble, fileTrouble } from "../disk/trouble.ts";
import type { ModelFile } from "./model-files.ts";
import { readModel } from "./read-model.ts";

/** Batch is one: a plan is for one inference at a time. Symbolic dims that nothing binds are bound to this. */
const DEFAULT_DIM = 1;

/** Bytes → canonical graph: read, named dims bound, resolution as stated, folded, fused, verified. */
export async function openModel(model: Pick<ModelFile, "path" | "file" | "source">): Promise<Result<Graph>> {
  const read = readModel(await modelBytes(model), model.file);
  if (!read.ok) return read;
  const open = openDims(read.value);
  const unknown = Object.keys(model.source.bind).filter((name) => !open.includes(name)).sort();
  if (unknown.length > 0) {
    return fail(...unknown.map((name) => ({
      code: "UNKNOWN_DIM", severity: "error" as const, subject: { kind: "file" as const, path: model.file }, summary: `The model has no dim named ${name}`,
      found: name, expected: open.join(", ") || "no named dims at all", fix: "Remove it from bind.",
    })));
  }
  const bound = bindDims(read.value, { ...Object.fromEntries(open.map((name) => [name, DEFAULT_DIM])), ...model.source.bind });
  if (!bound.ok) return bound;
  const sized = model.source.resolution === null ? bound : rebindInput(bound.value, model.source.resolution);
  if (!sized.ok) return sized;
  const canonical = canonicalize(sized.value);
  return canonical.ok ? ok(canonical.value, [...read.warnings, ...canonical.warnings]) : canonical;
}

async function modelBytes({ path, file }: Pick<ModelFile, "path" | "file">): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const trouble = fileTrouble(error, file);
    if (trouble === null) throw error;
    throw new Trouble([{ ...trouble, subject: { kind: "file", path: file } }]);
  }
}

/** Height and width of the image input, by the layout the contract declares; null for other ranks and tasks. */
export function imageResolution(graph: Graph, input: InputContract): ModelFacts["resolution"] {
  const shape = graph.inputs[0] === undefined ? null : valueOf(graph, graph.inputs[0]).shape;
  if (input.kind !== "image" || shape?.length !== 4) return null;
  const [height, width] = input.layout === "nchw" ? shape.slice(2) : shape.slice(1, 3);
  return typeof height === "number" && typeof width === "number" ? { heightPx: height, widthPx: width } : null;
}

export function modelFacts(model: ModelFile, graph: Graph, input: InputContract): ModelFacts {
  const { parameters, macs } = workOf(graph);
  const port = (ids: readonly string[]): ModelFacts["input"] => {
    const value = valueOf(graph, ids[0] ?? "");
    return { name: value.id, dtype: value.dtype, shape: value.shape ?? [] };
  };
  const stated = graph.metadata;
  return {
    file: model.file, digest: model.digest,
    family: model.source.family ?? stated["edgewise.family"] ?? model.file,
    variant: model.source.variant ?? stated["edgewise.width"] ?? "",
    resolution: imageResolution(graph, input),
    licence: model.source.licence ?? stated["edgewise.licence"] ?? null,
    parameters, macs, input: port(graph.inputs), output: port(graph.outputs),
    quantized: graph.nodes.some(({ op, outputs }) => op !== "Quantize" && outputs.some((id) => valueOf(graph, id).quant !== null)),
  };
}
