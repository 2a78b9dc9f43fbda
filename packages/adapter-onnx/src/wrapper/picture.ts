import type { ImageInput } from "@edgewise/planner/schema";
import { type FunctionPart, type InterfacePart, type ModulePart, parameters } from "./parts.ts";

export interface ImageShape {
  readonly contract: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
}

/** RGBA → the contract's colours, cropped: the first step, and the types that all steps speak. */
export function picturePart({ contract, heightPx, widthPx, channels }: ImageShape): ModulePart {
  return {
    constants: [
      { name: "HEIGHT_PX", value: String(heightPx), doc: "Size and channels that the model sees." },
      { name: "WIDTH_PX", value: String(widthPx) },
      { name: "CHANNELS", value: String(channels) },
    ],
    interfaces: [pictureType, pixelsType],
    functions: [toTensorFunction(contract), pixelsFunction(contract)],
  };
}

const pictureType: InterfacePart = {
  name: "Picture", isExported: true, docs: ["A picture as canvases and decoders give it: red, green, blue, alpha, row by row from the top. An ImageData is one. Alpha is ignored."],
  properties: [
    { name: "data", type: "Uint8Array | Uint8ClampedArray", isReadonly: true },
    { name: "width", type: "number", isReadonly: true },
    { name: "height", type: "number", isReadonly: true },
  ],
};

const pixelsType: InterfacePart = {
  name: "Pixels", docs: ["[height, width, CHANNELS], 8 bits each."],
  properties: [
    { name: "data", type: "Uint8Array", isReadonly: true },
    { name: "width", type: "number", isReadonly: true },
    { name: "height", type: "number", isReadonly: true },
  ],
};

function toTensorFunction(contract: ImageInput): FunctionPart {
  return {
    name: "toTensor", isExported: true, parameters: parameters("picture: Picture"), returnType: "Float32Array",
    docs: [`A picture → the model's input, ${contract.layout === "nchw" ? "[1, CHANNELS, HEIGHT_PX, WIDTH_PX]" : "[1, HEIGHT_PX, WIDTH_PX, CHANNELS]"}.`],
    statements: "return normalized(fitted(toPixels(picture)));",
  };
}

const colours = {
  rgb: ["pixels[to] = data[from] ?? 0;", "pixels[to + 1] = data[from + 1] ?? 0;", "pixels[to + 2] = data[from + 2] ?? 0;"],
  bgr: ["pixels[to] = data[from + 2] ?? 0;", "pixels[to + 1] = data[from + 1] ?? 0;", "pixels[to + 2] = data[from] ?? 0;"],
  gray: ["pixels[to] = (19595 * (data[from] ?? 0) + 38470 * (data[from + 1] ?? 0) + 7471 * (data[from + 2] ?? 0) + 32768) >> 16;"],
} as const;

const colourWords = { rgb: "Red, green, blue", bgr: "Blue, green, red", gray: "Gray: BT.601 luma in 1/65536, rounded half up" } as const;

function pixelsFunction({ color, resize: { crop } }: ImageInput): FunctionPart {
  return {
    name: "toPixels", parameters: [{ name: "{ data, width, height }", type: "Picture" }], returnType: "Pixels",
    docs: [`${crop === null ? "" : `The middle ${crop.widthPx} x ${crop.heightPx} pixels. `}${colourWords[color]}.`],
    statements: [sizeCheck, ...(crop === null ? wholePicture(color) : middle(color, crop))],
  };
}

const sizeCheck = "if (data.length !== 4 * width * height || width < 1 || height < 1) throw new RangeError(`A picture of ${width} x ${height} pixels has ${4 * width * height} RGBA bytes, not ${data.length}.`);";

function assignments(color: ImageInput["color"]): string {
  return colours[color].join("\n");
}

function wholePicture(color: ImageInput["color"]): readonly string[] {
  return [
    "const pixels = new Uint8Array(height * width * CHANNELS);",
    `for (let i = 0; i < height * width; i++) {\nconst from = 4 * i;\nconst to = CHANNELS * i;\n${assignments(color)}\n}`,
    "return { data: pixels, width, height };",
  ];
}

function middle(color: ImageInput["color"], crop: NonNullable<ImageInput["resize"]["crop"]>): readonly string[] {
  return [
    `const [cropHeight, cropWidth] = [${crop.heightPx}, ${crop.widthPx}];`,
    "if (width < cropWidth || height < cropHeight) throw new RangeError(`The picture has ${width} x ${height} pixels; the model looks at the middle ${cropWidth} x ${cropHeight}.`);",
    "const top = Math.floor((height - cropHeight) / 2);", "const left = Math.floor((width - cropWidth) / 2);",
    "const pixels = new Uint8Array(cropHeight * cropWidth * CHANNELS);",
    `for (let y = 0; y < cropHeight; y++) {
for (let x = 0; x < cropWidth; x++) {
const from = 4 * ((top + y) * width + left + x);
const to = (y * cropWidth + x) * CHANNELS;
${assignments(color)}
}
}`,
    "return { data: pixels, width: cropWidth, height: cropHeight };",
  ];
}
