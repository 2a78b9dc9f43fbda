import type { Bundle } from "@edgewise/adapter";
import type { CoremlModel, Feature, MilOperation, MilValue, ReadCoreml } from "@edgewise/formats/coreml";
import { type Diagnostic, elementCount } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";
import type { ImageInput, LabelsOutput } from "@edgewise/planner/schema";
import { contractSources } from "../swift/files.ts";

interface Checked {
  readonly read: ReadCoreml;
  /** The model's folder, for diagnostics. */
  readonly path: string;
}

/** What enters and leaves, as the contract says it: picture or array, scale and offset, labels, and the Swift that prepares them. */
export function checkContract(bundle: Bundle, { read, path }: Checked): readonly Diagnostic[] {
  const { contract } = bundle.manifest;
  const { model, labels } = read;
  const [input] = model.inputs;
  const broken = (about: Pick<Diagnostic, "code" | "summary" | "found" | "expected">): Diagnostic => ({ severity: "error", subject: { kind: "file", path }, fix: "Run plan emit again.", ...about });
  if (input === undefined) return [broken({ code: "COREML_INPUT_FORM", summary: "The model takes no input", found: "none", expected: "one" })];
  const problems = [
    ...(contract.input.kind === "image" ? imageProblems(model, input, contract.input) : arrayProblems(input)),
    ...(contract.output.kind === "labels" ? labelProblems(labels, contract.output) : []),
  ].map(broken);
  return [...problems, ...(problems.length > 0 ? [] : swiftProblems(bundle, input))];
}

type Found = Pick<Diagnostic, "code" | "summary" | "found" | "expected">;

const colours: Readonly<Record<ImageInput["color"], string>> = { rgb: "RGB", bgr: "BGR", gray: "GRAYSCALE" };

function imageProblems(model: CoremlModel, { type }: Feature, contract: ImageInput): readonly Found[] {
  if (type.kind !== "image") return [{ code: "COREML_INPUT_FORM", summary: "The contract's picture enters as something else", found: type.kind, expected: "image" }];
  if (type.color !== colours[contract.color]) return [{ code: "COREML_INPUT_COLOUR", summary: "The model takes another order of colours than the contract", found: type.color, expected: colours[contract.color] }];
  return scaleProblems(model, contract, contract.color === "gray" ? 1 : 3);
}

function arrayProblems({ type }: Feature): readonly Found[] {
  return type.kind === "array" && type.dtype === "float32" ? [] : [{ code: "COREML_INPUT_FORM", summary: "The contract's numbers enter as something else", found: type.kind === "array" ? type.dtype : type.kind, expected: "an array of float32" }];
}

/** The first operations on the picture: · scale, + offset; a step that changes nothing is not there. */
function scaleProblems({ program }: CoremlModel, { scale, offset }: ImageInput, channels: number): readonly Found[] {
  const steps = [{ type: "mul", numbers: scale, neutral: 1, name: "scale" }, { type: "add", numbers: offset, neutral: 0, name: "offset" }];
  let current = program.inputs[0]?.name ?? "";
  const problems: Found[] = [];
  for (const { type, numbers, neutral, name } of steps) {
    const wanted = Array.from({ length: channels }, (_, c) => numbers[numbers.length === 1 ? 0 : c] ?? neutral);
    if (wanted.every((each) => each === neutral)) continue;
    current = behindCast(program.operations, current);
    const operation = program.operations.find(({ inputs }) => inputs["x"]?.[0] === current);
    const found = operation?.type === type ? constantOf(program.operations, operation) : null;
    if (operation === undefined || found === null || !sameNumbers(found, wanted)) {
      problems.push({ code: "COREML_INPUT_SCALE", summary: `The model does not apply the contract's ${name} to the picture`, found: found === null ? operation?.type ?? "nothing" : found.numbers.join(", "), expected: wanted.join(", ") });
      break;
    }
    current = operation.outputs[0]?.name ?? "";
  }
  return problems;
}

function behindCast(operations: readonly MilOperation[], name: string): string {
  const cast = operations.find(({ type, inputs }) => type === "cast" && inputs["x"]?.[0] === name);
  return cast?.outputs[0]?.name ?? name;
}

interface Numbers {
  readonly numbers: readonly number[];
  /** Relative size of one rounding in the type they are stored in. */
  readonly rounding: number;
}

function constantOf(operations: readonly MilOperation[], { inputs }: MilOperation): Numbers | null {
  const [argument] = inputs["y"] ?? [];
  const value = typeof argument === "string" ? operations.find(({ type, outputs }) => type === "const" && outputs[0]?.name === argument)?.attributes["val"] : argument;
  return value?.kind === "numbers" ? decoded(value) : null;
}

function decoded({ type: { dtype, shape }, bytes }: Extract<MilValue, { kind: "numbers" }>): Numbers | null {
  if (dtype !== "fp16" && dtype !== "fp32") return null;
  const { data } = decodeTensor(dtype === "fp16" ? "float16" : "float32", [elementCount(shape.map((dim) => dim ?? 1))], bytes);
  return { numbers: Array.from(data, Number), rounding: dtype === "fp16" ? 2 ** -11 : 2 ** -24 };
}

/** Float16 below its normal range keeps steps of 2^-24. */
const LEAST_STEP = 2 ** -24;

function sameNumbers({ numbers, rounding }: Numbers, wanted: readonly number[]): boolean {
  return (numbers.length === 1 || numbers.length === wanted.length)
    && wanted.every((each, c) => Math.abs((numbers[numbers.length === 1 ? 0 : c] ?? Number.NaN) - each) <= Math.abs(each) * rounding + (rounding > 2 ** -20 ? LEAST_STEP : 0));
}

/** A classifier's labels are the contract's; a contract that Core ML cannot say leaves them to the Swift package. */
function labelProblems(labels: readonly string[] | null, contract: LabelsOutput): readonly Found[] {
  const sayable = contract.labelOffset === 0 && new Set(contract.labels).size === contract.labels.length;
  if (labels === null) return sayable ? [{ code: "COREML_LABELS_MISSING", summary: "The model has no class labels", found: "none", expected: `${contract.labels.length} labels` }] : [];
  const at = contract.labels.findIndex((label, index) => labels[index] !== label);
  if (at === -1 && labels.length === contract.labels.length) return [];
  return [{ code: "COREML_LABELS_WRONG", summary: "The model's class labels are not the contract's", found: at === -1 ? `${labels.length} labels` : labels[at] ?? "none", expected: at === -1 ? `${contract.labels.length} labels` : contract.labels[at] ?? "" }];
}

/** The Swift files that follow from the contract alone, rendered anew. */
function swiftProblems({ manifest, files }: Bundle, { type }: Feature): readonly Diagnostic[] {
  const shape = type.kind === "array" ? type.shape : null;
  const size = type.kind === "image" ? { heightPx: type.height, widthPx: type.width } : null;
  const there = new Map(files.map((file) => [file.path, file.bytes]));
  return contractSources({ target: manifest.candidate.target, contract: manifest.contract, shape, size }).flatMap(({ path, bytes }): readonly Diagnostic[] => {
    const found = there.get(path);
    if (found !== undefined && found.length === bytes.length && found.every((byte, i) => byte === bytes[i])) return [];
    return [{ code: "COREML_SWIFT_CONTRACT", severity: "error", subject: { kind: "file", path: `bundles/${manifest.candidate.target}/${path}` }, summary: "The Swift source does not do what the contract says", fix: "Run plan emit again." }];
  });
}
