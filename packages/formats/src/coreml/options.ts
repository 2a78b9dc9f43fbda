import type { ImageOptions, ShapeOptions } from "./lower/ports.ts";
import type { ModelMetadata } from "./model.ts";
import type { DeploymentTarget } from "./target.ts";

export interface WriteCoremlOptions {
  /** Oldest system that runs the model; "iOS15" unless given. */
  readonly target?: DeploymentTarget;
  /** Type in which reals are computed and weights are stored; "float32" unless given. Inputs and outputs stay float32. */
  readonly compute?: "float32" | "float16";
  /** Stores constants of at most 16 different numbers as 4-bit indices (from iOS 16). */
  readonly palettes?: boolean;
  /** Inputs that an app gives as pictures, by value of the graph. */
  readonly images?: Readonly<Record<string, ImageOptions>>;
  /** Inputs that take more shapes than one, by value of the graph. */
  readonly shapes?: Readonly<Record<string, ShapeOptions>>;
  /** Makes the model a classifier: this output of the graph holds one probability a label. */
  readonly classifier?: ClassifierOptions;
  readonly metadata?: Partial<ModelMetadata>;
}

export interface ClassifierOptions {
  /** Value of the graph with the probabilities, as many elements as labels. */
  readonly output: string;
  readonly labels: readonly string[];
}
