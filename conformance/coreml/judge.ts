import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PackageFile } from "../../packages/formats/src/coreml/index.ts";
import { type Graph, type Node, type Value, elementCount, valueOf } from "../../packages/graph/src/index.ts";
import { decodeConstant } from "../../packages/graph/src/ops/index.ts";

/** A package, and what its layers were promised to multiply by. */
export interface JudgeCase {
  readonly name: string;
  readonly files: readonly PackageFile[];
  /** The graph that was written, in its precision. */
  readonly graph: Graph;
  /** |found − promised| ≤ relative · |promised| + absolute; both 0: equal. */
  readonly bound: { readonly relative: number; readonly absolute: number };
}

export interface JudgedWeight {
  readonly node: string;
  /** Null where the program has fewer layers than the graph. */
  readonly op: string | null;
  /** "float32", "constexpr_affine_dequantize:int8", …; null as `op`. */
  readonly stored: string | null;
  /** Type that the layer multiplies by. */
  readonly computed: string | null;
  /** Largest difference from the promise as a share of the bound: 0 is equal, at most 1 within it; null where the shapes differ. */
  readonly ofBound: number | null;
}

export interface Verdict {
  readonly name: string;
  /** coremltools' own words; absent when it accepts. */
  readonly error?: string;
  readonly unknownFields: readonly string[];
  readonly operations: readonly string[];
  /** Layers that multiply by a constant. */
  readonly layers: number;
  readonly weights: readonly JudgedWeight[];
  readonly labels: readonly string[] | null;
  readonly outputs: readonly string[];
}

/** Python with the packages of requirements.txt: EDGEWISE_COREML_PYTHON, or what setup.sh made. */
export const judgePython: string = process.env["EDGEWISE_COREML_PYTHON"] ?? join(import.meta.dirname, ".venv/bin/python");

export const judgePresent: boolean = existsSync(judgePython);

/** All cases in one process: most of its time is the import. Errors: throws when the judge itself fails. */
export function judge(cases: readonly JudgeCase[]): readonly Verdict[] {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-coreml-"));
  try {
    const listed = cases.map((each, index) => placed(each, join(folder, String(index))));
    writeFileSync(join(folder, "cases.json"), JSON.stringify(listed));
    const { stdout, stderr, status } = spawnSync(judgePython, [join(import.meta.dirname, "judge.py"), join(folder, "cases.json")], { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`the judge ended with ${status}: ${stderr.slice(-2000)}`);
    return stdout.trim().split("\n").map((line) => JSON.parse(line) as Verdict);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function placed({ name, files, graph, bound }: JudgeCase, folder: string): Readonly<Record<string, unknown>> {
  const put = (path: string, bytes: Uint8Array): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
    return join(folder, path);
  };
  for (const { path, bytes } of files) put(`model.mlpackage/${path}`, bytes);
  const weights = multiplied(graph).map(([node, value], index) => {
    const numbers = realNumbers(value);
    return { node: node.origin.node, shape: (value.shape ?? []).map(Number), file: put(`${index}.f32`, new Uint8Array(numbers.buffer)) };
  });
  return { name, package: join(folder, "model.mlpackage"), bound, weights };
}

/** Layers that multiply by a constant, and the constant, in order. */
export function multiplied(graph: Graph): readonly (readonly [Node, Value])[] {
  return graph.nodes.filter(({ op }) => ["Conv", "ConvTranspose", "Gemm", "MatMul"].includes(op)).flatMap((node) => {
    const value = valueOf(graph, node.inputs[1] ?? "");
    return value.constant === null ? [] : [[node, value] as const];
  });
}

/** What a stored constant means: float32(scale · (stored − zeroPoint)), or the numbers themselves. */
export function realNumbers(value: Value): Float32Array<ArrayBuffer> {
  const { data, shape } = decodeConstant(value);
  const { quant } = value;
  const axis = quant?.axis ?? null;
  const block = axis === null ? 1 : elementCount(shape.slice(axis + 1));
  return Float32Array.from({ length: data.length }, (_, i) => {
    const stored = Number(data[i]);
    if (quant === null) return stored;
    const channel = axis === null ? 0 : Math.floor(i / block) % (shape[axis] ?? 1);
    return (quant.scale[channel] ?? 1) * (stored - (quant.zeroPoint[channel] ?? 0));
  });
}
