import type { MilDType, MilOperation, MilValue } from "../mil.ts";
import type { Build } from "./build.ts";

type Kind = "whole" | "number" | "bool" | "string";

/** What parameters are, by name; a name means the same in every operation. Others are values. */
const kinds: Readonly<Record<string, Kind>> = {
  strides: "whole", dilations: "whole", pad: "whole", groups: "whole", kernel_sizes: "whole", axes: "whole", axis: "whole", perm: "whole", shape: "whole",
  begin: "whole", end: "whole", stride: "whole", size: "whole", num_splits: "whole", split_sizes: "whole", target_size_height: "whole", target_size_width: "whole", batch_dims: "whole",
  alpha: "number", beta: "number", epsilon: "number", constant_val: "number", scale_factor_height: "number", scale_factor_width: "number",
  keep_dims: "bool", ceil_mode: "bool", exclude_padding_from_average: "bool", interleave: "bool", transpose_x: "bool", transpose_y: "bool",
  begin_mask: "bool", end_mask: "bool", squeeze_mask: "bool", align_corners: "bool", half_pixel_centers: "bool", validate_indices: "bool",
  pad_type: "string", mode: "string", dtype: "string", output_dtype: "string", sampling_mode: "string",
};

const wholeTypes: ReadonlySet<MilDType> = new Set<MilDType>(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]);

/** Why a parameter of an operation cannot be read: it is computed (a shape may be), or of another type. Null when all can. */
export function parameterProblem(build: Build, operation: MilOperation): string | null {
  const bound = [...Object.entries(operation.inputs).flatMap(([name, list]) => list.map((one) => [name, one] as const)), ...Object.entries(operation.attributes)];
  for (const [name, one] of bound) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) continue;
    const value: MilValue | undefined = typeof one === "string" ? build.constants.get(one) : one;
    if (value === undefined && name !== "shape") return `its ${name} is computed`;
    const type = value === undefined ? build.types.get(String(one)) : value.kind === "other" ? undefined : value.type;
    if (type?.kind !== "tensor" || !isOf(kind, type.dtype)) return `its ${name} is ${type?.kind === "tensor" ? type.dtype : "no tensor"}`;
  }
  return null;
}

function isOf(kind: Kind, dtype: MilDType): boolean {
  switch (kind) {
    case "whole": return wholeTypes.has(dtype);
    case "number": return wholeTypes.has(dtype) || dtype === "fp16" || dtype === "fp32";
    default: return kind === dtype;
  }
}
