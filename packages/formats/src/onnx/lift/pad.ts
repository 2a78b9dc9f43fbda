import { decodeTensor } from "@edgewise/graph/ops";
import { dataType } from "./attribute-to-input.ts";
import { type Lift, type LiftContext, type RawNode, numberList, numberAttr, without } from "./lift.ts";

/** Pad before opset 11: attributes pads (opset 1: paddings) and value → inputs. A value of 0 is the default, and left out. */
export const liftPad: Lift = (node, context) => {
  const pads = numberList(node.attrs["pads"]) ?? numberList(node.attrs["paddings"]);
  if (pads === null) return [withoutZero(node, context)];
  const value = numberAttr(node.attrs["value"]) ?? 0;
  const inputs = [node.inputs[0] ?? null, context.int64s(`${node.outputs[0]}.pads`, pads)];
  const filled = value === 0 ? inputs : [...inputs, context.scalar(`${node.outputs[0]}.value`, dataType(node, context), value)];
  return [{ ...node, inputs: filled, attrs: without(node.attrs, "pads", "paddings", "value") }];
};

function withoutZero(node: RawNode, context: LiftContext): RawNode {
  const value = context.constantOf(node.inputs[2] ?? "");
  if (value === null || value.bytes.length > 8) return node;
  const zero = Array.from(decodeTensor(value.dtype, value.shape, value.bytes).data, Number).every((number) => number === 0);
  return zero ? { ...node, inputs: node.inputs.map((id, position) => position === 2 ? null : id) } : node;
}
