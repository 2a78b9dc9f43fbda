import { moveGraphs } from "./op-graphs/moves.ts";
import { pairGraphs } from "./op-graphs/pairs.ts";
import { resizeGraphs } from "./op-graphs/resizes.ts";
import { rowGraphs } from "./op-graphs/rows.ts";
import { tableGraphs } from "./op-graphs/tables.ts";
import { windowGraphs } from "./op-graphs/windows.ts";

/** Small float graphs in the text form, one for each form of an op that random networks do not draw. */
export const opGraphs: Readonly<Record<string, string>> = { ...windowGraphs, ...resizeGraphs, ...rowGraphs, ...pairGraphs, ...tableGraphs, ...moveGraphs };
