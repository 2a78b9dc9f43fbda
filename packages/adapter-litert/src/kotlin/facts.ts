import { invariant } from "@edgewise/graph";
import type { Candidate, ImageInput, TaskContract } from "@edgewise/planner/schema";
import type { Port, Ports } from "../ports.ts";

/** What the Kotlin part of a bundle is written from. */
export interface KotlinFacts {
  readonly candidate: Candidate;
  readonly contract: TaskContract;
  /** As model.tflite has them. */
  readonly ports: Ports;
  /** `nhwc`: the graph's [N, C, H, W] lies in the file as [N, H, W, C]. */
  readonly layouts: { readonly input: PortLayout; readonly output: PortLayout };
  /** The file that stands for the model in results, by its path in the bundle. */
  readonly model: { readonly file: string; readonly sha256: string };
  /** Whether the bundle has vectors in golden/. */
  readonly hasGolden: boolean;
}

export type PortLayout = "nhwc" | "as-graph";

/** Contract and size of the pictures that the model sees. */
export interface PictureShape {
  readonly contract: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
  /** Whether the file wants the channels of a pixel side by side. */
  readonly interleaved: boolean;
}

export function pictureShape(contract: ImageInput, { input }: Ports, layout: PortLayout): PictureShape {
  const interleaved = layout === "nhwc" || contract.layout === "nhwc";
  const [, a = 1, b = 1, c = 1] = input.shape;
  const [heightPx, widthPx, channels] = interleaved ? [a, b, c] : [b, c, a];
  invariant(channels === (contract.color === "gray" ? 1 : 3), `a ${contract.color} picture has the channels of the model's input [${input.shape.join(", ")}]`);
  return { contract, heightPx, widthPx, channels, interleaved };
}

/** Channels and pixels of a tensor of four dims that the file keeps in another order than the graph; null: the same order. */
export function reordered(port: Port, layout: PortLayout): { readonly channels: number; readonly plane: number } | null {
  const channels = port.shape[3] ?? 1;
  const plane = (port.shape[1] ?? 1) * (port.shape[2] ?? 1);
  return layout === "as-graph" || channels === 1 || plane === 1 ? null : { channels, plane };
}

/** The graph's shape of a port. */
export function graphShape({ shape }: Port, layout: PortLayout): readonly number[] {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  return layout === "nhwc" ? [n, c, h, w] : shape;
}

/** How the runtime's buffers hold a port's numbers. */
export type Stored = "FloatArray" | "ByteArray";

export function storedAs({ type, name }: Port): Stored {
  invariant(type === "FLOAT32" || type === "INT8", `${name} is float32 or int8: LiteRT's Kotlin buffers read and write no ${type}`);
  return type === "FLOAT32" ? "FloatArray" : "ByteArray";
}
