/*
 * Runs a network on RUNS inputs and prints "stack <hex>" once and "out <hex bytes>" for each.
 *
 * Input k is a stream of bytes from xorshift32 (13, 17, 5; Marsaglia 2003, doi.org/10.18637/jss.v008.i14), seed
 * 0x9e3779b9 * (k + 1), each the top byte of a state. NET_HEADER, INPUT_BYTES, OUTPUT_BYTES, NET_INPUT, NET_RUN and
 * NET_OUTPUT name the network.
 */
#include NET_HEADER
#include "firmware.h"

static void put_byte(uint8_t byte)
{
    const char text[3] = { "0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15], 0 };
    put_text(text);
}

int main(void)
{
    for (uint32_t k = 0; k < RUNS; k++) {
        uint32_t state = 0x9e3779b9u * (k + 1);
        int8_t *input = NET_INPUT();
        for (uint32_t i = 0; i < INPUT_BYTES; i++) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            input[i] = (int8_t)(state >> 24);
        }
        paint_stack();
        mark_begin();
        NET_RUN();
        mark_end();
        const uint32_t depth = stack_bytes();
        put_text("stack ");
        for (int shift = 24; shift >= 0; shift -= 8) put_byte((uint8_t)(depth >> shift));
        put_text("\nout ");
        for (uint32_t i = 0; i < OUTPUT_BYTES; i++) put_byte((uint8_t)NET_OUTPUT()[i]);
        put_text("\n");
    }
    put_text("done\n");
    return 0;
}
