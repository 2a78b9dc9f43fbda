import { type Node, elementCount } from "@edgewise/graph";
import { expOfNegative, highMul, perTensor, softmaxNumbers } from "@edgewise/graph/ops";
import { axisOrder, layoutOf } from "../layout.ts";
import type { Builder, Refusal } from "./builder.ts";

/** Exponentials up to 1 whose sum stays below 2^12. */
const MAX_CLASSES = 4095;

/** Softmax along one axis, whose elements must be neighbours in memory. */
export function lowerSoftmax(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Softmax has an input and an output." };
  const output = perTensor(build.quant(y));
  if (output.scale !== 1 / 256 || output.zeroPoint !== -128) return { refused: "The result of Softmax has scale 1/256 and zero point -128." };
  const shape = build.shape(x);
  const asked = typeof node.attrs["axis"] === "number" ? node.attrs["axis"] : -1;
  const axis = asked < 0 ? asked + shape.length : asked;
  const classes = shape[axis] ?? 1;
  if (classes > MAX_CLASSES) return { refused: `Softmax adds in Q12.19: at most ${MAX_CLASSES} classes.` };
  const held = axisOrder(build.layout(x), shape)?.filter((each) => shape[each] !== 1);
  const inner = classes === 1 || held?.at(-1) === axis;
  const layout = inner ? build.layout(x) : layoutOf(shape, [...shape.map((_, each) => each).filter((each) => each !== axis), axis]);
  const count = elementCount(shape);
  build.push({
    kernel: "softmax",
    parameters: { rows: count / classes, classes },
    arrays: [{ field: "exponential", use: "table", data: exponentialTable(build, x), comment: "[256], exp of -(index) input steps in Q0.31" }],
    inputs: [build.read(x, layout)],
    output: build.allocate(y, layout),
    overlapBytes: [count],
  });
  return null;
}

/** exp of each difference 0 .. -255 to the largest input; 0 where the reference leaves it out. */
function exponentialTable(build: Builder, x: string): Int32Array {
  const { multiplier, shift, diffMin } = softmaxNumbers(build.quant(x));
  return Int32Array.from({ length: 256 }, (_, d) => (-d >= diffMin ? expOfNegative(highMul(-d << shift, multiplier), 5) : 0));
}
