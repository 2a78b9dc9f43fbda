package android.view

import android.content.Context

open class View(val context: Context) {
    fun setPadding(left: Int, top: Int, right: Int, bottom: Int): Unit = require(minOf(left, top, right, bottom) >= 0)
    fun setOnClickListener(listener: OnClickListener?): Unit = requireNotNull(listener).let {}

    fun interface OnClickListener {
        fun onClick(view: View)
    }
}

open class ViewGroup(context: Context) : View(context) {
    fun addView(child: View): Unit = require(child !== this)
}
