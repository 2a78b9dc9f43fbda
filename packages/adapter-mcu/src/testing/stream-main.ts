import type { BundleFile } from "@edgewise/adapter";
import { textFile } from "../emit/library.ts";

/** A main around a library with the prefix "net": inputs come in a row from the standard input, outputs leave in a row. */
export const streamMain: BundleFile = textFile("main.c", `#include <stdio.h>
#include "net.h"

int main(void);

int main(void)
{
    while (fread(net_input(), 1, NET_INPUT_BYTES, stdin) == NET_INPUT_BYTES) {
        net_run();
        if (fwrite(net_output(), 1, NET_OUTPUT_BYTES, stdout) != NET_OUTPUT_BYTES) return 1;
    }
    return 0;
}
`);
