import { type Site, float32, newTensor, operator, parameter, tensorAt } from "./emission.ts";
import { storedBytes } from "./stored-number.ts";

export interface Padding {
  /** [top, bottom, left, right]. */
  readonly pad: readonly [number, number, number, number] | null;
  /** Padding that stands for 0, or that no maximum is made of. */
  readonly fill: "zero" | "lowest";
}

/** A picture [N, H, W, C] with a border: PAD with the real 0, PADV2 with the type's lowest number. */
export function padded(site: Site, picture: number, { pad, fill }: Padding): number {
  if (pad === null) return picture;
  const { name, type, shape, quant } = tensorAt(site, picture);
  const [top, bottom, left, right] = pad;
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const to = newTensor(site.emission, `${name}.padded`, { type, shape: [batch, height + top + bottom, width + left + right, channels], quant });
  const list = pairs(site, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  if (fill === "zero") operator(site, "PAD", { inputs: [picture, list], outputs: [to] });
  else {
    const lowest = quant === null ? float32(site, "lowest", -3.4028234663852886e38) : parameter(site, "lowest", { type, shape: [], quant, data: storedBytes(type, type === "INT16" ? -32768 : -128) });
    operator(site, "PADV2", { inputs: [picture, list, lowest], outputs: [to] });
  }
  return to;
}

/** Numbers before and after each axis, as a constant [rank, 2]. */
export function pairs(site: Site, list: readonly (readonly [number, number])[]): number {
  return parameter(site, "pads", { type: "INT32", shape: [list.length, 2], quant: null, data: new Uint8Array(Int32Array.from(list.flat()).buffer) });
}
