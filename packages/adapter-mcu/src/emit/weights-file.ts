import { kernels } from "../kernels/registry.ts";
import type { ConstantArray, Layer, Parameter, Program } from "../program.ts";
import { withPrefix } from "./kernel-files.ts";
import { inComment } from "./names.ts";

const LINE_CHARACTERS = 118;

/** Everything that stays in flash: arrays and one parameter struct a layer. */
export function renderWeights(program: Program, prefix: string): string {
  const layers = program.layers.map((layer, i) => renderLayer(layer, i));
  return withPrefix(`/* Weights, tables and layer parameters. All const: they stay in flash. */
#include "ew_weights.h"

${layers.join("\n")}`, prefix);
}

/** Declarations of the parameter structs, for the file that calls the kernels. */
export function renderWeightsHeader(program: Program, prefix: string): string {
  const guard = `${prefix.toUpperCase()}_WEIGHTS_H`;
  const lines = program.layers.map((layer, i) => `extern const ew_${layer.kernel}_t ${structName(i)};`);
  return withPrefix(`#ifndef ${guard}
#define ${guard}

#include "ew_kernels.h"

${lines.join("\n")}

#endif
`, prefix);
}

/** Name of layer `index`'s parameter struct, before the prefix is put in. */
export function structName(index: number): string {
  return `ew_layer_${String(index).padStart(2, "0")}`;
}

function renderLayer(layer: Layer, index: number): string {
  const arrays = layer.arrays.map(renderArray).join("");
  const fields = kernels[layer.kernel].fields.map(({ name }) => `    .${name} = ${renderParameter(layer.parameters[name])},`);
  return `/* ${layer.op} ${inComment(layer.origin.node)} */
${arrays}const ew_${layer.kernel}_t ${structName(index)} = {
${fields.join("\n")}
};
`;
}

function renderParameter(parameter: Parameter | undefined): string {
  if (parameter === null || parameter === undefined) return "NULL";
  return typeof parameter === "number" ? literal(parameter) : `ew_${parameter.array}`;
}

function renderArray({ name, type, data, comment }: ConstantArray): string {
  return `static const ${type} ew_${name}[${data.length}] = { /* ${inComment(comment)} */\n${wrap(data)}};\n`;
}

/** -2147483648 is an expression of a too large literal in C. */
function literal(value: number): string {
  return value === -2147483648 ? "INT32_MIN" : String(value);
}

function wrap(data: Int8Array | Int32Array): string {
  const lines: string[] = [];
  let line = "    ";
  for (const value of data) {
    const text = `${literal(value)}, `;
    if (line.length + text.length > LINE_CHARACTERS) {
      lines.push(line.trimEnd());
      line = "    ";
    }
    line += text;
  }
  return `${[...lines, line.trimEnd()].join("\n")}\n`;
}
