import { arithmeticSource } from "../kernels/arithmetic.ts";
import type { Kernel, KernelName } from "../kernels/kernel.ts";
import { kernels } from "../kernels/registry.ts";
import type { Program } from "../program.ts";

/** Kernels that a program calls, by name. */
export function usedKernels(program: Program): readonly Kernel[] {
  const names = new Set<KernelName>(program.layers.map((layer) => layer.kernel));
  return [...names].sort().map((name) => kernels[name]);
}

/** `ew_` in kernel sources becomes the bundle's prefix. */
export function withPrefix(source: string, prefix: string): string {
  return source.replaceAll(/\bew_/g, `${prefix}_`);
}

/** The internal header: shared arithmetic, and struct and prototype of each used kernel. */
export function renderKernelHeader(used: readonly Kernel[], prefix: string): string {
  const guard = `${prefix.toUpperCase()}_KERNELS_H`;
  const parts = used.map((kernel) => `${renderStruct(kernel)}\nvoid ew_${kernel.name}(${signature(kernel)});\n`);
  return withPrefix(`/* Kernels of this network. Internal: applications include ${prefix}.h. */
#ifndef ${guard}
#define ${guard}

#include <stddef.h>
#include <stdint.h>
${arithmeticSource}
${parts.join("\n")}
#endif
`, prefix);
}

export function renderKernel(kernel: Kernel, prefix: string): string {
  return withPrefix(`/* ${capital(kernel.summary)}. */
#include "ew_kernels.h"
${kernel.source}`, prefix);
}

/** The assembly beside a kernel's C; null when it has none. */
export function renderAssembly({ summary, assembly }: Kernel, prefix: string): string | null {
  if (assembly === undefined) return null;
  return withPrefix(`/* ${capital(summary)}: inner loops. */
#if ${assembly.condition}
    .syntax unified
    .thumb
    .text
${assembly.source}
#endif
`, prefix);
}

function renderStruct(kernel: Kernel): string {
  const fields = kernel.fields.map(({ type, name, comment }) => {
    const declared = `    ${type.endsWith("*") ? type : `${type} `}${name};`;
    return comment === "" ? declared : `${declared.padEnd(36)} /* ${comment} */`;
  });
  return `/* ${capital(kernel.summary)}. */\ntypedef struct {\n${fields.join("\n")}\n} ew_${kernel.name}_t;\n`;
}

function signature(kernel: Kernel): string {
  const scratch = kernel.scratch === true ? ["int8_t *scratch"] : [];
  return [`const ew_${kernel.name}_t *l`, ...kernel.inputs.map((name) => `const int8_t *${name}`), "int8_t *out", ...scratch].join(", ");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
