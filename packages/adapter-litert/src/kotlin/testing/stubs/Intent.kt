package android.content

import android.net.Uri

class Intent(val action: String) {
    var data: Uri? = null
    fun addCategory(category: String): Intent = apply { require(category.isNotEmpty()) }
    fun setType(type: String?): Intent = apply { requireNotNull(type) }
    fun getBooleanExtra(name: String, defaultValue: Boolean): Boolean = if (name.isEmpty()) !defaultValue else defaultValue

    companion object {
        const val ACTION_OPEN_DOCUMENT: String = "android.intent.action.OPEN_DOCUMENT"
        const val CATEGORY_OPENABLE: String = "android.intent.category.OPENABLE"
    }
}
