import type { DType } from "@edgewise/graph";
import { type Lift, type LiftContext, type RawNode, numberAttr, numberList, without } from "./lift.ts";

/** An int64 list that older operator sets keep in an attribute and newer ones in the input at `position`. */
function listToInput(node: RawNode, about: { readonly attr: string; readonly position: number }, id: string | null): RawNode {
  const inputs = [...node.inputs];
  while (inputs.length < about.position) inputs.push(null);
  if (id !== null) inputs[about.position] = id;
  return { ...node, inputs, attrs: without(node.attrs, about.attr) };
}

/** ReduceMean, Squeeze, Unsqueeze: attribute `axes` → second input. */
export function liftList(attr: string): Lift {
  return (node, context) => {
    const list = numberList(node.attrs[attr]);
    return [list === null ? node : listToInput(node, { attr, position: 1 }, context.int64s(`${node.outputs[0]}.${attr}`, list))];
  };
}

/** Type of the node's first input; float32 where nothing tells otherwise. */
export function dataType(node: RawNode, context: LiftContext): DType {
  return context.factOf(node.inputs[0] ?? "")?.dtype ?? "float32";
}

/** Clip before opset 11: attributes min and max → inputs of the data's type. */
export const liftClip: Lift = (node, context) => {
  const [min, max] = [numberAttr(node.attrs["min"]), numberAttr(node.attrs["max"])];
  if (min === null && max === null) return [node];
  const limit = (name: string, value: number | null): string | null => value === null ? null : context.scalar(`${node.outputs[0]}.${name}`, dataType(node, context), value);
  return [{ ...node, inputs: [node.inputs[0] ?? null, limit("min", min), limit("max", max)], attrs: without(node.attrs, "min", "max") }];
};

/** Slice before opset 10: attributes starts, ends and axes → inputs. */
export const liftSlice: Lift = (node, context) => {
  const [starts, ends, axes] = [numberList(node.attrs["starts"]), numberList(node.attrs["ends"]), numberList(node.attrs["axes"])];
  if (starts === null || ends === null) return [node];
  const list = (name: string, values: readonly number[]): string => context.int64s(`${node.outputs[0]}.${name}`, values);
  return [{
    ...node, attrs: without(node.attrs, "starts", "ends", "axes"),
    inputs: [node.inputs[0] ?? null, list("starts", starts), list("ends", ends), list("axes", axes ?? starts.map((_, axis) => axis))],
  }];
};

/** Reshape before opset 5: attribute shape → second input. */
export const liftReshape: Lift = (node, context) => {
  const shape = numberList(node.attrs["shape"]);
  return [shape === null ? node : listToInput(node, { attr: "shape", position: 1 }, context.int64s(`${node.outputs[0]}.shape`, shape))];
};
