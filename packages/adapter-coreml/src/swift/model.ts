import type { TaskContract } from "@edgewise/planner/schema";
import type { Ports } from "../ports.ts";
import { swiftString } from "./names.ts";

/** The actor that an app talks to: `Classifier` where the contract ends in labels, else `Predictor`. */
export function modelType(contract: Pick<TaskContract, "output">): "Classifier" | "Predictor" {
  return contract.output.kind === "labels" ? "Classifier" : "Predictor";
}

export interface ModelFacts {
  readonly contract: TaskContract;
  readonly ports: Ports;
  /** Names of the model's input and output features. */
  readonly names: { readonly input: string; readonly output: string };
  /** Compute units that the plan chose, as MLComputeUnits spells them. */
  readonly units: string;
}

interface Fed {
  readonly parameter: string;
  readonly words: string;
  readonly guards: string;
  readonly feature: string;
}

const sizeGuard = `    guard pixels.width == modelWidth, pixels.height == modelHeight, pixels.data.count == channels * modelWidth * modelHeight else {
      throw ModelError.pictureSize(expectedWidth: modelWidth, expectedHeight: modelHeight, width: pixels.width, height: pixels.height)
    }`;

function countGuard(elements: number): string {
  return `    guard tensor.count == ${elements} else { throw ModelError.valueCount(expected: ${elements}, found: tensor.count) }`;
}

/** Classifier.swift or Predictor.swift: loading, predicting, answering. The one file of the library that needs Core ML. */
export function modelSource({ contract, ports: { input, output }, names, units }: ModelFacts): string {
  const type = modelType(contract);
  const labelled = contract.output.kind === "labels";
  const picture = contract.input.kind === "image";
  const given = picture ? "_ picture: Picture" : "_ values: [Double]";
  const [name, prepared] = picture ? ["picture", "picture.input()"] : ["values", "inputTensor(of: values)"];
  const fed: Fed = picture
    ? { parameter: "_ pixels: Pixels", words: "Pixels as preprocessing makes them", guards: sizeGuard, feature: "MLFeatureValue(pixelBuffer: pixels.buffer())" }
    : { parameter: "_ tensor: [Float]", words: `A tensor as preprocessing makes it, [${input.shape.join(", ")}]`, guards: countGuard(input.elements), feature: `MLFeatureValue(multiArray: MLMultiArray(MLShapedArray<Float>(scalars: tensor, shape: [${input.shape.join(", ")}])))` };
  return `#if canImport(CoreML)
import CoreML
import Foundation

/// Turns ${picture ? "pictures" : "numbers"} into ${labelled ? "answers" : "numbers"}. Calls of one instance run one after the other, off the caller's thread.
public actor ${type} {
  /// Compute units that the plan chose.
  public static let plannedComputeUnits: MLComputeUnits = .${units}

  private let model: MLModel

  /// Loads the package's own model, compiling it for this system first.
  public init(computeUnits: MLComputeUnits = ${type}.plannedComputeUnits) async throws(ModelError) {
    try await self.init(compiledModel: ${type}.compile(), computeUnits: computeUnits)
  }

  /// Loads a model compiled earlier by \`compile()\` or by Xcode (.mlmodelc).
  public init(compiledModel: URL, computeUnits: MLComputeUnits = ${type}.plannedComputeUnits) throws(ModelError) {
    let configuration = MLModelConfiguration()
    configuration.computeUnits = computeUnits
    do {
      model = try MLModel(contentsOf: compiledModel, configuration: configuration)
    } catch {
      throw ModelError.modelNotLoaded(reason: String(describing: error))
    }
  }

  /// Compiles the package's model for this system, into a temporary folder. Keep the folder to load faster next time.
  public static func compile() async throws(ModelError) -> URL {
    guard let source = Bundle.module.url(forResource: "model", withExtension: "mlpackage") else { throw ModelError.modelMissing }
    do {
      return try await MLModel.compileModel(at: source)
    } catch {
      throw ModelError.modelNotCompiled(reason: String(describing: error))
    }
  }
${labelled ? `
  /// The best classes with their confidences, best first.
  public func classify(${given}) throws(ModelError) -> [Answer] {
    try answers(of: predict(${name}))
  }
` : ""}
  /// The model's whole output, [${output.shape.join(", ")}].
  public func predict(${given}) throws(ModelError) -> [Float] {
    try run(${prepared})
  }

  /// ${fed.words} → the model's whole output.
  public func run(${fed.parameter}) throws(ModelError) -> [Float] {
${fed.guards}
    let result: MLFeatureProvider
    do {
      let feature = ${picture ? "try " : ""}${fed.feature}
      result = try model.prediction(from: MLDictionaryFeatureProvider(dictionary: [${swiftString(names.input)}: feature]))
    } catch {
      throw ModelError.predictionFailed(reason: String(describing: error))
    }
    guard let output = result.featureValue(for: ${swiftString(names.output)})?.multiArrayValue, output.count == ${output.elements} else {
      throw ModelError.outputMissing(name: ${swiftString(names.output)})
    }
    return MLShapedArray<Float>(converting: output).scalars
  }
}
#endif
`;
}

/** PictureFromImage.swift: what cameras and decoders of Apple's systems give, as RGBA bytes. */
export const pictureFromImageSource = `#if canImport(CoreGraphics)
import CoreGraphics

extension Picture {
  /// Draws a picture into sRGB bytes in its own size; preprocessing resizes as the model was evaluated.
  public init(_ image: CGImage) throws(ModelError) {
    let (width, height) = (image.width, image.height)
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    let drawn = rgba.withUnsafeMutableBytes { bytes in
      guard
        let space = CGColorSpace(name: CGColorSpace.sRGB),
        let context = CGContext(
          data: bytes.baseAddress, width: width, height: height, bitsPerComponent: 8, bytesPerRow: 4 * width,
          space: space, bitmapInfo: CGImageAlphaInfo.noneSkipLast.rawValue)
      else { return false }
      context.draw(image, in: CGRect(x: 0, y: 0, width: width, height: height))
      return true
    }
    guard drawn else { throw ModelError.pictureNotDrawn }
    try self.init(rgba: rgba, width: width, height: height)
  }
}
#endif
`;
