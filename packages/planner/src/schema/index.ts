export type { ImageInput, InputContract, LabelsOutput, OutputContract, TensorInput, TensorOutput } from "./contract.ts";
export type { ComputeUnit, Device, DeviceClass, MemoryRegion } from "./device.ts";
export type { AccuracyFact, AccuracyKey, BillItem, CalibrationFact, Digest, LatencyFact, LayerFact, Measurement, Metric, ModelFacts, RegionBill, TargetFacts, TaskContract, UnitWork } from "./facts.ts";
export type { Manifest } from "./manifest.ts";
export type { Candidate, Deployment, Lock, Plan, Reason, Verdict, Wanted } from "./plan.ts";
export type { Backend, Precision, Runtime } from "./runtime.ts";
export { type Basis, type Estimate, type Sourced, bases } from "./sourced.ts";
export type { Budget, BudgetKey, ModelSource, PreferKey, Spec, Target, Task } from "./spec.ts";
