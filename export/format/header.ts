/** The header of packed data: what the parts hold and how. Described in docs/report-format.md. */
import type { Level } from "../../model/run/levels.ts";

/**
 * Where some bytes lie: index of the part among the `parts` of the table (or of the samples), offset
 * and length in its inflated bytes.
 */
export type PartPlace = [part: number, offset: number, length: number];

/** A list of integers. */
export type IntsHeader =
  | { e: "same"; v: number }
  | {
    /** Layout of the bytes: `varint`, or `planes`: first the low bytes of all, then the next ones. */
    e: "varint" | "planes";
    /** Each is the difference from the one before, the first from 0. */
    delta?: 1;
    /** The stored value times this is the integer. */
    by?: number;
    /** The integer is stored as its zigzag code. */
    z?: 1;
    /** Some integer or code needs more than 31 bits. */
    wide?: 1;
    /** Planes per value. */
    w?: number;
    at: PartPlace;
  };

/** A list of texts. */
export type TextsHeader =
  | { e: "utf8"; n: number; lengths: IntsHeader; at: PartPlace }
  /** Texts of `length` lower-case hexadecimal digits, two in a byte. */
  | { e: "hex"; n: number; length: number; at: PartPlace };

/** A list of texts that come again: an index into the distinct ones for each. */
export interface WordsHeader {
  index: IntsHeader;
  words: TextsHeader;
}

/** A list of floats: integers divided by a power of ten, or eight planes of their bits. */
export type RealsHeader =
  | { e: "scaled"; digits: number; ints: IntsHeader }
  /** As scaled, plus so many units in the last place of each. */
  | { e: "near"; digits: number; ints: IntsHeader; ulps: IntsHeader }
  | { e: "bits"; at: PartPlace };

/** From what a time is predicted; the difference is what is stored. */
export type Reference =
  /** Another column of the row, or of the row of another table that is about the same. */
  | { table: string; column: string }
  /** The latest of the row's own `column` and the `column`s of the rows that it depends on. */
  | { after: string; depends: string; returned: string };

/** Times in µs since 1970-01-01 00:00 of the naive clock, in groups of rows. */
export interface TimesHeader {
  /** The column by whose words rows are grouped; without it all are one group. */
  by?: string;
  groups: { ref?: Reference; n: number; ints: IntsHeader }[];
}

/** Lists of integers, as texts "3,17". */
export interface ListsHeader {
  counts: IntsHeader;
  /** The row's task_id minus the first of each list. */
  firsts: IntsHeader;
  /** The others minus the one before each, and how many they are. */
  others: IntsHeader;
  n: number;
}

/** What a cell can be, by the number in `kinds`. */
export const PACKED_KINDS = [
  "null",
  "int",
  "real",
  "text",
  "time",
  "list",
  "big",
  "blob",
] as const;
export type PackedKind = typeof PACKED_KINDS[number];

/** A column: the kind of each cell, and for each kind that occurs the cells of that kind in order. */
export interface ColumnHeader {
  name: string;
  kinds: IntsHeader;
  int?: IntsHeader;
  real?: RealsHeader;
  text?: WordsHeader;
  time?: TimesHeader;
  list?: ListsHeader;
  /** Integers of 2^51 and more, in decimal. */
  big?: WordsHeader;
  /** Bytes as hexadecimal digits. */
  blob?: WordsHeader;
}

export interface TableHeader {
  name: string;
  rows: number;
  /**
   * Of rows that were put in order: those that failed, by their numbers here, in the order in which
   * the database had them. Who lists failures as the dashboard does takes these rows first.
   */
  failed?: { n: number; rows: IntsHeader };
  /** Names of the parts; the first is that of the short columns. */
  parts: string[];
  columns: ColumnHeader[];
}

/** Something that was left out to keep the file small. */
export interface LeftOut {
  what: "block" | "resource" | "node" | "microseconds";
  /** For the user: what is not there, and what is there all the same. */
  text: string;
}

/**
 * What samples told, in place of them; lists by try, in the order of task_id and try_id. Each level
 * has a line under its own name (memory in bytes); a report may have been made before there was one.
 */
export interface SamplesHeader extends Partial<Record<Level, LineHeader>> {
  count: number;
  misplaced: number;
  /** Bytes; null without. */
  peak: number | null;
  gaps: number;
  /** Naive ms that the moments are relative to; and the times of the first and the last sample. */
  base: number;
  first: number;
  last: number;
  parts: string[];
  tries: number;
  taskId: IntsHeader;
  tryId: IntsHeader;
  /** Samples with a figure of memory. */
  tryCount: IntsHeader;
  /** Highest memory of the tries that have one, bytes. */
  tryPeak: RealsHeader;
  /** Of the same: the highest times their count, minus their sum. */
  tryBelow: RealsHeader;
  /** 1 where CPU time is known, and seconds of those. */
  hasCpu: IntsHeader;
  tryCpu: RealsHeader;
  /** Of the cores in use, and of their moments. */
  rate: LineHeader;
  moment: LineHeader;
}

/** A timeline: its steps from the edge `first` (a multiple of `width` ms) on. */
export interface LineHeader {
  width: number;
  first: number;
  n: number;
  steps: RealsHeader;
}

/** Everything that must be known to open the parts. */
export interface DataHeader {
  version: 1;
  tables: TableHeader[];
  samples?: SamplesHeader;
  /** The newest time of the run's statuses, naive ms; null without any. */
  newest: number | null;
  left: LeftOut[];
}

/** A run, packed. */
export interface Packed {
  header: DataHeader;
  /** Raw deflate. */
  parts: { name: string; deflated: Uint8Array }[];
}

/** What the header of the file says of its database. */
export interface About {
  name: string;
  /** Naive ms of the submit host when it was taken. */
  taken: number;
  /** Whether names and arguments were taken out of it. */
  redacted?: boolean;
}
