import type { DType } from "@edgewise/graph";
import type { Lift } from "./lift.ts";

/** Type names of the public definition that the IR calls otherwise. */
const renamed: Readonly<Record<string, DType>> = { float: "float32", double: "float64" };

/** Cast before opset 6 names its type ("FLOAT") instead of numbering it. */
export const liftCast: Lift = (node) => {
  const to = node.attrs["to"];
  if (typeof to !== "string") return [node];
  const name = to.toLowerCase();
  return [{ ...node, attrs: { ...node.attrs, to: (Object.hasOwn(renamed, name) ? renamed[name] : undefined) ?? name } }];
};
