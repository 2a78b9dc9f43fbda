import type { BundleFile } from "@edgewise/adapter";
import { RP2040 } from "rp2040js";
import { linkArmImage } from "./arm.ts";
import { type Elf, readElf } from "./elf.ts";
import { type FirmwareReport, mainProgram, readReport, startFiles } from "./firmware.ts";

/** Where the flash is mapped. */
const FLASH_START_ADDRESS = 0x10000000;
/** Past the second-stage boot loader, as on a real Pico. */
const PROGRAM_OFFSET = 0x100;

const map = { flashAddress: FLASH_START_ADDRESS + PROGRAM_OFFSET, flashBytes: 2 * 1024 * 1024 - PROGRAM_OFFSET, ramAddress: 0x20000000, ramBytes: 264 * 1024 };

/** UART0's data register; the emulator takes a byte at once. Source: RP2040 datasheet, 4.2.8. */
const uart = `
void put_char(char letter)
{
    *(volatile uint32_t *)0x40034000u = (uint32_t)letter;
}

void stop(void)
{
    __asm__ volatile("bkpt 0");
    for (;;) {}
}
`;

/** Where emulation ends unless the caller says: some 30 seconds of a desktop's time. */
const MAX_INSTRUCTIONS = 400_000_000;

/** The program neither ended nor failed within the emulated instructions: a large network, or a stuck one. */
export class EmulationLimit extends Error {
  readonly elf: Elf;
  readonly instructions: number;

  constructor(elf: Elf, instructions: number) {
    super(`the program did not end within ${instructions} emulated instructions`);
    this.name = "EmulationLimit";
    this.elf = elf;
    this.instructions = instructions;
  }
}

export interface Rp2040Run {
  readonly files: readonly BundleFile[];
  readonly prefix: string;
  readonly inputs: readonly Int8Array[];
  readonly optimize?: "-Os" | "-O2";
  readonly maxInstructions?: number;
}

export interface Rp2040Result extends FirmwareReport {
  readonly elf: Elf;
  /** Cycles of the first run in the emulator's model of a Cortex-M0+: never silicon's. */
  readonly emulatedCycles: number;
}

/** Builds a bundle's library for a Raspberry Pi Pico and runs it in rp2040js. Throws EmulationLimit. */
export async function runRp2040({ files, prefix, inputs, optimize = "-O2", maxInstructions = MAX_INSTRUCTIONS }: Rp2040Run): Promise<Rp2040Result> {
  const library = files.filter(({ path }) => path.startsWith("include/") || path.startsWith("src/"));
  const image = await linkArmImage({ files: [...library, mainProgram(prefix, inputs), ...startFiles(map, uart)], script: "firmware/link.ld", core: "cortex-m0plus", optimize });
  const elf = readElf(image);
  const run = elf.symbols.find((symbol) => symbol.name === `${prefix}_run`);
  const { text, cycles, stopped } = emulate(elf, { run: run?.value ?? 0, maxInstructions });
  if (!stopped) throw new EmulationLimit(elf, maxInstructions);
  return { ...readReport(text), elf, emulatedCycles: cycles };
}

interface Emulation {
  readonly text: string;
  readonly cycles: number;
  readonly stopped: boolean;
}

function emulate(elf: Elf, { run, maxInstructions }: { readonly run: number; readonly maxInstructions: number }): Emulation {
  const chip = new RP2040();
  load(chip, elf);
  const letters: number[] = [];
  const serial = chip.uart[0];
  if (serial === undefined) throw new Error("the emulator has a UART");
  serial.onByte = (byte) => letters.push(byte);
  let stopped = false;
  chip.onBreak = () => { stopped = true; };
  const { core } = chip;
  const entry = run & ~1;
  let cycles = 0;
  let begun = 0;
  let back = -1;
  for (let i = 0; i < maxInstructions && !stopped; i++) {
    if (cycles === 0 && core.PC === entry) {
      begun = core.cycles;
      back = core.LR & ~1;
    } else if (core.PC === back) {
      cycles = core.cycles - begun;
      back = -1;
    }
    core.executeInstruction();
  }
  return { text: Buffer.from(letters).toString("latin1"), cycles, stopped };
}

/** Copies what lies in flash, then starts as the boot loader would: stack and entry from the vector table. */
function load(chip: RP2040, { sections, symbols }: Elf): void {
  const image = symbols.find(({ name }) => name === "data_image")?.value ?? 0;
  for (const section of sections.filter(({ allocated, zeroed, bytes }) => allocated && !zeroed && bytes > 0)) {
    const address = section.writable ? image : section.address;
    chip.flash.set(section.content, address - FLASH_START_ADDRESS);
  }
  const { core } = chip;
  core.VTOR = map.flashAddress;
  core.SP = chip.flashView.getUint32(PROGRAM_OFFSET, true);
  core.PC = chip.flashView.getUint32(PROGRAM_OFFSET + 4, true) & ~1;
}
