import { invariant } from "@edgewise/graph";
import { kernels } from "../kernels/registry.ts";
import { type Layer, type Program, scratchId } from "../program.ts";
import { withPrefix } from "./kernel-files.ts";
import { inComment } from "./names.ts";
import { structName } from "./weights-file.ts";

/** The network: one arena, one call a layer. */
export function renderRun(program: Program, prefix: string): string {
  const upper = prefix.toUpperCase();
  const calls = program.layers.map((layer, i) => {
    const call = `    ${renderCall(program, layer, i)}`;
    return `${call.padEnd(64)} /* ${layer.op} ${inComment(layer.origin.node)} */`;
  });
  return withPrefix(`/* The network: one call a layer, all memory in one arena. */
#include "${prefix}.h"
#include "ew_weights.h"

/* Aligned as a word. */
static union { int32_t word; int8_t bytes[${upper}_ARENA_BYTES]; } ew_arena;

int8_t *ew_input(void)
{
    return ew_arena.bytes + ${offsetOf(program, program.input.activation)};
}

const int8_t *ew_output(void)
{
    return ew_arena.bytes + ${offsetOf(program, program.output.activation)};
}

void ew_run(void)
{
${calls.join("\n")}
}
`, prefix);
}

function renderCall(program: Program, layer: Layer, index: number): string {
  const kernel = kernels[layer.kernel];
  const inputs = kernel.inputs.map((_, i) => {
    const id = layer.inputs[i];
    return id === undefined ? "NULL" : `ew_arena.bytes + ${offsetOf(program, id)}`;
  });
  const output = `ew_arena.bytes + ${offsetOf(program, layer.output) + layer.outputOffsetBytes}`;
  const scratch = kernel.scratch === true ? [`ew_arena.bytes + ${offsetOf(program, scratchId(index))}`] : [];
  return `ew_${layer.kernel}(${[`&${structName(index)}`, ...inputs, output, ...scratch].join(", ")});`;
}

function offsetOf(program: Program, id: string): number {
  const offset = program.offsets.get(id);
  invariant(offset !== undefined, `${id} has a place in the arena`);
  return offset;
}
