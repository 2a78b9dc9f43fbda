import type { ProgramOperator, ProgramTensor, TfliteProgram } from "@edgewise/formats/tflite";
import { dataOf, isStatic, numbersOf, operandOf } from "./operands.ts";
import type { DelegateRules, Form, Requirement, Source } from "./rules.ts";

/** Whether a unit takes an operator, and the rule that decided. */
export interface Verdict {
  readonly accepted: boolean;
  readonly rule: string;
  readonly source: Source;
}

/** Applies a unit's rules to one operator of a program. */
export function judge(program: TfliteProgram, operator: ProgramOperator, rules: DelegateRules): Verdict {
  const rule = Object.hasOwn(rules.ops, operator.op) ? rules.ops[operator.op] : undefined;
  if (rule === undefined) return { accepted: false, rule: rules.otherwise ?? `${operator.op} is not documented for ${rules.unit}`, source: rules.source };
  if (rule.refused !== undefined) return { accepted: false, rule: rule.refused, source: rule.source };
  const form = rule.forms.find((each) => fits(program, operator, each));
  if (form === undefined) return { accepted: false, rule: `${operator.op} of ${typesText(program, operator)} is not documented for ${rules.unit}`, source: rule.source };
  const broken = rule.requires.find((requirement) => !holds(program, operator, requirement));
  if (broken !== undefined) return { accepted: false, rule: `${operator.op} on ${rules.unit}: ${broken.text}`, source: rule.source };
  return { accepted: true, rule: `${operator.op} of ${formText(form)}`, source: rule.source };
}

/** Position of the first data operand: the axis of a SPLIT and the shape of a TRANSPOSE_CONV come before it. */
export function firstData({ op }: ProgramOperator): number {
  return op === "SPLIT" ? 1 : op === "TRANSPOSE_CONV" ? 2 : 0;
}

function fits(program: TfliteProgram, operator: ProgramOperator, form: Form): boolean {
  const first = operandOf(program, operator, firstData(operator));
  const weights = operandOf(program, operator, 1);
  const output = program.tensors[operator.outputs[0] ?? -1];
  return first?.type === form.input && output?.type === form.output && (form.weights === undefined || weights?.type === form.weights);
}

function formText({ input, weights, output }: Form): string {
  const given = weights === undefined || weights === input ? input : `${input} with ${weights} weights`;
  return output === input ? given : `${given} to ${output}`;
}

function typesText(program: TfliteProgram, operator: ProgramOperator): string {
  const types = (indices: readonly number[]): string => indices.flatMap((index) => program.tensors[index]?.type ?? []).join(", ");
  return `${types(operator.inputs)} to ${types(operator.outputs)}`;
}

/** Formula of each kind: `Requirement`. What a file does not say (a left out input) breaks no rule but `present`. */
function holds(program: TfliteProgram, operator: ProgramOperator, requirement: Requirement): boolean {
  switch (requirement.kind) {
    case "static": case "present": case "computed": case "rank": case "numbers": case "axes": case "kernel": case "zero-point": case "per-axis": case "per-tensor":
      return operandHolds(program, operator, requirement);
    case "inputs": return within(operator.inputs.filter((index) => index >= 0).length, requirement);
    case "outputs": return within(operator.outputs.length, requirement);
    case "option": return requirement.among.includes(fieldOf(operator, requirement.name) ?? requirement.otherwise);
    case "option-range": return within(Number(fieldOf(operator, requirement.name) ?? requirement.otherwise), requirement);
    case "normal": return isNormal(Number(fieldOf(operator, requirement.name) ?? 0));
    case "window": return windowHolds(operator);
    case "version": return operator.version <= requirement.max;
    case "batch": return operandOf(program, operator, firstData(operator))?.shape[0] === requirement.is;
    case "same-quant": case "equal-uint8": case "scale-ratio": case "scale-product": return quantHolds(program, operator, requirement);
    default: return requirement satisfies never;
  }
}

type OperandRequirement = Extract<Requirement, { readonly input: number }>;

