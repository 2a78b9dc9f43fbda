import type { Graph } from "../../graph.ts";
import { invariant } from "../../invariant.ts";
import { dropDead } from "../drop-dead.ts";
import { dropIdentity } from "../drop-identity.ts";
import type { Pass } from "../pass.ts";
import { dropChannels } from "./drop-channels.ts";
import { fuseTables } from "./fuse-tables.ts";
import { mergeInt8Pad } from "./merge-int8-pad.ts";

/** In the order in which they run; repeated until none changes anything. */
export const int8Passes: readonly Pass[] = [
  dropDead, // first: a reader that nobody needs must not hold a channel
  dropIdentity, // before what looks at neighbours
  fuseTables, // before pads and channels: ranges are read through fewer nodes
  mergeInt8Pad, // before channels: a Pad that went leaves borders that a Conv accounts for exactly
  dropChannels,
];

/** Each round removes nodes or channels; what one removal makes possible is found within two or three. */
const MAX_ROUNDS = 16;

/**
 * A smaller int8 graph with the same answers, bit for bit, by the reference arithmetic (adr/0002).
 *
 * For a graph of fixed shapes that `canonicalize` and quantization have left; float parts are left alone. The same object
 * back means that there was nothing to remove. Never fails: what a pass does not understand stays.
 */
export function reduceInt8(graph: Graph): Graph {
  let current = graph;
  for (let round = 0; ; round++) {
    invariant(round < MAX_ROUNDS, `the int8 passes do not settle on ${graph.name}`);
    const before = current;
    current = int8Passes.reduce((now, pass) => pass.run(now), before);
    if (current === before) return current;
  }
}
