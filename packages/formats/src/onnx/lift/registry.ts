import { liftClip, liftList, liftReshape, liftSlice } from "./attribute-to-input.ts";
import { liftArithmetic, liftPRelu } from "./broadcast.ts";
import { liftCast } from "./cast.ts";
import { liftConstantOfShape } from "./constant-of-shape.ts";
import { liftBatchNormalization, liftConcat, liftDropout, liftGemm } from "./inference.ts";
import type { Lift } from "./lift.ts";
import { liftMany } from "./many.ts";
import { liftPad } from "./pad.ts";
import { liftResize, liftUpsample } from "./resize.ts";
import { liftSoftmax } from "./softmax.ts";
import { liftSplit } from "./split.ts";

/** Ops whose older forms, or whose whole meaning, are rewritten at the door. Every other op enters as it is. */
export const lifts: Readonly<Record<string, Lift>> = {
  Add: liftArithmetic,
  BatchNormalization: liftBatchNormalization,
  Cast: liftCast,
  Clip: liftClip,
  Concat: liftConcat,
  ConstantOfShape: liftConstantOfShape,
  Div: liftArithmetic,
  Dropout: liftDropout,
  Gemm: liftGemm,
  LogSoftmax: liftSoftmax,
  Max: liftMany("Max"),
  Min: liftMany("Min"),
  Mul: liftArithmetic,
  PRelu: liftPRelu,
  Pad: liftPad,
  ReduceMean: liftList("axes"),
  Reshape: liftReshape,
  Resize: liftResize,
  Slice: liftSlice,
  Softmax: liftSoftmax,
  Split: liftSplit,
  Squeeze: liftList("axes"),
  Sub: liftArithmetic,
  Sum: liftMany("Add"),
  Unsqueeze: liftList("axes"),
  Upsample: liftUpsample,
};
