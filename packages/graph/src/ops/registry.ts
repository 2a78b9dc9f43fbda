import type { OpDef, OpName } from "../op.ts";
import { relu } from "./relu.ts";

/** The vocabulary on one screen. */
export const ops: Readonly<Record<OpName, OpDef>> = {
  Relu: relu,
};
