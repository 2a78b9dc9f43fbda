import type { EmitInput } from "@edgewise/adapter";
import type { Ports } from "../ports.ts";
import { type FunctionPart, type InterfacePart, type ModulePart, parameters } from "./parts.ts";

/** What the wrapper needs of onnxruntime: the same for -node and -web, so that neither is imported. */
const ortTypes: readonly InterfacePart[] = [
  { name: "OrtTensor", isExported: true, properties: [{ name: "data", type: "unknown", isReadonly: true }, { name: "dims", type: "readonly number[]", isReadonly: true }] },
  {
    name: "OrtSession", isExported: true,
    methods: [
      { name: "run", parameters: parameters("feeds: Readonly<Record<string, OrtTensor>>"), returnType: "Promise<Readonly<Record<string, OrtTensor>>>" },
      { name: "release", returnType: "Promise<void>" },
    ],
  },
  {
    name: "Ort", isExported: true, docs: ["The module `onnxruntime-node` or `onnxruntime-web`."],
    properties: [
      { name: "Tensor", isReadonly: true, type: "new (type: \"float32\", data: Float32Array, dims: readonly number[]) => OrtTensor" },
      { name: "InferenceSession", isReadonly: true, type: "{ create(path: string, options?: object): Promise<OrtSession>; create(bytes: Uint8Array, options?: object): Promise<OrtSession> }" },
    ],
  },
];

/**
 * onnxruntime turns a dequantized weight and its MatMul into one kernel that rounds the activations to int8 at
 * its default accuracy level, 4. Level 1 multiplies in float32: what int8-weights means.
 */
const FLOAT_ACTIVATIONS = "{ extra: { session: { qdq_matmulnbits_accuracy_level: \"1\" } }, ...options }";

/** Opens the model; `classify` where the contract ends in labels. */
export function sessionPart({ contract, candidate }: Pick<EmitInput, "contract" | "candidate">, { input, output }: Ports): ModulePart {
  const labelled = contract.output.kind === "labels";
  const picture = contract.input.kind === "image";
  const type = labelled ? "Classifier" : "Predictor";
  const given = picture ? "picture: Picture" : "values: ArrayLike<number>";
  const name = picture ? "picture" : "values";
  return {
    constants: [{ name: "modelUrl", exported: true, type: "string", value: "new URL(\"./model.onnx\", import.meta.url).href", doc: "Where model.onnx lies beside this module; bundlers copy it." }],
    interfaces: [...ortTypes, {
      name: type, isExported: true,
      methods: [
        ...(labelled ? [{ name: "classify", parameters: parameters(given), returnType: "Promise<readonly Answer[]>", docs: ["Best class first."] }] : []),
        { name: "predict", parameters: parameters(given), returnType: "Promise<Float32Array>", docs: [`The model's output, [${output.shape.join(", ")}].`] },
        { name: "run", parameters: parameters("tensor: Float32Array"), returnType: "Promise<Float32Array>", docs: ["A tensor as `toTensor` makes it → the model's output."] },
        { name: "release", returnType: "Promise<void>", docs: ["Gives the model's memory back."] },
      ],
    }],
    functions: [createFunction({ type, labelled, name, given, settings: candidate.precision === "int8-weights" ? FLOAT_ACTIVATIONS : "options" }, { input, output })],
  };
}

interface Words {
  readonly type: string;
  readonly labelled: boolean;
  readonly name: string;
  readonly given: string;
  /** Session options, as an expression. */
  readonly settings: string;
}

function createFunction({ type, labelled, name, given, settings }: Words, { input, output }: Ports): FunctionPart {
  const chosen = settings === "options" ? "options" : "settings";
  const dims = `[${input.shape.join(", ")}]`;
  return {
    name: `create${type}`, isAsync: true, isExported: true, parameters: parameters("ort: Ort", "model: string | Uint8Array", "options: object = {}"), returnType: `Promise<${type}>`,
    docs: ["`model` is the bytes of model.onnx, or its path (Node) or URL (browser). `options` are onnxruntime's session options."],
    statements: [
      ...(settings === "options" ? [] : ["// Without it onnxruntime rounds activations to int8 where it multiplies by int8 weights.", `const settings = ${settings};`]),
      `const session = typeof model === "string" ? await ort.InferenceSession.create(model, ${chosen}) : await ort.InferenceSession.create(model, ${chosen});`,
      `const run = async (tensor: Float32Array): Promise<Float32Array> => {
  if (tensor.length !== ${input.elements}) throw new RangeError(\`The model takes ${input.elements} numbers, not \${tensor.length}.\`);
  const feeds = { ${JSON.stringify(input.name)}: new ort.Tensor("float32", tensor, ${dims}) };
  const results = await session.run(feeds);
  return results[${JSON.stringify(output.name)}]?.data as Float32Array;
};`,
      `const predict = async (${given}): Promise<Float32Array> => run(toTensor(${name}));`,
      `return {\n  ${labelled ? `classify: async (${name}) => toAnswers(await predict(${name})),\n  ` : ""}predict,\n  run,\n  release: () => session.release(),\n};`,
    ],
  };
}
