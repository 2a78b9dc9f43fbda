import { type Maker, between, node, valueOf } from "../build.ts";
import { boolField } from "../flat.ts";
import type { Operand } from "../operand.ts";
import { batchMatMulOptions as fields } from "../schema.ts";
import { type Lift, given, isComputable, notComputable } from "./lift.ts";

/** BATCH_MATMUL: products of matrices, either one's last axes swapped first, leading axes repeated. Source: TFLite kernels/batch_matmul.cc. */
export const liftBatchMatMul: Lift = (operator, maker) => {
  const a = given(operator.inputs[0], "first operand");
  const b = given(operator.inputs[1], "second operand");
  const y = given(operator.outputs[0], "output");
  if (!isComputable(a, b, y)) return notComputable;
  if (a.shape.length < 2 || b.shape.length < 2) return { why: "an operand is not a matrix", found: `[${a.shape.join(", ")}] and [${b.shape.join(", ")}]` };
  const inputs = [
    boolField(operator.options, fields.adjX) ? swapped(maker, a) : valueOf(maker, a),
    boolField(operator.options, fields.adjY) ? swapped(maker, b) : valueOf(maker, b),
  ];
  node(maker, "MatMul", { inputs, outputs: [valueOf(maker, y)] });
  return null;
};

/** The operand with its last two axes swapped. */
function swapped(maker: Maker, x: Operand): string {
  const perm = x.shape.map((_, axis) => axis);
  const rank = perm.length;
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  const id = between(maker, `${x.id}.swapped`, { ...x, shape: perm.map((axis) => x.shape[axis] ?? 1) });
  node(maker, "Transpose", { inputs: [valueOf(maker, x)], outputs: [id], attrs: { perm } });
  return id;
}
