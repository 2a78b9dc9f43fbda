/*
 * QEMU TCG plugin: how often each instruction runs between two addresses.
 *
 *     gcc -O2 -shared -fPIC -DPLUGIN_API=1 icount.c -o icount.so
 *     qemu-system-arm ... -plugin ./icount.so,begin=<hex>,end=<hex>,out=<file>
 *
 * Counting starts anew whenever the instruction at `begin` runs and is written out whenever the one at `end` runs:
 * a line "run <total>", then "<hex address> <count>" for each instruction that ran. Both must be entries of functions,
 * since blocks of instructions are counted, and a call starts a block. No instruction between them may trap.
 *
 * Needs no header of QEMU: the few calls below are declared from its public documentation,
 * qemu.org/docs/master/devel/tcg-plugins.html. They have the same form in every version of the plugin interface;
 * PLUGIN_API is the version to ask for.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef PLUGIN_API
#define PLUGIN_API 1
#endif

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct plugin_block;
struct plugin_instruction;
enum register_use { USES_NO_REGISTERS };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*callback)(plugin_id id, struct plugin_block *block));
void qemu_plugin_register_vcpu_tb_exec_cb(struct plugin_block *block, void (*callback)(unsigned core, void *user), enum register_use use, void *user);
size_t qemu_plugin_tb_n_insns(const struct plugin_block *block);
struct plugin_instruction *qemu_plugin_tb_get_insn(const struct plugin_block *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct plugin_instruction *instruction);

EXPORT int qemu_plugin_version = PLUGIN_API;

/* One translation of a block; the same code may be translated more than once. */
struct record {
    struct record *next;
    uint64_t runs;
    size_t length;
    uint64_t addresses[];
};

struct line {
    uint64_t address;
    uint64_t count;
};

static struct record *records;
static uint64_t begin_address;
static uint64_t end_address;
static FILE *out;

static int by_address(const void *left, const void *right)
{
    const uint64_t a = ((const struct line *)left)->address, b = ((const struct line *)right)->address;
    return (a > b) - (a < b);
}

static void write_counts(void)
{
    size_t length = 0, used = 0;
    uint64_t total = 0;
    for (const struct record *r = records; r != NULL; r = r->next) length += r->runs == 0 ? 0 : r->length;
    struct line *lines = calloc(length + 1, sizeof *lines);
    for (const struct record *r = records; r != NULL; r = r->next) {
        for (size_t i = 0; r->runs != 0 && i < r->length; i++) lines[used++] = (struct line){ r->addresses[i], r->runs };
        total += r->runs * r->length;
    }
    qsort(lines, used, sizeof *lines, by_address);
    fprintf(out, "run %" PRIu64 "\n", total);
    for (size_t i = 0; i < used; i++) {
        uint64_t count = lines[i].count;
        while (i + 1 < used && lines[i + 1].address == lines[i].address) count += lines[++i].count;
        fprintf(out, "%" PRIx64 " %" PRIu64 "\n", lines[i].address, count);
    }
    fflush(out);
    free(lines);
}

static void block_runs(unsigned core, void *user)
{
    struct record *record = user;
    (void)core;
    if (record->addresses[0] == end_address) write_counts();
    if (record->addresses[0] == begin_address) {
        for (struct record *r = records; r != NULL; r = r->next) r->runs = 0;
    }
    record->runs++;
}

static void block_translated(plugin_id id, struct plugin_block *block)
{
    const size_t length = qemu_plugin_tb_n_insns(block);
    struct record *record = calloc(1, sizeof *record + length * sizeof record->addresses[0]);
    (void)id;
    record->length = length;
    for (size_t i = 0; i < length; i++) record->addresses[i] = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(block, i));
    record->next = records;
    records = record;
    qemu_plugin_register_vcpu_tb_exec_cb(block, block_runs, USES_NO_REGISTERS, record);
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments)
{
    (void)info;
    for (int i = 0; i < count; i++) {
        if (strncmp(arguments[i], "begin=", 6) == 0) begin_address = strtoull(arguments[i] + 6, NULL, 16);
        if (strncmp(arguments[i], "end=", 4) == 0) end_address = strtoull(arguments[i] + 4, NULL, 16);
        if (strncmp(arguments[i], "out=", 4) == 0) out = fopen(arguments[i] + 4, "w");
    }
    if (begin_address == 0 || end_address == 0 || out == NULL) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
    return 0;
}
