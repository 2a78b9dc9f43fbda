import type { Lift } from "./lift.ts";

/** An op of any number of inputs → a chain of the op of two, `pair`; of one input, the input itself. */
export function liftMany(pair: "Add" | "Min" | "Max"): Lift {
  return (node, context) => {
    const [first = null, ...rest] = node.inputs;
    if (rest.length === 0) return [{ ...node, opType: "Identity", attrs: {} }];
    let left = first;
    return rest.map((right, index) => {
      const output = index === rest.length - 1 ? node.outputs[0] ?? "" : context.fresh(`${node.outputs[0]}.${node.opType.toLowerCase()}`);
      const joined = { ...node, opType: pair, inputs: [left, right], outputs: [output], attrs: {} };
      left = output;
      return joined;
    });
  };
}
