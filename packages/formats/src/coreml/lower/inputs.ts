import { type Value, type ValueId, valueOf } from "@edgewise/graph";
import { type MilTensorType, stringValue, tensorType } from "../mil.ts";
import { type Draft, addIntermediate } from "./draft.ts";
import { addImage } from "./image.ts";
import { addPair } from "./pair.ts";
import { type ImageOptions, type MadeInput, type ShapeOptions, arrayFeature, borderDType, defaultShape, featureDType, flexibilityOf, portProblem, shapeProblem } from "./ports.ts";

export interface InputOptions {
  readonly images: Readonly<Record<string, ImageOptions>>;
  readonly shapes: Readonly<Record<string, ShapeOptions>>;
}

/** An input of the graph as a feature and an argument of the program, with what stands between it and its readers. */
export function addInput(draft: Draft, id: ValueId, options: InputOptions): MadeInput | null {
  const value = valueOf(draft.graph, id);
  const shapes = Object.hasOwn(options.shapes, id) ? options.shapes[id] : undefined;
  const name = draft.names.fresh(id);
  const sizes = sizesOf(draft, value, shapes);
  if (sizes === null) return null;
  const image = Object.hasOwn(options.images, id) ? options.images[id] : undefined;
  if (image !== undefined) return addImage(draft, { value, name, image, sizes, flexibility: shapes });
  const border = borderDType(value);
  const dtype = border === null ? null : featureDType(border, draft.target);
  if (border === null || dtype === null || sizes.length === 0 || sizes.length > 5) {
    draft.problems.push(portProblem("COREML_INPUT", id, {
      summary: `The input ${id} cannot be a feature`, found: `${value.dtype}, ${sizes.length} dims`,
      expected: "float32, float16 (from iOS16), int32, or int8 with a scale, with 1 to 5 dims", fix: "Emit a model whose inputs are float32.",
    }));
    return null;
  }
  const type = tensorType(border, (value.shape ?? []).map((dim) => typeof dim === "number" ? dim : null));
  bindInput(draft, { value, name, type });
  const axes = sizes.map((_, axis) => axis);
  return { port: { name, type }, feature: arrayFeature(name, { dtype, shape: sizes, flexibility: flexibilityOf(shapes, axes) }), skipped: [] };
}

/** Default sizes; null after a problem. */
function sizesOf(draft: Draft, value: Value, shapes: ShapeOptions | undefined): readonly number[] | null {
  const dims = value.shape ?? [];
  if (shapes === undefined) {
    const open = dims.filter((dim) => typeof dim === "string");
    if (open.length === 0) return dims.map(Number);
    draft.problems.push(portProblem("COREML_SHAPES", value.id, { summary: `The input ${value.id} has open dims`, found: open.join(", "), expected: "numbers, or the shapes it takes", fix: "State the sizes of the input, or the shapes that it takes." }));
    return null;
  }
  const problem = shapeProblem(value, shapes);
  if (problem === null) return defaultShape(shapes);
  draft.problems.push(portProblem("COREML_SHAPES", value.id, { summary: `These shapes are not shapes of the input ${value.id}`, found: problem, expected: `[${dims.join(", ")}], named dims free`, fix: "Vary only dims that the model leaves open." }));
  return null;
}

/** Binds a value to an argument of the program, through a cast where another type is computed with, and its fact. */
function bindInput(draft: Draft, { value, name, type }: { readonly value: Value; readonly name: string; readonly type: MilTensorType }): void {
  const narrow = type.dtype === "fp32" && draft.compute === "fp16";
  const reals = narrow ? addIntermediate(draft, `${name}_to_fp16`, { type: "cast", inputs: { x: name, dtype: stringValue("fp16") }, output: { ...type, dtype: "fp16" } }) : name;
  if (value.quant === null) {
    draft.bound.set(value.id, reals);
    return;
  }
  const to = draft.names.fresh(`${name}_dequantized`);
  addPair(draft, { value, quant: value.quant, from: reals, to });
  draft.bound.set(value.id, to);
}
