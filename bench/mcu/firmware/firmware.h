#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stdint.h>

void put_text(const char *text);

/* Fills the free stack; `stack_bytes` then says how much of the whole stack, from its top, was used since. */
void paint_stack(void);
uint32_t stack_bytes(void);

void mark_begin(void);
void mark_end(void);

#endif
