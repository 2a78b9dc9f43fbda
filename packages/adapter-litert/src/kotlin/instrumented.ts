import type { TaskContract } from "@edgewise/planner/schema";
import { modelType } from "./model.ts";

/** GoldenVectorsTest.kt: fails where the planned backend refuses the model, or gives other answers, and says which. */
export function instrumentedTestSource({ library, app }: { readonly library: string; readonly app: string }, contract: TaskContract): string {
  const type = modelType(contract);
  const imports = ["androidx.test.ext.junit.runners.AndroidJUnit4", "androidx.test.platform.app.InstrumentationRegistry", `${library}.Backend`, `${library}.${type}`, `${library}.plannedBackends`, "org.junit.Test", "org.junit.runner.RunWith"].sort();
  return `package ${app}

${imports.map((one) => `import ${one}`).join("\n")}

/** On a device: \`gradle :sample:connectedAndroidTest\`. */
@RunWith(AndroidJUnit4::class)
class GoldenVectorsTest {
    private val context = InstrumentationRegistry.getInstrumentation().targetContext

    /** Without a fallback: a refusal fails the test, with its cause. */
    @Test
    fun thePlannedBackendGivesTheReferencesAnswers() {
        requirePassedOn(plannedBackends.first())
    }

    @Test
    fun theLastBackendOfTheChainGivesTheReferencesAnswers() {
        requirePassedOn(plannedBackends.last())
    }

    private fun requirePassedOn(backend: Backend) {
        ${type}.open(context, listOf(backend)).use { model -> SelfTest.run(model, context).requirePassed(context) }
    }
}
`;
}
