import type { EmitInput } from "@edgewise/adapter";
import { elementCount } from "@edgewise/graph";
import { perTensor } from "@edgewise/graph/ops";
import type { CameraMapping } from "@edgewise/preprocess";
import { CODE_TOLERANCE_BYTES, type Footprint } from "../bill.ts";
import { footprint } from "../footprint/table.ts";
import type { Program } from "../program.ts";
import { kernelSetOf } from "../runtime.ts";
import { renderBuildGuide } from "./build-guide.ts";

export interface ReadmeParts {
  readonly input: EmitInput;
  readonly program: Program;
  readonly prefix: string;
  readonly sizes: Footprint;
  readonly pixels: CameraMapping | null;
  readonly vectors: number;
}

/** What a person needs to have the network running in five minutes, with this network's own numbers. */
export function renderReadme(parts: ReadmeParts): string {
  const { input, program, prefix, vectors } = parts;
  const guide = renderBuildGuide({ program, prefix, vectors, family: kernelSetOf(input.candidate.backend) });
  return [heading(parts), use(parts), guide, costs(parts), promises(parts)].join("\n");
}

function heading({ input, prefix }: ReadmeParts): string {
  const { candidate, licence } = input;
  return `# ${prefix}

${candidate.file} as C99 for ${input.device.name}: int8, no allocation, no operating system, no floating point, no library.
Licence of the model: ${licence ?? "not stated"}.
`;
}

function use({ input, program, prefix, pixels }: ReadmeParts): string {
  const upper = prefix.toUpperCase();
  const enter = pixels === null ? `    /* write ${upper}_INPUT_BYTES int8 values into ${prefix}_input() */` : `    ${prefix}_set_picture(frame); /* ${elementCount(program.input.shape)} bytes, 0 .. 255 */`;
  const { output } = input.contract;
  const answer = output.kind === "labels" ? `    const char *answer = ${prefix}_labels[${prefix}_best()];` : `    const int8_t *answer = ${prefix}_output();`;
  const inQuant = perTensor(program.input.quant);
  const outQuant = perTensor(program.output.quant);
  return `## Use it

    #include "${prefix}.h"

${enter}
    ${prefix}_run();
${answer}

| | bytes | real value |
|---|---|---|
| input | ${elementCount(program.input.shape)} | ${inQuant.scale} * (value - (${inQuant.zeroPoint})) |
| output | ${elementCount(program.output.shape)} | ${outQuant.scale} * (value - (${outQuant.zeroPoint})) |

All calls share one static arena: one run at a time, and the input is used up by the run.
`;
}

function costs({ program, sizes }: ReadmeParts): string {
  const rows = [
    ["RAM: arena, input and output included", sizes.arenaBytes], ["RAM: stack, at most", sizes.stackBoundBytes],
    ...sizes.constants.map(({ name, bytes }) => [`flash: ${name}`, bytes] as const), ["flash: code, about", sizes.code.expected],
  ] as const;
  const macs = program.layers.reduce((sum, layer) => sum + layer.macs, 0);
  return `## What it costs

| | bytes |
|---|---|
${rows.map(([name, bytes]) => `| ${name} | ${bytes} |`).join("\n")}

${program.layers.length} kernel calls, ${macs} multiply-accumulates a run.
`;
}

function promises({ prefix }: ReadmeParts): string {
  return `## What is promised

Arena and constants are exact on a 32-bit target. Code is within ${CODE_TOLERANCE_BYTES} bytes and stack below its bound with ${footprint.compiler}, -O2 or -Os, \`${footprint.flags}\`; interrupts and the caller's own frames are not counted. Labels, picture tables and the self-test take flash only where they are linked.
Outputs are bit-exact with the reference interpreter on every compiler that shifts negative numbers arithmetically, which all of them do on these targets.
Two networks may share a firmware: every symbol starts with \`${prefix}_\`.
`;
}
