package android.app

import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.view.View

open class Activity : Context() {
    open var intent: Intent = Intent("")
    protected open fun onCreate(savedInstanceState: Bundle?) {}
    protected open fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {}
    fun setContentView(view: View): Unit = require(view.context === this)
    fun startActivityForResult(intent: Intent, requestCode: Int): Unit = require(intent.action.isNotEmpty() && requestCode >= 0)
    fun runOnUiThread(action: Runnable): Unit = action.run()

    companion object {
        const val RESULT_OK: Int = -1
    }
}
