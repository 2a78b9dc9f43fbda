// Stubs of the android.* classes that emitted files use, with the signatures of developer.android.com/reference.
// An asset is a file below StubAssets.folder.
package android.content.res

import java.io.File
import java.io.InputStream

object StubAssets {
    var folder: File = File(".")
}

class AssetManager {
    fun open(fileName: String): InputStream = File(StubAssets.folder, fileName).inputStream()
    fun list(path: String): Array<String>? = File(StubAssets.folder, path).list()
}
