import type { Diagnostic, Graph, Origin, ValueId } from "@edgewise/graph";
import { type Build, newBuild, valueOf } from "./build.ts";
import type { ModelFile, OpCode, OperatorEntry, Subgraph, TensorEntry } from "./decode.ts";
import { MissingOperand, type Operator } from "./lift/lift.ts";
import { lifts } from "./lift/registry.ts";
import { tensorIds } from "./names.ts";
import { type Operand, operandOf } from "./operand.ts";
import { fileProblem, refusedUse, unsupportedOp } from "./problems.ts";

export interface Assembly {
  readonly file: string;
  readonly fileBytes: number;
  readonly model: ModelFile;
  readonly main: Subgraph;
  /** Every mistake found is appended. */
  readonly problems: Diagnostic[];
  readonly warnings: Diagnostic[];
}

/** An assembly under way. */
interface Work extends Assembly {
  readonly ids: readonly ValueId[];
  readonly build: Build;
  /** Tensors read so far; null for one whose problems have been reported. */
  readonly operands: Map<number, Operand | null>;
  /** Tensors that exist once the operators so far have run. */
  readonly made: Set<number>;
}

/** Tables → graph. Every problem is reported; the graph is meaningful only when there is none. */
export function assemble(assembly: Assembly): Graph {
  const { main, model, fileBytes } = assembly;
  const ids = tensorIds(main.tensors.map(({ name }) => name));
  const work: Work = { ...assembly, ids, build: newBuild(fileBytes, ids), operands: new Map(), made: new Set() };
  const inputs = main.inputs.flatMap((index) => inputOf(work, index));
  const unknown = new Map<OpCode, { readonly origin: Origin; count: number }>();
  for (const entry of main.operators) addOperator(work, entry, unknown);
  for (const [code, { origin, count }] of unknown) assembly.problems.push(unsupportedOp(origin, { ...code, count }, Object.keys(lifts)));
  const outputs = main.outputs.flatMap((index) => outputOf(work, index));
  if (main.outputs.length === 0) assembly.problems.push(fileProblem(assembly.file, { code: "TFLITE_GRAPH", summary: "The model has no outputs", found: "0 outputs" }));
  return {
    name: main.name || "main", inputs, outputs, nodes: work.build.nodes, values: work.build.values,
    metadata: model.description === "" ? {} : { description: model.description },
  };
}

function inputOf(work: Work, index: number): readonly ValueId[] {
  const operand = operandAt(work, index, "The list of inputs");
  if (work.made.has(index)) wrong(work, "The list of inputs names a tensor twice", tensorText(work, index));
  work.made.add(index);
  if (operand === null) return [];
  if (operand.stored !== null) wrong(work, "An input has contents of its own", tensorText(work, index));
  if (operand.openAxis !== null) work.warnings.push(openShape(work, operand));
  return [valueOf({ build: work.build, origin: { file: work.file, node: operand.id } }, { ...operand, stored: null })];
}

function openShape(work: Work, operand: Operand): Diagnostic {
  return {
    ...fileProblem(work.file, {
      code: "TFLITE_OPEN_SHAPE", summary: `Dim ${operand.openAxis} of the input ${operand.id} has no fixed size`, keyPath: tensorText(work, operand.index),
      found: `read with the size that the file stores: [${operand.shape.join(", ")}]`, fix: "Convert the model with the input size that you use, if it is another one.",
    }),
    severity: "warning",
  };
}

function outputOf(work: Work, index: number): readonly ValueId[] {
  const operand = operandAt(work, index, "The list of outputs");
  if (operand === null) return [];
  if (operand.stored === null && !work.made.has(index)) wrong(work, "An output is made by nothing", tensorText(work, index));
  return [valueOf({ build: work.build, origin: { file: work.file, node: operand.id } }, operand)];
}

