import { stringValue } from "../mil.ts";
import { type Lowering, give, operand, outputType } from "./use.ts";

/** Cast → cast to the type that is computed with; where that is the operand's own, lower.ts makes nothing of it. */
export const lowerCast: Lowering = (use) => give(use, "cast", { x: operand(use, 0), dtype: stringValue(outputType(use).dtype) });

/** Identity of stored integers; of others lower.ts makes nothing. */
export const lowerIdentity: Lowering = (use) => give(use, "identity", { x: operand(use, 0) });
