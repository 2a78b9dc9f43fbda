/* Vector table, start-up, and output by semihosting (Arm semihosting specification: SYS_WRITE0 4, SYS_EXIT 0x18). */
#include <stdint.h>
#include "firmware.h"

#define PAINT 0xa5c3a5c3u

extern uint32_t data_image[], data_begin[], data_end[], bss_begin[], bss_end[], stack_low[], stack_top[];
int main(void);
void reset(void);

static void semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void put_text(const char *text)
{
    semihost(4, text);
}

static void stop(void)
{
    semihost(0x18, (const void *)0x20026);
    for (;;) {}
}

static void fault(void)
{
    put_text("fault\n");
    stop();
}

__attribute__((noinline)) void paint_stack(void)
{
    volatile uint32_t *low = stack_low;
    const uint32_t *here = __builtin_frame_address(0);
    while (low < here - 16) *low++ = PAINT;
}

uint32_t stack_bytes(void)
{
    const volatile uint32_t *low = stack_low;
    while (low < stack_top && *low == PAINT) low++;
    return (uint32_t)(4 * (stack_top - low));
}

/* The counter works between these two. */
__attribute__((noinline, used)) void mark_begin(void)
{
    __asm__ volatile("nop");
}

__attribute__((noinline, used)) void mark_end(void)
{
    __asm__ volatile("nop");
}

void reset(void)
{
#ifdef __ARM_FP /* CPACR: full access to the floating-point unit, whose registers also hold vectors. */
    *(volatile uint32_t *)0xe000ed88 |= 0xfu << 20;
    __asm__ volatile("dsb\n isb");
#endif
#ifdef __ARM_FEATURE_MVE /* CCR.LOB: low-overhead loops keep their state. */
    *(volatile uint32_t *)0xe000ed14 |= 1u << 19;
    __asm__ volatile("dsb\n isb");
#endif
    /* Volatile, so that no call of memcpy or memset comes of it: those in the image are the network's. */
    const uint32_t *from = data_image;
    for (volatile uint32_t *to = data_begin; to < data_end;) *to++ = *from++;
    for (volatile uint32_t *to = bss_begin; to < bss_end;) *to++ = 0;
    main();
    stop();
}

struct vector_table {
    uint32_t *stack;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) static const struct vector_table vectors = {
    stack_top, { reset, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault },
};
