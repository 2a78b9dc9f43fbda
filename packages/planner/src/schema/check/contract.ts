import { z } from "zod";
import type { InputContract, OutputContract } from "../contract.ts";
import type { TaskContract } from "../facts.ts";

const numbers = z.array(z.number()).min(1);

const input: z.ZodType<InputContract> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("image"),
    color: z.enum(["rgb", "bgr", "gray"]),
    resize: z.strictObject({
      filter: z.enum(["area", "bilinear", "nearest", "none"]),
      fit: z.enum(["stretch", "cover", "contain"]),
      crop: z.strictObject({ heightPx: z.int().positive(), widthPx: z.int().positive() }).nullable(),
      pad: z.number(),
    }),
    scale: numbers, offset: numbers, layout: z.enum(["nchw", "nhwc"]),
  }),
  z.strictObject({ kind: z.literal("tensor"), scale: numbers, offset: numbers }),
]);

const output: z.ZodType<OutputContract> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("labels"), labels: z.array(z.string()), labelOffset: z.int().min(0), softmax: z.boolean(), topK: z.int().min(1) }),
  z.strictObject({ kind: z.literal("tensor") }),
]);

export const taskContract: z.ZodType<TaskContract> = z.strictObject({ input, output });
