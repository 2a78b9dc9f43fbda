/**
 * Records of a ZIP file: where their fields are, from the record's start, and how long they are.
 *
 * Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export const local = { signature: 0x04034b50, byteLength: 30, version: 4, flags: 6, method: 8, date: 12, crc: 14, compressed: 18, stored: 22, nameBytes: 26, extraBytes: 28 } as const;
export const central = {
  signature: 0x02014b50, byteLength: 46, madeBy: 4, version: 6, flags: 8, method: 10, date: 14, crc: 16, compressed: 20, stored: 24, nameBytes: 28, extraBytes: 30, commentBytes: 32,
  offset: 42,
} as const;
export const end = { signature: 0x06054b50, byteLength: 22, files: 8, allFiles: 10, directoryBytes: 12, directoryOffset: 16, commentBytes: 20 } as const;

/** Version 1.0 of the format has files that are stored as they are. */
export const VERSION = 10;
/** Names are UTF-8. */
export const UTF8_FLAG = 0x0800;
/** 1 January 1980, the first day that can be written: the file must not depend on the day it is made. */
export const FIRST_DATE = 0x0021;
