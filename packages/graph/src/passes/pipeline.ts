import { type Diagnostic, type Result, fail, ok } from "../diagnostic.ts";
import type { Graph } from "../graph.ts";
import { invariant } from "../invariant.ts";
import { propagateShapes } from "../shape.ts";
import { verifyGraph } from "../verify.ts";
import { absorbQdq } from "./absorb-qdq.ts";
import { dropDead } from "./drop-dead.ts";
import { dropIdentity } from "./drop-identity.ts";
import { floatReasons } from "./float-reasons.ts";
import { foldConstants } from "./fold-constants.ts";
import { foldQuantized } from "./fold-quantized.ts";
import { foldReshapeChain } from "./fold-reshape-chain.ts";
import { foldScale } from "./fold-scale.ts";
import { fuseActivation } from "./fuse-activation.ts";
import { fuseBatchNorm } from "./fuse-batch-norm.ts";
import { lowerBatchNorm } from "./lower-batch-norm.ts";
import { lowerQdq } from "./lower-qdq.ts";
import { matmulToGemm } from "./matmul-to-gemm.ts";
import { mergePad } from "./merge-pad.ts";
import type { Pass } from "./pass.ts";
import { moveQuantize } from "./quantized-movers.ts";
import { reorderDense } from "./reorder-dense.ts";
import { sinkTransposes } from "./sink-transposes.ts";
import { mergeTransposes } from "./transposes.ts";

/** In the order in which they run; repeated until none changes anything. */
export const canonicalPasses: readonly Pass[] = [
  dropDead, // first: nothing below works on what is not needed
  foldConstants, // weights that are reshaped or transposed in the file become constants
  lowerQdq, // after folding: needs constant scales
  foldQuantized, // what stood between a constant's DequantizeLinear and its reader
  dropIdentity,
  sinkTransposes, // before merging: brings opposite transposes together
  mergeTransposes,
  foldReshapeChain,
  mergePad, // before foldScale: a padded Conv takes no offset into its input
  matmulToGemm, // before what works on the weights of Conv and Gemm
  reorderDense, // after merging: takes the transposes that did not cancel
  fuseBatchNorm, // after folding: needs constant parameters
  lowerBatchNorm, // after fusing: takes what is left
  foldScale,
  fuseActivation, // after all that changes weights: a clamped Conv takes no scale
  absorbQdq, // after activations: op, clamp and Quantize become one integer op
  moveQuantize, // after absorbing: an absorbed Reshape or MaxPool needs no moving
  dropDead,
];

/** Each round of a sound pipeline removes or moves something for good; real models need three or four. */
const MAX_ROUNDS = 32;

/**
 * The graph in the form that everything downstream expects: shapes known, constants folded, activations fused,
 * quantization held as facts; verified. Errors: shape conflicts and broken rules of the IR, each with its node.
 */
export function canonicalize(graph: Graph): Result<Graph> {
  const broken = verifyGraph(graph);
  if (broken.length > 0) return fail(...broken);
  let shaped = propagateShapes(graph);
  for (let round = 0; shaped.ok; round++) {
    invariant(round < MAX_ROUNDS, `the passes do not settle on ${graph.name}`);
    const before = shaped.value;
    const after = canonicalPasses.reduce((current, pass) => pass.run(current), before);
    if (after === before) break;
    shaped = propagateShapes(after);
  }
  if (!shaped.ok) return shaped;
  const wrong: readonly Diagnostic[] = verifyGraph(shaped.value);
  return wrong.length > 0 ? fail(...wrong) : ok(shaped.value, floatReasons(shaped.value));
}
