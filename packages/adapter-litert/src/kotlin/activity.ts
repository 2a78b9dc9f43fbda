import type { TaskContract } from "@edgewise/planner/schema";
import { modelType } from "./model.ts";

/** MainActivity.kt: one screen that answers for a picture of the user's, and runs the self-test and the benchmark. */
export function activitySource({ library, app }: { readonly library: string; readonly app: string }, contract: TaskContract): string {
  const type = modelType(contract);
  const picture = contract.input.kind === "image";
  const imports = [
    "android.app.Activity", ...(picture ? ["android.content.Intent", "android.graphics.Bitmap", "android.graphics.ColorSpace", "android.graphics.ImageDecoder", "android.net.Uri"] : []), "android.os.Bundle", "android.util.Log",
    "android.widget.Button", "android.widget.LinearLayout", "android.widget.ScrollView", "android.widget.TextView", `${library}.${type}`, "java.io.File", "kotlin.concurrent.thread",
  ];
  return `package ${app}

${imports.map((one) => `import ${one}`).join("\n")}

private const val TAG: String = "edgewise"
${picture ? "\nprivate const val PICK_PICTURE: Int = 1\n" : ""}
/**
 * ${picture ? "Answers for a picture of the user's" : "Opens the model"}, runs the golden vectors, and benchmarks the model.
 *
 * The benchmark starts without a touch by
 * \`adb shell am start -n ${app}/.MainActivity --ez benchmark true\`.
 */
class MainActivity : Activity() {
    private lateinit var words: TextView

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        words = TextView(this)
        val screen = LinearLayout(this)
        screen.orientation = LinearLayout.VERTICAL
        screen.setPadding(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
${picture ? "        screen.addView(button(\"Picture\") { pickPicture() })\n" : ""}        screen.addView(button("Self-test") { inBackground { selfTest() } })
        screen.addView(button("Benchmark") { inBackground { benchmark() } })
        screen.addView(ScrollView(this).apply { addView(words) })
        setContentView(screen)
        if (savedInstanceState == null && intent.getBooleanExtra("benchmark", false)) inBackground { benchmark() }
    }

    private fun button(text: String, action: () -> Unit): Button = Button(this).apply {
        this.text = text
        setOnClickListener { action() }
    }
${picture ? pictureMembers(type, contract) : ""}
    private fun selfTest() = ${type}.open(this).use { model ->
        model.refusals.forEach { say("refused by $it") }
        val test = SelfTest.run(model, this)
        test.outcomes.forEach { say(it.toString()) }
        test.requirePassed(this)
        say("\${test.passed} of \${test.vectors} vectors pass on the \${model.backend.id}")
    }

    private fun benchmark() {
        val results = Benchmark().run(this) { say(it) }.toString(2)
        val file = File(getExternalFilesDir(null), "results.json")
        file.writeText(results + "\\n")
        say(results)
        say("Written to $file. On the computer: adb pull $file, then plan measure --import results.json")
    }

    /** The model takes its time, and the screen must not wait for it. */
    private fun inBackground(work: () -> Unit) {
        words.text = ""
        thread {
            try {
                work()
            } catch (error: Exception) {
                Log.e(TAG, "failed", error)
                say("FAIL \${error.message}")
            }
        }
    }

    private fun say(line: String) {
        Log.i(TAG, line)
        runOnUiThread { words.append(line + "\\n") }
    }

    private companion object {
        const val PADDING_PX: Int = 48
    }
}
`;
}

function pictureMembers(type: string, { output }: TaskContract): string {
  const answer = output.kind === "labels"
    ? `        val classification = model.classify(bitmap)
        classification.answers.forEach { say("\${it.label}: \${it.confidence}") }`
    : `        say(model.predict(bitmap).joinToString())`;
  return `
    private fun pickPicture() {
        val intent = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("image/*")
        startActivityForResult(intent, PICK_PICTURE)
    }

    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        super.onActivityResult(requestCode, resultCode, data)
        val uri = data?.data
        if (requestCode == PICK_PICTURE && resultCode == RESULT_OK && uri != null) inBackground { answer(uri) }
    }

    private fun answer(uri: Uri) = ${type}.open(this).use { model ->
        model.refusals.forEach { say("refused by $it") }
        say("running on the \${model.backend.id}")
        val bitmap = decoded(uri)
${answer}
    }

    /** Upright and in sRGB, in memory that can be read. */
    private fun decoded(uri: Uri): Bitmap =
        ImageDecoder.decodeBitmap(ImageDecoder.createSource(contentResolver, uri)) { decoder, _, _ ->
            decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
            decoder.setTargetColorSpace(ColorSpace.get(ColorSpace.Named.SRGB))
        }
`;
}
