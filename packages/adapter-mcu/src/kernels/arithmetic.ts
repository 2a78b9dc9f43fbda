/**
 * Functions that kernels share, inlined where they are used. Same arithmetic as the reference interpreter:
 * TFLite's MultiplyByQuantizedMultiplier with its two roundings. A right shift of a negative number is arithmetic, as on
 * every compiler for these targets; nothing else is left to the compiler's choice.
 */
export const arithmeticSource = `
/* Adds x[k] * w[k] to a and x[k] * w[k + next] to b: two output channels share each load of the input. */
static inline void ew_dot_pair(const int8_t *x, const int8_t *w, int32_t next, int32_t count, int32_t *a, int32_t *b)
{
    const int8_t *v = w + next;
    int32_t sum_a = *a, sum_b = *b;
    for (int32_t k = 0; k < count; k++) {
        const int32_t value = x[k];
        sum_a += value * w[k];
        sum_b += value * v[k];
    }
    *a = sum_a;
    *b = sum_b;
}

static inline int32_t ew_sum(const int8_t *w, int32_t count)
{
    int32_t sum = 0;
    for (int32_t k = 0; k < count; k++) sum += w[k];
    return sum;
}

static inline int8_t ew_clamp(int32_t x, int32_t low, int32_t high)
{
    return (int8_t)(x < low ? low : x > high ? high : x);
}

/* round(a * b / 2^31); b is not INT32_MIN. */
static inline int32_t ew_high_product(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

/* round(x / 2^bits), half away from zero; 0 <= bits <= 31. */
static inline int32_t ew_round_shift(int32_t x, int bits)
{
    const int32_t mask = (int32_t)(((uint32_t)1 << bits) - 1);
    return (x >> bits) + ((x & mask) > (mask >> 1) + (x < 0) ? 1 : 0);
}

/* x * 2^bits, limited to int32. */
static inline int32_t ew_shift_left(int32_t x, int bits)
{
    const int32_t limit = INT32_MAX >> bits;
    return x > limit ? INT32_MAX : x < -limit - 1 ? INT32_MIN : (int32_t)((uint32_t)x << bits);
}

/* x * multiplier * 2^(shift - 31), rounded. */
static inline int32_t ew_scale(int32_t x, int32_t multiplier, int shift)
{
    const int32_t wide = (int32_t)((uint32_t)x << (shift > 0 ? shift : 0));
    return ew_round_shift(ew_high_product(wide, multiplier), shift > 0 ? 0 : -shift);
}

static inline int8_t ew_requantize(int32_t x, int32_t multiplier, int shift, int32_t zero, int32_t low, int32_t high)
{
    return ew_clamp(ew_scale(x, multiplier, shift) + zero, low, high);
}

/* Taps of a window side stand at start, start + step, ...: the first inside the picture, and the end of those inside. */
static inline int32_t ew_window_first(int32_t start, int32_t step)
{
    int32_t tap = 0;
    while (start + tap * step < 0) tap++;
    return tap;
}

static inline int32_t ew_window_end(int32_t start, int32_t step, int32_t taps, int32_t size)
{
    while (taps > 0 && start + (taps - 1) * step >= size) taps--;
    return taps;
}
`;
