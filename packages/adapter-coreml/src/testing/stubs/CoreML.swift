// The part of Core ML's public interface that emitted Swift uses, declared anew so that a compiler without Apple's SDK can
// check the types. Nothing here computes. Source: developer.apple.com/documentation/coreml, read 2026-11-23.
import CoreVideo
import Foundation

public enum MLComputeUnits: Int, Sendable {
  case cpuOnly = 0
  case cpuAndGPU = 1
  case all = 2
  case cpuAndNeuralEngine = 3
}

open class MLModelConfiguration: NSObject {
  public var computeUnits: MLComputeUnits = .all
}

public protocol MLShapedArrayScalar {}
extension Float: MLShapedArrayScalar {}
extension Double: MLShapedArrayScalar {}

public struct MLShapedArray<Scalar: MLShapedArrayScalar> {
  public let scalars: [Scalar]
  public let shape: [Int]

  public init<S: Sequence>(scalars: S, shape: [Int]) where S.Element == Scalar {
    self.scalars = Array(scalars)
    self.shape = shape
  }

  public init(converting array: MLMultiArray) {
    scalars = []
    shape = []
  }
}

open class MLMultiArray: NSObject {
  public var count: Int { 0 }

  public convenience init<Scalar: MLShapedArrayScalar>(_ shapedArray: MLShapedArray<Scalar>) {
    self.init()
  }
}

open class MLFeatureValue: NSObject {
  public var multiArrayValue: MLMultiArray? { nil }

  public convenience init(multiArray: MLMultiArray) {
    self.init()
  }

  public convenience init(pixelBuffer: CVPixelBuffer) {
    self.init()
  }
}

public protocol MLFeatureProvider: AnyObject {
  var featureNames: Set<String> { get }
  func featureValue(for featureName: String) -> MLFeatureValue?
}

open class MLDictionaryFeatureProvider: NSObject, MLFeatureProvider {
  public var featureNames: Set<String> { [] }
  public func featureValue(for featureName: String) -> MLFeatureValue? { nil }
  public init(dictionary: [String: Any]) throws {}
}

/// Not Sendable here: code that compiles so compiles where it is, too.
open class MLModel: NSObject {
  public init(contentsOf url: URL, configuration: MLModelConfiguration) throws {}
  public static func compileModel(at modelURL: URL) async throws -> URL { modelURL }
  @available(*, deprecated) public static func compileModel(at modelURL: URL) throws -> URL { modelURL }
  public func prediction(from input: MLFeatureProvider) throws -> MLFeatureProvider { input }
  public func prediction(from input: MLFeatureProvider) async throws -> MLFeatureProvider { input }
}

public class MLCPUComputeDevice: NSObject {}
public class MLGPUComputeDevice: NSObject {}
public class MLNeuralEngineComputeDevice: NSObject {}

public enum MLComputeDevice {
  case cpu(MLCPUComputeDevice)
  case gpu(MLGPUComputeDevice)
  case neuralEngine(MLNeuralEngineComputeDevice)
}

public enum MLModelStructure {
  case neuralNetwork
  case program(Program)
  case pipeline
  case unsupported

  public struct Program {
    public let functions: [String: Function]

    public struct Function {
      public let block: Block
    }

    public class Block {
      public var operations: [Operation] { [] }
    }

    public class Operation {
      public var operatorName: String { "" }
      public var outputs: [NamedValueType] { [] }
    }

    public struct NamedValueType {
      public let name: String
    }
  }
}

public class MLComputePlan {
  public var modelStructure: MLModelStructure { .unsupported }

  public struct DeviceUsage {
    public let supported: [MLComputeDevice]
    public let preferred: MLComputeDevice
  }

  public static func load(contentsOf url: URL, configuration: MLModelConfiguration) async throws -> sending MLComputePlan { MLComputePlan() }
  public func deviceUsage(for operation: MLModelStructure.Program.Operation) -> DeviceUsage? { nil }
}
