/** Oldest system that must run the model. The same operation set serves macOS, tvOS and watchOS of the same year. */
export type DeploymentTarget = "iOS15" | "iOS16" | "iOS17" | "iOS18";

interface TargetInfo {
  /** Field specificationVersion of the model. */
  readonly specificationVersion: number;
  /** Name of the operation set, and of the block written for it. */
  readonly opset: string;
}

/** Source: github.com/apple/coremltools, mlmodel/format/Model.proto (versions) and apple.github.io/coremltools (targets). */
export const targets: Readonly<Record<DeploymentTarget, TargetInfo>> = {
  iOS15: { specificationVersion: 6, opset: "CoreML5" },
  iOS16: { specificationVersion: 7, opset: "CoreML6" },
  iOS17: { specificationVersion: 8, opset: "CoreML7" },
  iOS18: { specificationVersion: 9, opset: "CoreML8" },
};

const order: readonly DeploymentTarget[] = ["iOS15", "iOS16", "iOS17", "iOS18"];

export function isAtLeast(target: DeploymentTarget, oldest: DeploymentTarget): boolean {
  return order.indexOf(target) >= order.indexOf(oldest);
}

/** The target whose operation set this is; null for one we do not know. */
export function targetOfOpset(opset: string): DeploymentTarget | null {
  return order.find((target) => targets[target].opset === opset) ?? null;
}
