/** ModelError.swift: everything that can go wrong, by name. */
export const errorsSource = `/// What can go wrong between a raw input and an answer.
public enum ModelError: Error, Equatable, Sendable {
  /// The package lies without its model.mlpackage.
  case modelMissing
  /// Core ML could not compile the model on this system.
  case modelNotCompiled(reason: String)
  /// Core ML could not load the compiled model.
  case modelNotLoaded(reason: String)
  /// The bytes are not four for each pixel.
  case pictureBytes(expected: Int, found: Int)
  /// The picture's size is not one that the model's contract takes.
  case pictureSize(expectedWidth: Int, expectedHeight: Int, width: Int, height: Int)
  /// The picture could not be drawn into RGBA bytes.
  case pictureNotDrawn
  /// The model takes another number of values.
  case valueCount(expected: Int, found: Int)
  /// A value is not a finite number.
  case valueNotFinite(index: Int)
  /// Core ML refused the input or failed while computing.
  case predictionFailed(reason: String)
  /// The model gave no output of the expected name and size.
  case outputMissing(name: String)
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .modelMissing: "model.mlpackage is not in the package's resources"
    case .modelNotCompiled(let reason): "the model does not compile on this system: \\(reason)"
    case .modelNotLoaded(let reason): "the compiled model does not load: \\(reason)"
    case .pictureBytes(let expected, let found): "a picture of this size has \\(expected) RGBA bytes, not \\(found)"
    case .pictureSize(let expectedWidth, let expectedHeight, let width, let height):
      "the picture has \\(width) x \\(height) pixels; the model takes \\(expectedWidth) x \\(expectedHeight)"
    case .pictureNotDrawn: "the picture could not be drawn into RGBA bytes"
    case .valueCount(let expected, let found): "the model takes \\(expected) values, not \\(found)"
    case .valueNotFinite(let index): "value \\(index) is not a finite number"
    case .predictionFailed(let reason): "Core ML did not compute: \\(reason)"
    case .outputMissing(let name): "the model gave no output \\(name) of the expected size"
    }
  }
}
`;
