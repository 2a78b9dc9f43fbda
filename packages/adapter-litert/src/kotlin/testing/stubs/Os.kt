package android.os

class Bundle

class PowerManager {
    val currentThermalStatus: Int = 0
}

object Build {
    @JvmField
    val MANUFACTURER: String = "Stub"

    @JvmField
    val MODEL: String = "Stub 1"

    object VERSION {
        @JvmField
        val SDK_INT: Int = 35

        @JvmField
        val RELEASE: String = "15"
    }

    object VERSION_CODES {
        const val Q: Int = 29
    }
}
