/** Opens one packed column. */
import { CODE, kindAt, type Lists, type PackedColumn } from "./column.ts";
import { type ColumnHeader, PACKED_KINDS, type WordsHeader } from "./header.ts";
import { ints, type Opening, reals } from "./opening.ts";
import { resolver, type Tables } from "./references.ts";
import { groupsOf } from "./times.ts";
import { OpenedWords } from "./words.ts";

/**
 * Opens a column of a table that is in `tables`, as are all that its times refer to.
 *
 * @throws {Error} when the bytes do not say what the header does
 * @throws {TooLarge} when it would take more room than there is
 */
export function openColumn(
  table: string,
  header: ColumnHeader,
  rows: number,
  tables: Tables,
  opening: Opening,
): PackedColumn {
  const kinds = kindsOf(header, rows, opening);
  const column: PackedColumn = {
    name: header.name,
    rows,
    kinds,
    values: new Int32Array(0),
    words: [],
    lists: null,
  };
  const only = (code: number) => kinds === code;
  if (header.int && only(CODE.int)) column.values = ints(header.int, rows, opening);
  else if (header.real && only(CODE.real)) column.values = reals(header.real, rows, opening);
  else if (header.text && only(CODE.text)) column.values = ints(header.text.index, rows, opening);
  else if (!only(CODE.null)) {
    opening.room.take(rows * 8);
    column.values = new Float64Array(rows);
    spread(column, CODE.int, header.int && ((n) => ints(header.int!, n, opening)));
    spread(column, CODE.real, header.real && ((n) => reals(header.real!, n, opening)));
    let offset = 0;
    const groups: OpenedWords[] = [];
    for (const kind of ["text", "big", "blob"] as const) {
      const words = header[kind];
      if (!words) continue;
      const first = offset;
      spread(column, CODE[kind], (n) => ints(words.index, n, opening).map((i) => i + first));
      groups.push(opened(words, opening));
      offset += words.words.n;
    }
    column.words = joined(groups);
    if (header.list) column.lists = openLists(table, column, header.list, tables, opening);
    if (header.time) openTimes(table, column, header.time, tables, opening);
    return column;
  }
  if (header.text) column.words = opened(header.text, opening);
  return column;
}

/** The kinds of all cells: each is one, and what is of it is in the header. */
function kindsOf(header: ColumnHeader, rows: number, opening: Opening): number | Uint8Array {
  const isThere = PACKED_KINDS.map((kind) => kind === "null" || header[kind] !== undefined);
  const require = (code: number) => {
    if (isThere[code] !== true) throw new Error(`column ${header.name} has cells of no kind`);
  };
  if (header.kinds.e === "same") {
    if (rows > 0) require(header.kinds.v);
    return header.kinds.v;
  }
  const codes = ints(header.kinds, rows, opening);
  opening.room.take(rows);
  for (let row = 0; row < rows; row++) require(codes[row]);
  return Uint8Array.from(codes);
}

function opened(header: WordsHeader, opening: Opening): OpenedWords {
  const { words } = header;
  const lengths = words.e === "utf8" ? ints(words.lengths, words.n, opening) : null;
  return new OpenedWords(words, opening.fetch(words.at), lengths, opening.room);
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
  opening: Opening,
): Lists {
  let count = 0;
  for (let row = 0; row < column.rows; row++) if (kindAt(column, row) === CODE.list) count++;
  const counts = ints(header.counts, count, opening);
  const firsts = ints(header.firsts, count, opening);
  const others = ints(header.others, header.n, opening);
  requireItems(counts, header.n);
  const own = tables.get(table)?.column("task_id") ?? null;
  opening.room.take((column.rows + 1 + count + header.n) * 4);
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

/** Lists have one item at least, and so many in all besides their first ones. */
function requireItems(counts: ArrayLike<number>, others: number): void {
  let sum = 0;
  for (let list = 0; list < counts.length; list++) {
    if (!(counts[list] >= 1)) throw new Error("a list has no items");
    sum += counts[list] - 1;
  }
  if (sum !== others) throw new Error("lists have other items than the header says");
}

function openTimes(
  table: string,
  column: PackedColumn,
  header: NonNullable<ColumnHeader["time"]>,
  tables: Tables,
  opening: Opening,
): void {
  const by = header.by ? tables.get(table)?.column(header.by) ?? null : null;
  opening.room.take(column.rows * 8);
  const groups = groupsOf(column, by);
  if (groups.length !== header.groups.length) {
    throw new Error(`the times of column ${column.name} are in other groups than the header says`);
  }
  groups.forEach((rows, i) => {
    const { ref, ints: packed } = header.groups[i];
    const differences = ints(packed, rows.length, opening);
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
