/* Runs a bundle's own golden vectors and prints "selftest=<failures>" in unary: one x for each vector that differs. */
#include "firmware.h"

int NET_SELFTEST(void);

int main(void)
{
    put_text("selftest=");
    for (int failures = NET_SELFTEST(); failures > 0; failures--) put_text("x");
    put_text("\ndone\n");
    return 0;
}
