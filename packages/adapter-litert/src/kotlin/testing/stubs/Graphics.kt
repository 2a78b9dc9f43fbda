package android.graphics

import android.content.ContentResolver
import android.net.Uri

class Bitmap(val width: Int, val height: Int, private val argb: IntArray?) {
    /** Row by row, as the platform does with a stride of the width. */
    fun getPixels(pixels: IntArray, offset: Int, stride: Int, x: Int, y: Int, width: Int, height: Int) {
        val from = argb ?: throw IllegalStateException("pixel access is not supported on Config#HARDWARE bitmaps")
        require(x == 0 && y == 0 && offset == 0 && stride == width && height == this.height)
        from.copyInto(pixels)
    }

    enum class Config { ARGB_8888, HARDWARE }
}

class ColorSpace private constructor() {
    enum class Named { SRGB }

    companion object {
        @JvmStatic
        fun get(name: Named): ColorSpace = name.let { ColorSpace() }
    }
}

class ImageDecoder private constructor() {
    var allocator: Int = 0

    fun setTargetColorSpace(colorSpace: ColorSpace?): Unit = requireNotNull(colorSpace).let {}

    class Source internal constructor()

    class ImageInfo internal constructor()

    fun interface OnHeaderDecodedListener {
        fun onHeaderDecoded(decoder: ImageDecoder, info: ImageInfo, source: Source)
    }

    companion object {
        const val ALLOCATOR_SOFTWARE: Int = 1

        @JvmStatic
        fun createSource(resolver: ContentResolver, uri: Uri): Source = resolver.let { uri.let { Source() } }

        @JvmStatic
        fun decodeBitmap(source: Source, listener: OnHeaderDecodedListener): Bitmap {
            listener.onHeaderDecoded(ImageDecoder(), ImageInfo(), source)
            return Bitmap(1, 1, intArrayOf(0))
        }
    }
}
