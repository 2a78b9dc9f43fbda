import type { ImageInput, TensorInput } from "@edgewise/planner/schema";
import type { Port } from "../ports.ts";
import { type ModulePart, parameters } from "./parts.ts";

/** 8-bit pixels → float32, by tables of 256 numbers: real = float32(pixel · scale + offset). */
export function normalizePart({ scale, offset, layout }: ImageInput, channels: number): ModulePart {
  const one = scale.length === 1 && offset.length === 1;
  const to = channels === 1 || layout === "nhwc" ? "i" : "c * HEIGHT_PX * WIDTH_PX + (i - c) / CHANNELS";
  const pick = one ? "table" : "tables[c]?.";
  const entries = Array.from({ length: one ? 1 : channels }, (_, c) => `Float32Array.from({ length: 256 }, (_, pixel) => ${affine("pixel", at(scale, c), at(offset, c))})`);
  return {
    constants: [one ? { name: "table", value: entries[0] ?? "", doc: "What the 256 pixel values become." } : { name: "tables", value: `[\n  ${entries.join(",\n  ")},\n]`, doc: "What the 256 pixel values of each channel become." }],
    functions: [{
      name: "normalized", parameters: parameters("pixels: Uint8Array"), returnType: "Float32Array", docs: ["Scale, offset and layout."],
      statements: [
        "const tensor = new Float32Array(pixels.length);",
        channels === 1 || (one && layout === "nhwc")
          ? `for (let i = 0; i < pixels.length; i++) tensor[i] = ${one ? "table[pixels[i] ?? 0]" : "tables[0]?.[pixels[i] ?? 0]"} ?? 0;`
          : `for (let i = 0; i < pixels.length; i++) {\n  const c = i % CHANNELS;\n  tensor[${to}] = ${pick}[pixels[i] ?? 0] ?? 0;\n}`,
        "return tensor;",
      ],
    }],
  };
}

/** Numbers as the user holds them → the model's input: float32(value · scale + offset). */
export function valuesPart({ scale, offset }: TensorInput, port: Port): ModulePart {
  const perChannel = scale.length > 1 || offset.length > 1;
  const channels = port.shape[1] ?? 1;
  // −0 + 0 is +0, as in the contract's formula.
  const identity = !perChannel && scale[0] === 1 && offset[0] === 0;
  const list = (numbers: readonly number[]): string => `[${Array.from({ length: channels }, (_, c) => at(numbers, c)).join(", ")}]`;
  const expression = identity ? "value + 0" : perChannel ? `value * (scale[Math.floor(i / ${Math.max(1, port.elements / channels)})] ?? 1) + (offset[Math.floor(i / ${Math.max(1, port.elements / channels)})] ?? 0)` : affine("value", at(scale, 0), at(offset, 0));
  return {
    constants: perChannel ? [{ name: "scale", type: "readonly number[]", value: list(scale) }, { name: "offset", type: "readonly number[]", value: list(offset) }] : [],
    functions: [{
      name: "toTensor", isExported: true, parameters: parameters("values: ArrayLike<number>"), returnType: "Float32Array",
      docs: [`${port.elements} numbers → the model's input, [${port.shape.join(", ")}].`],
      statements: [
        `if (values.length !== ${port.elements}) throw new RangeError(\`The model takes ${port.elements} numbers, not \${values.length}.\`);`,
        `return Float32Array.from({ length: ${port.elements} }, (_, i) => {\n  const value = values[i] ?? Number.NaN;\n  if (!Number.isFinite(value)) throw new RangeError(\`Value \${i} is not a finite number.\`);\n  return ${expression};\n});`,
      ],
    }],
  };
}

function at(numbers: readonly number[], channel: number): number {
  return numbers[numbers.length === 1 ? 0 : channel] ?? 0;
}

/** `name * scale + offset` with the shortest texts that read back as the same doubles; x − a is x + (−a), bit for bit. */
function affine(name: string, scale: number, offset: number): string {
  return `${name} * ${scale} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}`;
}
