import { invariant } from "@edgewise/graph";

/** Backends of the plan → the chain that the bundle tries, in order. LiteRT's CompiledModel API has no NNAPI. */
const chains: Readonly<Record<string, readonly string[]>> = { npu: ["NPU", "GPU", "CPU"], gpu: ["GPU", "CPU"], nnapi: ["NNAPI", "CPU"], cpu: ["CPU"] };

const words: Readonly<Record<string, string>> = {
  NPU: "The chip's neural processor, by the vendor's libraries.", NNAPI: "Android's neural networks API, deprecated from Android 15.", GPU: "The graphics processor.", CPU: "The processor, by XNNPACK.",
};

export function chainOf(backend: string): readonly string[] {
  const chain = chains[backend];
  invariant(chain !== undefined, `a backend of LiteRT: ${backend}`);
  return chain;
}

/** Backend.kt: backends, and why one refused the model. No Android import. */
export function backendSource(name: string, backend: string): string {
  const chain = chainOf(backend);
  return `package ${name}

/** Where the model runs, as the plan names it. */
public enum class Backend(public val id: String) {
${chain.map((one) => `    /** ${words[one] ?? ""} */\n    ${one}("${one.toLowerCase()}"),`).join("\n\n")}
}

/** The plan's choice, then what is tried when it refuses the model. */
public val plannedBackends: List<Backend> = listOf(${chain.map((one) => `Backend.${one}`).join(", ")})

/** Why a backend refused the model, in classes that each have a next step. */
public enum class RefusalCause(public val id: String) {
    /** A native library is not in the app, or does not load: add its artifact or .so file. */
    MISSING_LIBRARY("missing-library"),

    /** The backend does not compute an operator of the model: choose another backend or change the model. */
    UNSUPPORTED_OP("unsupported-op"),

    /** The backend does not compute in the model's number type: plan another precision. */
    PRECISION("precision"),

    /** The backend does not take a tensor's size: plan another resolution. */
    SHAPE("shape"),

    /** The chip, the driver or this version of Android is not served. */
    OS("os"),

    /** The runtime gives no class; [Refusal.message] has its words. */
    OTHER("other"),
}

/** A backend that was tried and given up. */
public data class Refusal(public val backend: Backend, public val cause: RefusalCause, public val message: String) {
    override fun toString(): String = "\${backend.id}: \${cause.id} ($message)"
}

/** Names of LiteRT's status codes that say why; the others say only that something failed. */
private val causesByStatus: Map<String, RefusalCause> = mapOf(
    "ErrorDynamicLoading" to RefusalCause.MISSING_LIBRARY,
    "ErrorUnsupported" to RefusalCause.UNSUPPORTED_OP,
    "ErrorCompilation" to RefusalCause.UNSUPPORTED_OP,
    "LegalizeNoMatch" to RefusalCause.UNSUPPORTED_OP,
    "ErrorInvalidLegalization" to RefusalCause.UNSUPPORTED_OP,
    "ErrorInvalidIrType" to RefusalCause.PRECISION,
    "ErrorUnsupportedShapeInferencedOp" to RefusalCause.SHAPE,
    "ErrorShapeInferenceFailed" to RefusalCause.SHAPE,
    "ErrorWrongVersion" to RefusalCause.OS,
    "ErrorUnsupportedRuntimeVersion" to RefusalCause.OS,
    "ErrorUnsupportedCompilerVersion" to RefusalCause.OS,
    "ErrorIncompatibleByteCodeVersion" to RefusalCause.OS,
)

/** Words of the runtime that say more than its status; the first that occurs decides. */
private val causesByWords: List<Pair<String, RefusalCause>> = listOf(
    "dlopen" to RefusalCause.MISSING_LIBRARY,
    ".so" to RefusalCause.MISSING_LIBRARY,
    "not accelerated" to RefusalCause.UNSUPPORTED_OP,
    "unsupported op" to RefusalCause.UNSUPPORTED_OP,
    "dynamic" to RefusalCause.SHAPE,
    "shape" to RefusalCause.SHAPE,
    "element type" to RefusalCause.PRECISION,
    "data type" to RefusalCause.PRECISION,
)

/** The class of a failure, from the name of the runtime's status, where it is known, and the runtime's words. */
internal fun refusalCause(status: String?, message: String): RefusalCause {
    val spoken = causesByWords.firstOrNull { (words, _) -> message.contains(words, ignoreCase = true) }
    return spoken?.second ?: causesByStatus[status] ?: RefusalCause.OTHER
}
`;
}
