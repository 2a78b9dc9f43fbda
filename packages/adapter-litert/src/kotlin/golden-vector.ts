import type { TaskContract } from "@edgewise/planner/schema";
import { type Stored, storedAs } from "./facts.ts";
import type { Port } from "../ports.ts";

export interface GoldenFacts {
  /** Package of the library, and that of the sample app. */
  readonly library: string;
  readonly app: string;
  readonly contract: TaskContract;
  readonly input: Port;
}

/** GoldenVector.kt: the bundle's golden/ as assets, read by Android's own JSON. */
export function goldenVectorSource({ library, app, contract, input }: GoldenFacts): string {
  const picture = contract.input.kind === "image";
  const labelled = contract.output.kind === "labels";
  const stored = storedAs(input);
  const imports = ["android.content.Context", ...(picture ? [`${library}.Picture`] : []), `${library}.inputTensor`, "java.nio.ByteBuffer", "java.nio.ByteOrder", "java.security.MessageDigest", "org.json.JSONArray", "org.json.JSONObject"].sort();
  return `package ${app}

${imports.map((one) => `import ${one}`).join("\n")}

/**
 * One vector of golden/: from a raw input to the reference's output.
 *
 * @property output The reference's numbers, in the order of the model's output.
 * @property allowed By how much each of them may differ.
${labelled ? " * @property best Index of the reference's best class.\n" : ""} */
internal class GoldenVector(
    val name: String,
    val output: DoubleArray,
    val allowed: DoubleArray,
${labelled ? "    val best: Int,\n" : ""}    private val tensorSha256: String,
    private val start: JSONObject,
) {
    /** What the model is fed, by the library's own preprocessing. */
    fun tensor(context: Context): ${stored} {
        val bytes = context.assets.open(start.getString("file")).use { it.readBytes() }
        return when (val kind = start.getString("kind")) {
${picture ? `            "rgba" -> inputTensor(Picture.ofRgba(bytes, start.getInt("widthPx"), start.getInt("heightPx")))
            "tensor" -> tensorOf(bytes)
` : "            \"values\" -> inputTensor(valuesOf(bytes, start.getString(\"type\")))\n"}            else -> error("Vector $name starts at $kind, which this app does not know")
        }
    }

    /** Byte for byte what the reference feeds its model. */
    fun isReferenceTensor(tensor: ${stored}): Boolean = sha256(bytesOf(tensor)) == tensorSha256
}

/** The vectors in the app's assets, by name; none where the bundle has none. */
internal fun goldenVectors(context: Context): List<GoldenVector> {
    val files = context.assets.list("golden").orEmpty().filter { it.endsWith(".json") }.sorted()
    return files.map { file ->
        val record = JSONObject(context.assets.open("golden/$file").use { it.readBytes().decodeToString() })
        GoldenVector(
            name = record.getString("name"),
            output = numbersOf(record.getJSONArray("output")),
            allowed = numbersOf(record.getJSONArray("allowed")),
${labelled ? "            best = record.getJSONArray(\"answer\").getJSONObject(0).getInt(\"index\"),\n" : ""}            tensorSha256 = record.getString("tensorSha256"),
            start = record.getJSONObject("start"),
        )
    }
}

internal fun sha256(bytes: ByteArray): String =
    MessageDigest.getInstance("SHA-256").digest(bytes).joinToString("") { "%02x".format(it) }

private fun numbersOf(array: JSONArray): DoubleArray = DoubleArray(array.length()) { array.getDouble(it) }

private fun littleEndian(bytes: ByteArray): ByteBuffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)

${bytesFunctions(stored, picture)}`;
}

function bytesFunctions(stored: Stored, picture: boolean): string {
  const toBytes = stored === "ByteArray"
    ? `private fun bytesOf(tensor: ByteArray): ByteArray = tensor\n`
    : `private fun bytesOf(tensor: FloatArray): ByteArray {
    val bytes = ByteArray(4 * tensor.size)
    littleEndian(bytes).asFloatBuffer().put(tensor)
    return bytes
}
`;
  const fromBytes = stored === "ByteArray"
    ? "private fun tensorOf(bytes: ByteArray): ByteArray = bytes\n"
    : `private fun tensorOf(bytes: ByteArray): FloatArray {
    val numbers = littleEndian(bytes).asFloatBuffer()
    return FloatArray(numbers.remaining()) { numbers.get(it) }
}
`;
  return `${toBytes}\n${picture ? fromBytes : valuesFunction}`;
}

const valuesFunction = `private fun valuesOf(bytes: ByteArray, type: String): DoubleArray {
    val numbers = littleEndian(bytes)
    return if (type == "float64") {
        DoubleArray(bytes.size / 8) { numbers.getDouble(8 * it) }
    } else {
        DoubleArray(bytes.size / 4) { numbers.getFloat(4 * it).toDouble() }
    }
}
`;
