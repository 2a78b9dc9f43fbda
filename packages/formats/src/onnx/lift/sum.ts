import type { Lift } from "./lift.ts";

/** Sum of any number of inputs → a chain of Add. */
export const liftSum: Lift = (node, context) => {
  const [first = null, ...rest] = node.inputs;
  if (rest.length === 0) return [{ ...node, opType: "Identity", attrs: {} }];
  let left = first;
  return rest.map((right, index) => {
    const output = index === rest.length - 1 ? node.outputs[0] ?? "" : context.fresh(`${node.outputs[0]}.sum`);
    const add = { ...node, opType: "Add", inputs: [left, right], outputs: [output], attrs: {} };
    left = output;
    return add;
  });
};
