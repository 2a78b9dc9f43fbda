import { z } from "zod";
import { type Precision, precisions } from "./runtime.ts";

/** plan.yaml as the user writes it. Quantities are strings with units; `resolve/` turns it into a `Spec`. */
export interface PlanDocument {
  version: 1;
  task: TaskDocument;
  models: (string | ModelDocument)[];
  budgets?: BudgetsDocument | undefined;
  prefer?: PreferDocument | undefined;
  targets: Record<string, TargetDocument>;
}

export interface TaskDocument {
  kind: "image-classification" | "tensor";
  input?: InputDocument | undefined;
  output?: OutputDocument | undefined;
  evaluation?: { data: string; metric?: "top1" | "top5" | "per-class-minimum" | "f1" | "mse" | "agreement" | undefined; timeBox?: string | undefined } | undefined;
  calibration?: { data: string; samples?: number | undefined; method?: "min-max" | "percentile" | "mse" | undefined } | undefined;
}

export interface InputDocument {
  color?: "rgb" | "bgr" | "gray" | undefined;
  filter?: "area" | "bilinear" | "nearest" | "none" | undefined;
  fit?: "stretch" | "cover" | "contain" | undefined;
  crop?: string | undefined;
  pad?: number | undefined;
  scale?: ScaleDocument | undefined;
  offset?: ScaleDocument | undefined;
  layout?: "nchw" | "nhwc" | undefined;
}

/** One number or fraction ("1/255"), or one per channel. */
export type ScaleDocument = number | string | (number | string)[];

export interface OutputDocument {
  /** Names in output order, or a text file with one name a line. Left out: the evaluation folder's names, sorted. */
  labels?: string | string[] | undefined;
  labelOffset?: number | undefined;
  softmax?: boolean | undefined;
  topK?: number | undefined;
}

export interface ModelDocument {
  path: string;
  family?: string | undefined;
  variant?: string | undefined;
  resolution?: string | undefined;
  bind?: Record<string, number> | undefined;
  licence?: string | undefined;
}

export type BudgetDocument = string | { max?: string | undefined; min?: string | undefined; evidence?: Evidence | undefined };
export type Evidence = "assumed" | "modelled" | "published" | "emulated" | "measured-similar" | "measured";
export type BudgetsDocument = Partial<Record<"accuracy" | "drop" | "latency" | "ram" | "flash" | "bundle" | "energy" | "cost" | "delegate", BudgetDocument | undefined>>;

export type PreferKeyDocument = "ram" | "flash" | "bundle" | "latency" | "energy" | "cost" | "accuracy";
export type PreferDocument = PreferKeyDocument[] | { order: PreferKeyDocument[]; tolerance?: string | undefined };

export interface TargetDocument {
  device: string;
  budgets?: BudgetsDocument | undefined;
  prefer?: PreferDocument | undefined;
  precisions?: Precision[] | undefined;
  runtimes?: string[] | undefined;
}

const scale = z.union([z.number(), z.string(), z.array(z.union([z.number(), z.string()])).min(1)]);
const evidence = z.enum(["assumed", "modelled", "published", "emulated", "measured-similar", "measured"]);
const budget = z.union([
  z.string().meta({ description: 'An inequality with a unit: "<= 10 ms", ">= 97 %", "none" to waive.' }),
  z.strictObject({ max: z.string().optional(), min: z.string().optional(), evidence: evidence.optional() }),
]);
const budgets = z.strictObject({
  accuracy: budget.optional().meta({ description: "Lower bound of the metric's 95 % interval." }),
  drop: budget.optional().meta({ description: "Loss against the float model, in percentage points." }),
  latency: budget.optional().meta({ description: "One inference, p50." }),
  ram: budget.optional().meta({ description: "Working memory, every part of the bill." }),
  flash: budget.optional().meta({ description: "Read-only memory: weights, tables and code." }),
  bundle: budget.optional().meta({ description: "Bytes of the model artefact that is shipped." }),
  energy: budget.optional().meta({ description: "Per inference." }),
  cost: budget.optional().meta({ description: "USD per 1000 inferences." }),
  delegate: budget.optional().meta({ description: "Share of the multiply-accumulates on the unit that the runtime's backend is for: >= 95 %. Predicted, until results of the device are imported." }),
});
const preferKey = z.enum(["ram", "flash", "bundle", "latency", "energy", "cost", "accuracy"]);
const prefer = z.union([
  z.array(preferKey).min(1),
  z.strictObject({ order: z.array(preferKey).min(1), tolerance: z.string().optional() }),
]);
const task = z.strictObject({
  kind: z.enum(["image-classification", "tensor"]),
  input: z.strictObject({
    color: z.enum(["rgb", "bgr", "gray"]).optional(),
    filter: z.enum(["area", "bilinear", "nearest", "none"]).optional(),
    fit: z.enum(["stretch", "cover", "contain"]).optional(),
    crop: z.string().optional().meta({ description: "Centre crop of the source in pixels, height x width: 224x224." }),
    pad: z.number().min(0).max(255).optional(),
    scale: scale.optional().meta({ description: "real = pixel * scale + offset" }),
    offset: scale.optional(),
    layout: z.enum(["nchw", "nhwc"]).optional(),
  }).optional(),
  output: z.strictObject({
    labels: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    labelOffset: z.int().min(0).optional(),
    softmax: z.boolean().optional(),
    topK: z.int().min(1).optional(),
  }).optional(),
  evaluation: z.strictObject({
    data: z.string(),
    metric: z.enum(["top1", "top5", "per-class-minimum", "f1", "mse", "agreement"]).optional(),
    timeBox: z.string().optional(),
  }).optional(),
  calibration: z.strictObject({
    data: z.string(),
    samples: z.int().min(1).optional(),
    method: z.enum(["min-max", "percentile", "mse"]).optional(),
  }).optional(),
});
const model = z.union([
  z.string(),
  z.strictObject({
    path: z.string(),
    family: z.string().optional(),
    variant: z.string().optional(),
    resolution: z.string().optional().meta({ description: "height x width in pixels: 96x96" }),
    bind: z.record(z.string(), z.int().min(1)).optional(),
    licence: z.string().optional(),
  }),
]);
const target = z.strictObject({
  device: z.string(),
  budgets: budgets.optional(),
  prefer: prefer.optional(),
  precisions: z.array(z.enum(precisions)).min(1).optional(),
  runtimes: z.array(z.string()).min(1).optional(),
});

export const PlanDocument: z.ZodType<PlanDocument> = z.strictObject({
  version: z.literal(1),
  task,
  models: z.array(model).min(1),
  budgets: budgets.optional(),
  prefer: prefer.optional(),
  targets: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), target),
}).meta({ title: "plan.yaml", description: "Ends of a deployment: a task, candidate models, budgets and targets." });
