import { type Result, type Tensor, elementCount, fail, invariant, ok } from "@edgewise/graph";
import type { InputContract } from "@edgewise/planner/schema";
import { strFromU8 } from "fflate";
import { imageToTensor } from "../image/image-to-tensor.ts";
import { parseCsv } from "./csv.ts";
import { type DataPort, type Dataset, type Sample, dataError, endingOf, shownPath } from "./dataset.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { rowToTensor } from "./row.ts";

/** What a sample must become: the contract, and the model's input [1, …]. */
export interface ModelInput {
  readonly contract: InputContract;
  readonly shape: readonly number[];
}

export interface SampleReader {
  /** The bytes that make a sample what it is, without its label: the file, or its row as float64. For digests. */
  content(sample: Sample): Promise<Result<Uint8Array>>;
  /** The model's input for a sample, through the contract. */
  input(sample: Sample, model: ModelInput): Promise<Result<Tensor>>;
  /** What the model should return, [1, …]; null where the data has no targets. */
  target(sample: Sample): Promise<Result<Tensor> | null>;
}

/** Reads samples one at a time. Arrays and tables are read once and kept; pictures are not. */
export function openSamples({ kind, targets }: Dataset, port: DataPort): SampleReader {
  const arrays = new Map<string, Promise<Result<Tensor>>>();
  const arrayOf = (file: string, key: string | null): Promise<Result<Tensor>> => {
    const name = `${file}|${key ?? ""}`;
    const known = arrays.get(name) ?? readArray(port, file, key);
    arrays.set(name, known);
    return known;
  };
  const valuesOf = async (sample: Sample): Promise<Result<Tensor>> => {
    if (sample.row !== null) return rowOf(await arrayOf(sample.file, "x"), sample.row);
    return readNpy(await port.read(sample.file), shownPath(port, sample.file));
  };
  return {
    async content(sample) {
      if (sample.row === null) return ok(await port.read(sample.file));
      const values = await valuesOf(sample);
      return values.ok ? ok(float64Bytes(values.value)) : values;
    },
    async input(sample, { contract, shape }) {
      const file = shownPath(port, sample.file);
      if (kind === "image") return imageInput(await port.read(sample.file), { contract, shape, file });
      const values = await valuesOf(sample);
      if (!values.ok) return values;
      invariant(contract.kind === "tensor", "data of a tensor task meets a tensor contract");
      return rowToTensor(Float64Array.from(values.value.data as ArrayLike<number | bigint>, Number), { contract, shape, file: sample.row === null ? file : `${file}#${sample.row}` });
    },
    async target(sample) {
      if (targets === null || sample.row === null) return null;
      return rowOf(await arrayOf(targets.file, targets.key), sample.row);
    },
  };
}

function imageInput(bytes: Uint8Array, { contract, shape, file }: ModelInput & { readonly file: string }): Result<Tensor> {
  invariant(contract.kind === "image", "data of an image task meets an image contract");
  const [channels, heightPx, widthPx] = contract.layout === "nchw" ? [shape[1], shape[2], shape[3]] : [shape[3], shape[1], shape[2]];
  const wanted = contract.color === "gray" ? 1 : 3;
  if (shape.length !== 4 || channels !== wanted || heightPx === undefined || widthPx === undefined) {
    return fail(dataError(file, { code: "INPUT_SHAPE", summary: "The contract's pictures do not fit the model's input", found: `[${shape.join(", ")}]`, expected: `${wanted} channels, layout ${contract.layout}`, fix: "Correct task.input.color or task.input.layout." }));
  }
  return imageToTensor(bytes, { contract, resolution: { heightPx, widthPx }, file });
}

async function readArray(port: DataPort, file: string, key: string | null): Promise<Result<Tensor>> {
  const shown = shownPath(port, file);
  const bytes = await port.read(file);
  switch (endingOf(port, file)) {
    case "csv": return tableValues(strFromU8(bytes));
    case "npz": {
      const entries = readNpz(bytes, shown);
      const array = entries.ok ? entries.value.get(key ?? "x") : undefined;
      if (!entries.ok) return entries;
      return array === undefined ? fail(dataError(shown, { code: "DATA_MISSING_X", summary: "The archive has no such array", found: key ?? "x", fix: "Write it with numpy.savez(file, x=…, y=…)." })) : ok(array);
    }
    default: return readNpy(bytes, shown);
  }
}

/** Every column but `label` → [rows, columns] float64; a field that is no number becomes NaN, which `rowToTensor` refuses. */
function tableValues(text: string): Result<Tensor> {
  const { header, rows } = parseCsv(text);
  const columns = header.flatMap((name, column) => name === "label" ? [] : [column]);
  const data = Float64Array.from(rows.flatMap((row) => columns.map((column) => row[column] === "" ? Number.NaN : Number(row[column]))));
  return ok({ dtype: "float64", shape: [rows.length, columns.length], data });
}

/** Row `row` of [N, …] as [1, …]; a view, nothing is copied. */
function rowOf(array: Result<Tensor>, row: number): Result<Tensor> {
  if (!array.ok) return array;
  const { dtype, shape, data } = array.value;
  const rest = shape.slice(1);
  const elements = elementCount(rest);
  return ok({ dtype, shape: [1, ...rest], data: data.subarray(row * elements, (row + 1) * elements) });
}

function float64Bytes({ data }: Tensor): Uint8Array {
  const view = new DataView(new ArrayBuffer(data.length * 8));
  for (let i = 0; i < data.length; i++) view.setFloat64(8 * i, Number(data[i]), true);
  return new Uint8Array(view.buffer);
}
