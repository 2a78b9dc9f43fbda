/*
 * A stub of the Arduino core for tests on a desk: the calls that an emitted sketch makes, with the types of the Arduino
 * language reference (docs.arduino.cc/language-reference). What goes to Serial goes to the standard output.
 */
#ifndef ARDUINO_STUB_H
#define ARDUINO_STUB_H

#include <stddef.h>
#include <stdint.h>

void setup();
void loop();

unsigned long micros();
unsigned long millis();
void delay(unsigned long ms);

class StubSerial {
public:
    void begin(unsigned long baud);
    size_t print(const char *text);
    size_t print(int value);
    size_t print(long value);
    size_t print(unsigned long value);
    size_t print(double value, int digits = 2);
    size_t println();
    size_t println(const char *text);
    size_t println(int value);
    size_t println(long value);
    size_t println(unsigned long value);
    size_t println(double value, int digits = 2);
    operator bool();

private:
    bool begun = false;
};

extern StubSerial Serial;

#endif
