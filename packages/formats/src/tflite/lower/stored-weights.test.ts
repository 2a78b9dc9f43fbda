import { parseGraph } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import { type LoweredTflite, lowerToTflite } from "./lower.ts";
import { dynamicWeights, unpackHalves } from "./stored-weights.ts";

function lowered(text: string): LoweredTflite {
  const result = lowerToTflite(parseGraph(text));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

const layers = (weights: string): LoweredTflite => lowered(`graph g
in x: float32[1, 2, 4, 4]
w: int8[2, 2, 1, 1] ${weights} = const [1, 2, 3, 4]
d: int8[2, 1, 1, 1] scale=[0.5, 0.25] axis=0 = const [1, 2]
a: float32[1, 2, 4, 4] = Conv(x, w) kernel_shape=[1, 1]
y: float32[1, 2, 4, 4] = Conv(a, d) kernel_shape=[1, 1] group=2
out y
`);

const opsOf = ({ program }: LoweredTflite): readonly string[] => program.operators.map(({ op }) => op);
const perChannel = "scale=[0.5, 0.25] axis=0";

describe("weights that are stored in int8", () => {
  it("are dequantized in front of their layers", () => {
    expect(opsOf(layers(perChannel))).toEqual(["DEQUANTIZE", "CONV_2D", "DEQUANTIZE", "DEPTHWISE_CONV_2D"]);
  });

  it("are read as they are by layers that quantize while running", () => {
    const { program, nodes } = dynamicWeights(layers(perChannel));
    expect(program.operators.map(({ op, version }) => [op, version])).toEqual([["CONV_2D", 5], ["DEQUANTIZE", 5], ["DEPTHWISE_CONV_2D", 1]]);
    const weights = program.tensors[program.operators[0]!.inputs[1]!];
    expect([weights?.type, weights?.quant?.axis]).toEqual(["INT8", 0]);
    expect(nodes.map(({ outputs }) => outputs[0])).toEqual(["a", "y", "y"]);
  });

  it("leave no tensor that nobody reads", () => {
    const { program } = dynamicWeights(layers(perChannel));
    const named = new Set([...program.inputs, ...program.operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])]);
    expect(program.tensors.map((_, i) => named.has(i))).toEqual(program.tensors.map(() => true));
  });

  it("of one scale have it once a channel where they are read as they are", () => {
    const { program } = dynamicWeights(layers("scale=0.5"));
    expect(program.tensors[program.operators[0]!.inputs[1]!]?.quant).toEqual({ kind: "affine", axis: 0, scale: [0.5, 0.5], zeroPoint: [0, 0] });
  });

  it("stay dequantized with a zero point", () => {
    expect(opsOf(dynamicWeights(layers("scale=0.5 zero=3")))).toEqual(opsOf(layers("scale=0.5 zero=3")));
  });
});

describe("weights that are stored in float16", () => {
  const halves = (): LoweredTflite => {
    const program = layers(perChannel);
    const tensors = program.program.tensors.map((tensor) => (tensor.type === "FLOAT32" && tensor.data ? { ...tensor, type: "FLOAT16" as const, data: new Uint8Array(tensor.data.length / 2) } : tensor));
    return { ...program, program: { ...program.program, tensors } };
  };

  it("are unpacked once, before the first operator that reads them", () => {
    const { program, nodes } = unpackHalves(halves());
    expect(program.operators.map(({ op, version }) => [op, version])).toEqual([["DEQUANTIZE", 5], ["DEQUANTIZE", 3], ["CONV_2D", 1], ["DEQUANTIZE", 5], ["DEPTHWISE_CONV_2D", 1]]);
    expect(nodes).toHaveLength(program.operators.length);
    for (const { op, inputs } of program.operators) if (op !== "DEQUANTIZE") for (const index of inputs) expect(program.tensors[index]?.type).not.toBe("FLOAT16");
  });
});
