import type { TaskContract } from "@edgewise/planner/schema";

interface ErrorCase {
  readonly words: string;
  readonly name: string;
  /** Constructor parameters. */
  readonly fields: readonly string[];
  readonly message: string;
  readonly cause?: string;
}

const pictureCases: readonly ErrorCase[] = [
  { name: "PixelCount", words: "There is not one number for each pixel.", fields: ["public val width: Int", "public val height: Int", "public val found: Int"], message: "A picture of $width x $height pixels has not $found of them" },
  { name: "PictureSize", words: "The contract does not take pictures of this size.", fields: ["public val expectedWidth: Int", "public val expectedHeight: Int", "public val width: Int", "public val height: Int"], message: "The picture has $width x $height pixels; the model looks at $expectedWidth x $expectedHeight" },
  { name: "PictureNotReadable", words: "Android does not hand out the bitmap's pixels.", fields: ["public val reason: String", "cause: Throwable"], message: "The bitmap's pixels cannot be read: $reason", cause: "cause" },
];

const valueCases: readonly ErrorCase[] = [
  { name: "ValueCount", words: "The model takes another number of values.", fields: ["public val expected: Int", "public val found: Int"], message: "The model takes $expected numbers, not $found" },
  { name: "ValueNotFinite", words: "A value is not a finite number.", fields: ["public val index: Int"], message: "Value $index is not a finite number" },
];

const labelCase: ErrorCase = { name: "LabelCount", words: "labels.txt is not the one of this model.", fields: ["public val expected: Int", "public val found: Int"], message: "labels.txt names $found classes, not $expected" };

const runtimeCases: readonly ErrorCase[] = [
  { name: "AssetMissing", words: "A file of the library is not in the app.", fields: ["public val asset: String", "cause: Throwable"], message: "$asset is not in the app's assets", cause: "cause" },
  { name: "NoBackend", words: "Every backend refused the model; [refusals] says why, in the order in which they were asked.", fields: ["public val refusals: List<Refusal>"], message: "No backend takes the model: ${refusals.joinToString(\"; \")}" },
  { name: "InputCount", words: "The tensor is not as `inputTensor` makes it.", fields: ["public val expected: Int", "public val found: Int"], message: "The model takes $expected numbers, not $found" },
  { name: "OutputCount", words: "The model gave another number of outputs than its contract says.", fields: ["public val expected: Int", "public val found: Int"], message: "The model gave $found numbers, not $expected" },
  { name: "RunFailed", words: "LiteRT failed while it computed.", fields: ["public val backend: Backend", "public val reason: String", "cause: Throwable"], message: "The ${backend.id} failed: $reason", cause: "cause" },
];

/** ModelException.kt: everything that can go wrong, by name. No Android import. */
export function errorsSource(name: string, { input, output }: TaskContract): string {
  const cases = [...(input.kind === "image" ? pictureCases : valueCases), ...(output.kind === "labels" ? [labelCase] : []), ...runtimeCases];
  return `package ${name}

/** What can go wrong between an input and an answer. */
public sealed class ModelException(message: String, cause: Throwable? = null) : RuntimeException(message, cause) {
${cases.map(caseText).join("\n")}}
`;
}

function caseText({ name, words, fields, message, cause }: ErrorCase): string {
  return `    /** ${words} */
    public class ${name} internal constructor(
${fields.map((field) => `        ${field},`).join("\n")}
    ) : ModelException("${message}"${cause === undefined ? "" : `, ${cause}`})
`;
}
