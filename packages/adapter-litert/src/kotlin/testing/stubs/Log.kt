package android.util

object Log {
    @JvmStatic
    fun i(tag: String?, message: String): Int = println(tag + message).let { 0 }

    @JvmStatic
    fun e(tag: String?, message: String?, error: Throwable?): Int = println(tag + message + error).let { 0 }
}
