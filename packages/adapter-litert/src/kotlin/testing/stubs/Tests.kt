// Stubs of what the instrumented test uses of JUnit 4 and androidx.test.
package org.junit

annotation class Test
