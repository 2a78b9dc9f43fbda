import type { Diagnostic } from "@edgewise/graph";
import { type MilPort, type MilTensorType, type MilType, typeText } from "./mil.ts";
import type { CoremlModel, Feature, FeatureType } from "./model.ts";
import { packagePaths } from "./package-files.ts";
import { brokenFile } from "./problems.ts";
import { targetOfOpset, targets } from "./target.ts";

/** Contradictions between what the model declares to an app and what its program is. Codes: COREML_VERSION, COREML_FEATURES. */
export function featureProblems(model: CoremlModel): readonly Diagnostic[] {
  const { program, inputs, outputs, classifier } = model;
  const made = new Map(program.operations.flatMap((operation) => operation.outputs.map(({ name, type }): [string, MilType] => [name, type])));
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).sort().join(", ");
  return [
    ...versionProblems(model),
    ...(names(inputs) === names(program.inputs) ? [] : [problem("The inputs are not those of the program", names(inputs), names(program.inputs))]),
    ...(names(outputs) === [...program.outputs].sort().join(", ") ? [] : [problem("The outputs are not those of the program", names(outputs), [...program.outputs].sort().join(", "))]),
    ...program.inputs.flatMap((port) => inputs.filter(({ name }) => name === port.name).flatMap((feature) => mismatch(feature, port))),
    ...outputs.flatMap((feature) => {
      const type = made.get(feature.name);
      return type === undefined ? [] : mismatch(feature, { name: feature.name, type });
    }),
    ...(classifier === null || [classifier.label, classifier.probabilities].every((name) => outputs.some((output) => output.name === name)) ? []
      : [problem("The classifier names outputs that it does not have", `${classifier.label}, ${classifier.probabilities}`, names(outputs))]),
  ];
}

function problem(summary: string, found: string, expected: string): Diagnostic {
  return brokenFile(packagePaths.model, { code: "COREML_FEATURES", summary, found, expected, fix: "Make the package again." });
}

function versionProblems({ specificationVersion, program }: CoremlModel): readonly Diagnostic[] {
  const target = targetOfOpset(program.opset);
  const needed = target === null ? null : targets[target].specificationVersion;
  if (needed !== null && specificationVersion >= needed) return [];
  return [brokenFile(packagePaths.model, {
    code: "COREML_VERSION", summary: needed === null ? "The operation set is not known" : "The model's version is older than its operation set",
    found: `version ${specificationVersion}, ${program.opset}`, expected: Object.values(targets).map(({ specificationVersion: version, opset }) => `${opset} from version ${version}`).join(", "),
    fix: "Make the package for a deployment target from iOS 15 to iOS 18.",
  })];
}

function mismatch(feature: Feature, { name, type }: MilPort): readonly Diagnostic[] {
  return fits(feature.type, type) ? [] : [problem(`The feature ${name} is not what the program has under that name`, featureText(feature.type), typeText(type))];
}

function fits(feature: FeatureType, type: MilType): boolean {
  switch (feature.kind) {
    case "array": return type.kind === "tensor" && arrayNames[feature.dtype] === type.dtype && shapeFits(feature.shape, type);
    case "image": return type.kind === "tensor" && (type.dtype === "fp32" || type.dtype === "fp16") && shapeFits([1, feature.color.startsWith("GRAY") ? 1 : 3, feature.height, feature.width], type);
    case "string": return type.kind === "tensor" && type.dtype === "string";
    case "int64": return type.kind === "tensor" && type.dtype === "int64";
    case "dictionary": return type.kind === "dictionary" && type.key.dtype === feature.key;
    default: return feature satisfies never;
  }
}

const arrayNames = { float16: "fp16", float32: "fp32", float64: "fp64", int32: "int32", int8: "int8" } as const;

/** An output whose shape is open states none. */
function shapeFits(shape: readonly number[], type: MilTensorType): boolean {
  if (shape.length === 0) return true;
  return shape.length === type.shape.length && type.shape.every((dim, axis) => dim === null || dim === shape[axis]);
}

function featureText(type: FeatureType): string {
  switch (type.kind) {
    case "array": return `${type.dtype}[${type.shape.join(", ")}]`;
    case "image": return `${type.color} ${type.width} x ${type.height}`;
    default: return type.kind;
  }
}
