/** Opens one packed column. */
import { CODE, kindAt, type Lists, type PackedColumn } from "./column.ts";
import type { ColumnHeader, IntsHeader, PartPlace, RealsHeader, WordsHeader } from "./header.ts";
import { type OpenedInts, openInts } from "./ints_open.ts";
import { lastPlace } from "./last_place.ts";
import { BLOCK } from "./pace.ts";
import { resolver, type Tables } from "./references.ts";
import { groupsOf } from "./times.ts";
import { OpenedWords } from "./words.ts";

/** Bytes of a place; the part that it is in has been inflated. */
export type Fetch = (place: PartPlace) => Uint8Array;

const NOTHING = new Uint8Array(0);

/** The integers of a header. */
export function ints(header: IntsHeader, count: number, fetch: Fetch): OpenedInts {
  return openInts(header, header.e === "same" ? NOTHING : fetch(header.at), count);
}

/** The floats of a header. */
export function reals(header: RealsHeader, count: number, fetch: Fetch): Float64Array {
  const out = new Float64Array(count);
  if (header.e !== "bits") {
    const scale = 10 ** header.digits;
    const scaled = ints(header.ints, count, fetch);
    for (let i = 0; i < count; i++) out[i] = scaled[i] / scale;
    if (header.e === "near") {
      const ulps = ints(header.ulps, count, fetch);
      for (let i = 0; i < count; i++) if (ulps[i]) out[i] += ulps[i] * lastPlace(out[i]);
    }
    return out;
  }
  const bytes = fetch(header.at);
  const raw = new Uint8Array(out.buffer);
  for (let from = 0; from < count; from += BLOCK) {
    const length = Math.min(BLOCK, count - from);
    for (let plane = 0; plane < 8; plane++) {
      const at = from * 8 + plane * length;
      for (let i = 0; i < length; i++) raw[(from + i) * 8 + plane] = bytes[at + i];
    }
  }
  return out;
}

/** Opens a column of a table that is in `tables`, as are all that its times refer to. */
export function openColumn(
  table: string,
  header: ColumnHeader,
  rows: number,
  tables: Tables,
  fetch: Fetch,
): PackedColumn {
  const codes = ints(header.kinds, rows, fetch);
  const kinds = header.kinds.e === "same" ? header.kinds.v : Uint8Array.from(codes);
  const column: PackedColumn = {
    name: header.name,
    rows,
    kinds,
    values: new Int32Array(0),
    words: [],
    lists: null,
  };
  const only = (code: number) => kinds === code;
  if (header.int && only(CODE.int)) column.values = ints(header.int, rows, fetch);
  else if (header.real && only(CODE.real)) column.values = reals(header.real, rows, fetch);
  else if (header.text && only(CODE.text)) column.values = ints(header.text.index, rows, fetch);
  else if (!only(CODE.null)) {
    column.values = new Float64Array(rows);
    spread(column, CODE.int, header.int && ((n) => ints(header.int!, n, fetch)));
    spread(column, CODE.real, header.real && ((n) => reals(header.real!, n, fetch)));
    let offset = 0;
    const groups: OpenedWords[] = [];
    for (const kind of ["text", "big", "blob"] as const) {
      const words = header[kind];
      if (!words) continue;
      const first = offset;
      spread(column, CODE[kind], (n) => ints(words.index, n, fetch).map((i) => i + first));
      groups.push(opened(words, fetch));
      offset += words.words.n;
    }
    column.words = joined(groups);
    if (header.list) column.lists = openLists(table, column, header.list, tables, fetch);
    if (header.time) openTimes(table, column, header.time, tables, fetch);
    return column;
  }
  if (header.text) column.words = opened(header.text, fetch);
  return column;
}

function opened(header: WordsHeader, fetch: Fetch): OpenedWords {
  const { words } = header;
  const lengths = words.e === "utf8" ? ints(words.lengths, words.n, fetch) : null;
  return new OpenedWords(words, fetch(words.at), lengths);
}

/** The words of several lists, one after the other. */
function joined(groups: OpenedWords[]): PackedColumn["words"] {
  if (groups.length === 1) return groups[0];
  return {
    length: groups.reduce((sum, { length }) => sum + length, 0),
    at(index: number) {
      let rest = index;
      for (const words of groups) {
        if (rest < words.length) return words.at(rest);
        rest -= words.length;
      }
      return undefined;
    },
  };
}

/** Gives the cells of one kind their values. */
function spread(
  column: PackedColumn,
  code: number,
  read: ((count: number) => ArrayLike<number>) | undefined,
): void {
  if (!read) return;
  let count = 0;
  for (let row = 0; row < column.rows; row++) if (kindAt(column, row) === code) count++;
  const values = read(count);
  for (let row = 0, next = 0; row < column.rows; row++) {
    if (kindAt(column, row) === code) column.values[row] = values[next++];
  }
}

function openLists(
  table: string,
  column: PackedColumn,
  header: NonNullable<ColumnHeader["list"]>,
  tables: Tables,
  fetch: Fetch,
): Lists {
  let count = 0;
  for (let row = 0; row < column.rows; row++) if (kindAt(column, row) === CODE.list) count++;
  const counts = ints(header.counts, count, fetch);
  const firsts = ints(header.firsts, count, fetch);
  const others = ints(header.others, header.n, fetch);
  const own = tables.get(table)?.column("task_id") ?? null;
  const starts = new Int32Array(column.rows + 1);
  const items = new Int32Array(count + header.n);
  let used = 0;
  let other = 0;
  for (let row = 0, list = 0; row < column.rows; row++) {
    if (kindAt(column, row) === CODE.list) {
      const id = own && own.kinds === CODE.int ? own.values[row] : 0;
      let item = id - firsts[list];
      items[used++] = item;
      for (let i = 1; i < counts[list]; i++) items[used++] = item += others[other++];
      list++;
    }
    starts[row + 1] = used;
  }
  return { starts, items };
}

function openTimes(
  table: string,
  column: PackedColumn,
  header: NonNullable<ColumnHeader["time"]>,
  tables: Tables,
  fetch: Fetch,
): void {
  const by = header.by ? tables.get(table)?.column(header.by) ?? null : null;
  groupsOf(column, by).forEach((rows, i) => {
    const { ref, ints: packed } = header.groups[i];
    const differences = ints(packed, rows.length, fetch);
    const lookUp = ref && resolver(tables, table, ref);
    let last = 0;
    for (let at = 0; at < rows.length; at++) {
      if (lookUp) {
        const reference = lookUp(rows[at]);
        if (reference === reference) last = reference;
      }
      column.values[rows[at]] = differences[at] + last;
    }
  });
}
