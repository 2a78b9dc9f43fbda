import type { Tensor } from "@edgewise/graph";
import { numbers } from "../literal.ts";
import { type MilNumbers, tensorType } from "../mil.ts";
import { isAtLeast } from "../target.ts";
import { type Draft, addOperation } from "./draft.ts";

/** Entries of the table: what 4 bits can point at. */
const ENTRIES = 16;
const BITS = 4;

/**
 * A constant as 4-bit indices into a table of its numbers, which are kept exactly; null when it has more than 16.
 *
 *   before iOS 18: indices packed from the low bits up as uint8 [bytes], lut [16], shape [rank]
 *   from iOS 18:   indices uint4 in the tensor's shape, lut [1, …, 1, 16, 1]: one table for the whole tensor
 *
 * Tables are sorted; entries that are not used repeat the last. Source: apple.github.io/coremltools, constexpr_lut_to_dense
 */
export function addPalette(draft: Draft, wish: string, { dtype, tensor }: { readonly dtype: "fp16" | "fp32"; readonly tensor: Tensor }): string | null {
  const table = tableOf(tensor);
  if (table === null) return null;
  const position = new Map(table.map((entry, index) => [entry, index]));
  const packed = new Uint8Array(Math.ceil((tensor.data.length * BITS) / 8));
  tensor.data.forEach((entry: number | bigint, index: number) => { packed[index >> 1] = (packed[index >> 1] ?? 0) | ((position.get(Number(entry)) ?? 0) << (BITS * (index & 1))); });
  const entries = Array.from({ length: ENTRIES }, (_, index) => table[index] ?? table.at(-1) ?? 0);
  const name = draft.names.fresh(wish);
  const outputs = [{ name, type: tensorType(dtype, tensor.shape) }];
  if (isAtLeast(draft.target, "iOS18")) {
    const indices: MilNumbers = { kind: "numbers", type: tensorType("uint4", tensor.shape), bytes: packed };
    const lut = numbers(dtype, [...tensor.shape.map(() => 1), ENTRIES, 1], entries);
    draft.operations.push({ type: "constexpr_lut_to_dense", name, inputs: { indices: [indices], lut: [lut] }, outputs, attributes: {} });
    return name;
  }
  const indices: MilNumbers = { kind: "numbers", type: tensorType("uint8", [packed.length]), bytes: packed };
  addOperation(draft, { type: "constexpr_lut_to_dense", inputs: {}, outputs, attributes: { indices, lut: numbers(dtype, [ENTRIES], entries), shape: numbers("uint32", [tensor.shape.length], tensor.shape) } });
  return name;
}

/** The different numbers, ascending; null when there are too many. −0 and 0 are one. */
function tableOf({ data }: Tensor): readonly number[] | null {
  const seen = new Set<number>();
  for (const entry of data) {
    seen.add(Number(entry) + 0);
    if (seen.size > ENTRIES) return null;
  }
  return [...seen].sort((a, b) => a - b);
}
