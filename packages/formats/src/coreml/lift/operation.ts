import type { Diagnostic, Node, Origin } from "@edgewise/graph";
import { milDTypes } from "../dtypes.ts";
import { type MilOperation, typeText } from "../mil.ts";
import { type Build, graphProblem, valueFor } from "./build.ts";
import { newContext } from "./context.ts";
import type { Lift } from "./lift.ts";
import { parameterProblem } from "./parameters.ts";
import { lifts } from "./registry.ts";

/** Operations that end a classifier; what they say is read by `classLabels`. */
const endings: ReadonlySet<string> = new Set(["classify"]);

/** Operations whose inputs may differ in element type. */
const mixing: ReadonlySet<string> = new Set(["cast", "gather", "quantize", "dequantize", "shape"]);

/** One operation as nodes; its results become known. Problems go to the build. */
export function liftOperation(build: Build, operation: MilOperation): readonly Node[] {
  const unknown = Object.values(operation.inputs).flat().find((bound) => typeof bound === "string" && !build.types.has(bound));
  if (unknown !== undefined) build.problems.push(graphProblem(`The operation ${operation.name} reads a value that nothing before it makes`, String(unknown)));
  for (const { name, type } of operation.outputs) {
    if (build.types.has(name)) build.problems.push(graphProblem("A value is made twice", name));
    build.types.set(name, type);
    build.producers.set(name, operation);
  }
  if (operation.type === "const") {
    addConst(build, operation);
    return [];
  }
  return endings.has(operation.type) || unknown !== undefined ? [] : lifted(build, operation);
}

function addConst(build: Build, { outputs: [output], attributes: { val } }: MilOperation): void {
  if (output === undefined || val === undefined || val.kind === "other") {
    build.problems.push(graphProblem("A constant has no contents", output?.name ?? "const"));
    return;
  }
  const [found, expected] = [typeText(val.type), typeText(output.type)];
  if (found !== expected) build.problems.push(typeProblem(build, output.name, { found, expected }));
  build.constants.set(output.name, val);
}

function lifted(build: Build, operation: MilOperation): readonly Node[] {
  const origin = { file: build.file, node: operation.name };
  const lift = Object.hasOwn(lifts, operation.type) ? lifts[operation.type] : undefined;
  if (lift === undefined) {
    build.problems.push(unsupported(origin, operation.type));
    declareOutputs(build, operation);
    return [];
  }
  const wrong = inputProblem(lift, operation) ?? parameterProblem(build, operation) ?? typesProblem(build, operation);
  const made = wrong === null ? lift.lift({ operation, origin, context: newContext(build, operation) }) : { refused: wrong };
  declareOutputs(build, operation);
  if (!("refused" in made)) return made;
  build.problems.push({
    code: "OP_FORM_UNSUPPORTED", severity: "error", subject: { kind: "node", file: origin.file, node: origin.node, op: operation.type },
    summary: `This use of ${operation.type} is not supported: ${made.refused}`, fix: "Make the package again with operations that the vocabulary has.",
  });
  return [];
}

/** Results that no lift has made constants get the type that the program declares. */
function declareOutputs(build: Build, { outputs }: MilOperation): void {
  for (const { name, type } of outputs) if (!build.values.has(name) && type.kind === "tensor") build.values.set(name, valueFor(name, type));
}

function inputProblem({ inputs }: Lift, operation: MilOperation): string | null {
  const bound = new Set([...Object.keys(operation.inputs).filter((input) => (operation.inputs[input]?.length ?? 0) > 0), ...Object.keys(operation.attributes)]);
  const missing = inputs.find((input) => !input.endsWith("?") && !bound.has(input));
  if (missing !== undefined) return `the input ${missing} is missing`;
  const known = new Set(inputs.map((input) => input.replace("?", "")));
  const other = [...bound].find((input) => !known.has(input));
  return other === undefined ? null : `the input ${other} is not known`;
}

/** Reals that are computed with have one type: MIL converts nothing by itself. */
function typesProblem(build: Build, operation: MilOperation): string | null {
  if (mixing.has(operation.type) || operation.type.startsWith("constexpr_")) return null;
  const reals = [...Object.values(operation.inputs).flat(), ...operation.outputs.map(({ name }) => name)].flatMap((bound) => {
    const type = typeof bound === "string" ? build.types.get(bound) : bound.kind === "numbers" ? bound.type : undefined;
    return type?.kind === "tensor" && milDTypes[type.dtype].ir?.startsWith("float") === true ? [type.dtype] : [];
  });
  const other = reals.find((dtype) => dtype !== reals[0]);
  return other === undefined ? null : `${reals[0] ?? ""} and ${other} are mixed`;
}

function typeProblem(build: Build, name: string, about: { readonly found: string; readonly expected: string }): Diagnostic {
  return { code: "COREML_TYPE", severity: "error", subject: { kind: "node", file: build.file, node: name, op: "const" }, summary: "A constant is not of the type that it is declared with", ...about, fix: "Make the package again." };
}

function unsupported(origin: Origin, type: string): Diagnostic {
  return {
    code: "OP_UNSUPPORTED", severity: "error", subject: { kind: "node", file: origin.file, node: origin.node, op: type },
    summary: `The operation ${type} is not in the vocabulary`, found: type, expected: Object.keys(lifts).sort().join(", "), fix: "Replace this operation in the model.",
  };
}