function operandHolds(program: TfliteProgram, operator: ProgramOperator, requirement: OperandRequirement): boolean {
  const tensor = operandOf(program, operator, requirement.input);
  if (tensor === null) return requirement.kind !== "present";
  const { quant, shape } = tensor;
  switch (requirement.kind) {
    case "present": return true;
    case "static": return isStatic(program, tensor);
    case "computed": return !isStatic(program, tensor);
    case "rank": return within(shape.length, requirement);
    case "numbers": return numbersOf(tensor)?.every((value) => within(value, requirement)) ?? false;
    case "axes": return axesHold(program, operator, requirement);
    case "kernel": return [shape[1], shape[2]].every((dim) => dim !== undefined && within(dim, requirement));
    case "zero-point": return tensor.type !== "INT8" || quant === null || quant.zeroPoint.every((zero) => zero === requirement.is);
    case "per-axis": return quant === null || quant.scale.length === 1 || quant.axis === requirement.axis;
    case "per-tensor": return isStatic(program, tensor) || quant === null || quant.scale.length === 1;
    default: return requirement satisfies never;
  }
}

function axesHold(program: TfliteProgram, operator: ProgramOperator, requirement: Extract<Requirement, { readonly kind: "axes" }>): boolean {
  const axes = dataOf(program, operator, requirement.input);
  const rank = operandOf(program, operator, 0)?.shape.length ?? 0;
  if (axes === null) return false;
  const counted = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  return requirement.among.some((set) => set.length === counted.length && set.every((axis, i) => axis === counted[i]));
}

function windowHolds({ options }: ProgramOperator): boolean {
  const [height, width, downH, downW] = ["filter_height", "filter_width", "stride_h", "stride_w"].map((name) => Number(options[name] ?? 0));
  if (height === undefined || width === undefined || downH === undefined || downW === undefined) return false;
  return downH <= height && downW <= width && (height > 1 || width > 1 || Math.max(downH, downW) === 1);
}

type QuantRequirement = Extract<Requirement, { readonly kind: "same-quant" | "equal-uint8" | "scale-ratio" | "scale-product" }>;

function quantHolds(program: TfliteProgram, operator: ProgramOperator, requirement: QuantRequirement): boolean {
  const output = program.tensors[operator.outputs[0] ?? -1];
  const input = (position: number): ProgramTensor | null => operandOf(program, operator, position);
  const [first, second] = [input(0), input(1)];
  const scaleOf = (tensor: ProgramTensor | null | undefined): number | null => (tensor?.quant?.scale.length === 1 && isInteger(tensor) ? tensor.quant.scale[0] ?? null : null);
  const below = scaleOf(output);
  switch (requirement.kind) {
    case "same-quant": return first === null || output === undefined || !isInteger(output) || sameQuant(first, output);
    case "equal-uint8": return output?.type !== "UINT8" || operator.inputs.every((_, position) => { const each = input(position); return each === null || sameQuant(each, output); });
    case "scale-ratio": return requirement.inputs.every((position) => {
      const scale = scaleOf(input(position));
      return scale === null || below === null || halfOpen(scale / below, requirement);
    });
    case "scale-product": {
      const [a, b] = [scaleOf(first), scaleOf(second)];
      return a === null || b === null || below === null || halfOpen(a * b / below, requirement);
    }
    default: return requirement satisfies never;
  }
}

function sameQuant(a: ProgramTensor, b: ProgramTensor): boolean {
  return a.quant?.scale[0] === b.quant?.scale[0] && a.quant?.zeroPoint[0] === b.quant?.zeroPoint[0];
}

function isInteger({ type }: ProgramTensor): boolean {
  return type === "INT8" || type === "UINT8";
}

function fieldOf({ options }: ProgramOperator, name: string): string | number | undefined {
  const value = options[name];
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

function within(value: number, { min, max }: Limits): boolean {
  return value >= min && value <= max;
}

function halfOpen(value: number, { min, max }: Limits): boolean {
  return value >= min && value < max;
}

/** Smallest normal float32. */
const MIN_NORMAL = 2 ** -126;

function isNormal(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) >= MIN_NORMAL;
}
