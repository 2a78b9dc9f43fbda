export type { ClassifierOptions, WriteCoremlOptions } from "./options.ts";
export { type WrittenCoreml, fileModel, writeCoreml } from "./write.ts";
export type { ImageOptions, ShapeOptions } from "./lower/ports.ts";
export { type PackageFile, packagePaths } from "./package-files.ts";
export type { ArrayFeature, ClassifierFeatures, ColorSpace, CoremlModel, Feature, FeatureType, Flexibility, ImageFeature, ModelMetadata, SizeRange } from "./model.ts";
export type { MilArgument, MilDType, MilOperation, MilPort, MilProgram, MilTensorType, MilType, MilValue } from "./mil.ts";
export { type ReadCoreml, type ReadCoremlOptions, decodeCoreml, readCoreml } from "./read.ts";
export { type DeploymentTarget, targets } from "./target.ts";
