package android.content

import android.content.res.AssetManager
import java.io.File

open class Context {
    open val assets: AssetManager = AssetManager()
    open val cacheDir: File = File("cache")
    open val applicationContext: Context get() = this
    open fun getExternalFilesDir(type: String?): File? = File(type ?: "files")
    open fun <T> getSystemService(serviceClass: Class<T>): T = serviceClass.getDeclaredConstructor().newInstance()
    open val contentResolver: ContentResolver = ContentResolver()
}

class ContentResolver
