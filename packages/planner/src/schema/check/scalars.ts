import { z } from "zod";
import { type Precision, precisions } from "../runtime.ts";
import { type Basis, type Estimate, bases } from "../sourced.ts";

export const digest: z.ZodType<string> = z.string().regex(/^[0-9a-f]{64}$/, "a sha256 in lower-case hex");
export const basis: z.ZodType<Basis> = z.enum(bases);

/** Finite everywhere: an unknown is never written as a number. */
export const estimate: z.ZodType<Estimate> = z.strictObject({ low: z.number(), expected: z.number(), high: z.number(), basis, from: z.literal("instructions").exactOptional() })
  .refine(({ low, expected, high }) => low <= expected && expected <= high, "low <= expected <= high does not hold");

export const resolution: z.ZodType<{ heightPx: number; widthPx: number } | null> = z.strictObject({ heightPx: z.int().positive(), widthPx: z.int().positive() }).nullable();
export const precision: z.ZodType<Precision> = z.enum(precisions);
export const byteCount: z.ZodType<number> = z.int().min(0);