/** A tensor as an operand; null when there is none, whose problems are reported once. */
function operandAt(work: Work, index: number, reader: string): Operand | null {
  const replaced = work.build.constants.get(index);
  if (replaced !== undefined) return replaced;
  const known = work.operands.get(index);
  if (known !== undefined) return known;
  const entry: TensorEntry | undefined = work.main.tensors[index];
  if (entry === undefined) {
    wrong(work, `${reader} names a tensor that the file does not have`, `tensor ${index} of ${work.main.tensors.length}`);
    return null;
  }
  const found = operandOf(entry, { file: work.file, ids: work.ids, buffers: work.model.buffers });
  if (!("index" in found)) work.problems.push(...found);
  const operand = "index" in found ? found : null;
  work.operands.set(index, operand);
  return operand;
}

function addOperator(work: Work, entry: OperatorEntry, unknown: Map<OpCode, { readonly origin: Origin; count: number }>): void {
  const first = entry.outputs[0];
  const origin: Origin = { file: work.file, node: `operator ${entry.index}${first === undefined ? "" : ` (${work.ids[first] ?? `tensor ${first}`})`}` };
  const code = work.model.opCodes[entry.opCode];
  const taken = entry.outputs.find((index) => work.made.has(index) || work.build.constants.has(index));
  if (taken !== undefined) wrong(work, `A tensor is made twice, again by ${origin.node}`, tensorText(work, taken));
  const lift = code !== undefined && !code.custom && Object.hasOwn(lifts, code.name) ? lifts[code.name] : undefined;
  if (code === undefined) wrong(work, `The ${origin.node} has a code that the file does not have`, `operator code ${entry.opCode} of ${work.model.opCodes.length}`);
  else if (lift === undefined) unknown.set(code, { origin: unknown.get(code)?.origin ?? origin, count: (unknown.get(code)?.count ?? 0) + 1 });
  else {
    const operator = operatorOf(work, entry, { name: code.name, origin });
    if (operator !== null && taken === undefined) runLift(work, operator, lift);
  }
  for (const index of entry.outputs) work.made.add(index);
}

function operatorOf(work: Work, entry: OperatorEntry, { name, origin }: { readonly name: string; readonly origin: Origin }): Operator | null {
  const inputs = entry.inputs.map((index) => index === -1 ? null : operandAt(work, index, `The ${origin.node}`));
  const outputs = entry.outputs.map((index) => operandAt(work, index, `The ${origin.node}`)).filter((operand) => operand !== null);
  const broken = inputs.some((operand, i) => operand === null && entry.inputs[i] !== -1) || outputs.length < entry.outputs.length;
  if (broken) return null;
  const early = inputs.find((operand) => operand !== null && operand.stored === null && !work.made.has(operand.index));
  if (early) {
    wrong(work, `The ${origin.node} reads a tensor before it is made`, tensorText(work, early.index));
    return null;
  }
  const constantOutput = outputs.find((operand) => operand.stored !== null);
  if (constantOutput) {
    wrong(work, `The ${origin.node} makes a tensor that has contents of its own`, tensorText(work, constantOutput.index));
    return null;
  }
  return { name, inputs, outputs, options: entry.options, origin };
}

function runLift(work: Work, operator: Operator, lift: (typeof lifts)[string]): void {
  try {
    const refused = lift?.(operator, { build: work.build, origin: operator.origin }) ?? null;
    if (refused !== null) work.problems.push(refusedUse(operator.origin, operator.name, refused));
  } catch (error) {
    if (!(error instanceof MissingOperand)) throw error;
    work.problems.push(refusedUse(operator.origin, operator.name, { why: `its ${error.operand} is missing`, fix: "The file is broken: convert the model again." }));
  }
}

function wrong(work: Work, summary: string, found: string): void {
  work.problems.push(fileProblem(work.file, { code: "TFLITE_GRAPH", summary, found, fix: "Convert the model again." }));
}

function tensorText(work: Work, index: number): string {
  const name = work.main.tensors[index]?.name ?? "";
  return `tensor ${index}${name === "" ? "" : ` (${name})`}`;
}
