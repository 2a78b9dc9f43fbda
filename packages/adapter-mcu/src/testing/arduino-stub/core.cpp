/* Calls setup() and then loop() twice: the second time shows that the network can run again. */
#include "Arduino.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

StubSerial Serial;

unsigned long micros()
{
    return (unsigned long)((double)clock() * (1e6 / CLOCKS_PER_SEC));
}

unsigned long millis()
{
    return micros() / 1000ul;
}

void delay(unsigned long)
{
}

/* A sketch that prints before begin() would print nothing on a board. */
static size_t shown(bool begun, int characters)
{
    if (!begun || characters < 0) abort();
    return (size_t)characters;
}

void StubSerial::begin(unsigned long)
{
    begun = true;
}

StubSerial::operator bool()
{
    return begun;
}

size_t StubSerial::print(const char *text) { return shown(begun, printf("%s", text)); }
size_t StubSerial::print(int value) { return shown(begun, printf("%d", value)); }
size_t StubSerial::print(long value) { return shown(begun, printf("%ld", value)); }
size_t StubSerial::print(unsigned long value) { return shown(begun, printf("%lu", value)); }
size_t StubSerial::print(double value, int digits) { return shown(begun, printf("%.*f", digits, value)); }
size_t StubSerial::println() { return shown(begun, printf("\r\n")); }
size_t StubSerial::println(const char *text) { return print(text) + println(); }
size_t StubSerial::println(int value) { return print(value) + println(); }
size_t StubSerial::println(long value) { return print(value) + println(); }
size_t StubSerial::println(unsigned long value) { return print(value) + println(); }
size_t StubSerial::println(double value, int digits) { return print(value, digits) + println(); }

int main()
{
    setup();
    loop();
    loop();
    return 0;
}
