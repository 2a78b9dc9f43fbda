package androidx.test.platform.app

import android.content.Context

class Instrumentation {
    val targetContext: Context = Context()
}

object InstrumentationRegistry {
    @JvmStatic
    fun getInstrumentation(): Instrumentation = Instrumentation()
}
