/** Packs one column. */
import { Floats, Ints } from "../../model/run/columns.ts";
import { CODE, kindAt, listAt, type PackedColumn } from "./column.ts";
import { type ColumnHeader, type ListsHeader, PACKED_KINDS, type PackedKind } from "./header.ts";
import { packInts } from "./ints_pack.ts";
import type { PackContext } from "./pack_context.ts";
import { packReals } from "./reals_pack.ts";
import type { Tables } from "./references.ts";
import { packWords } from "./texts_pack.ts";
import { packTimes } from "./times_pack.ts";

/** Packs a column of a table that is in `tables`. */
export async function packColumn(
  table: string,
  column: PackedColumn,
  tables: Tables,
  context: PackContext,
): Promise<ColumnHeader> {
  const name = `${table}.${column.name}`;
  const { kinds } = column;
  const header: ColumnHeader = {
    name: column.name,
    kinds: typeof kinds === "number" ? { e: "same", v: kinds } : await packInts(
      Int32Array.from(kinds),
      `${name}.kinds`,
      context,
    ),
  };
  for (const kind of kindsOf(column)) {
    if (kind === "null") continue;
    if (kind === "time") header.time = await packTimes(table, column, tables, context);
    else if (kind === "list") header.list = await packLists(table, column, tables, context);
    else {
      const cells = await cellsOf(column, CODE[kind], context);
      if (kind === "int") header.int = await packInts(cells, name, context);
      else if (kind === "real") {
        header.real = await packReals(Float64Array.from(cells), name, context);
      } else header[kind] = await packUsed(column, cells, `${name}.${kind}`, context);
    }
  }
  return header;
}

function kindsOf({ kinds }: PackedColumn): PackedKind[] {
  if (typeof kinds === "number") return [PACKED_KINDS[kinds]];
  const found = new Array<boolean>(PACKED_KINDS.length).fill(false);
  for (const kind of kinds) found[kind] = true;
  return PACKED_KINDS.filter((_, code) => found[code]);
}

/** The values of the cells of one kind. */
async function cellsOf(column: PackedColumn, code: number, { pace }: PackContext) {
  if (column.kinds === code) return column.values;
  const cells = new Float64Array(column.rows);
  let used = 0;
  await pace.blocks(column.rows, (from, to) => {
    for (let row = from; row < to; row++) {
      if (kindAt(column, row) === code) cells[used++] = column.values[row];
    }
  });
  return cells.subarray(0, used);
}

/** Packs the words that occur, numbered as they first do. */
async function packUsed(
  column: PackedColumn,
  cells: Int32Array | Float64Array,
  name: string,
  context: PackContext,
) {
  const { words } = column;
  const number = new Int32Array(words.length).fill(-1);
  const used: string[] = [];
  const index = new Int32Array(cells.length);
  await context.pace.blocks(cells.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const word = cells[i];
      if (number[word] < 0) number[word] = used.push(words.at(word)!) - 1;
      index[i] = number[word];
    }
  });
  return await packWords(index, used, name, context);
}

async function packLists(
  table: string,
  column: PackedColumn,
  tables: Tables,
  context: PackContext,
): Promise<ListsHeader> {
  const own = tables.get(table)!.column("task_id");
  const counts = new Ints();
  const firsts = new Floats();
  const others = new Ints();
  await context.pace.blocks(column.rows, (from, to) => {
    for (let row = from; row < to; row++) {
      if (kindAt(column, row) !== CODE.list) continue;
      const items = listAt(column, row);
      counts.push(items.length);
      const id = own && own.kinds === CODE.int ? own.values[row] : 0;
      firsts.push(id - items[0]);
      for (let i = 1; i < items.length; i++) others.push(items[i] - items[i - 1]);
    }
  }, 4096);
  const name = `${table}.${column.name}`;
  return {
    n: others.length,
    counts: await packInts(counts.data.subarray(0, counts.length), `${name}.counts`, context),
    firsts: await packInts(firsts.data.subarray(0, firsts.length), name, context),
    others: await packInts(others.data.subarray(0, others.length), `${name}.others`, context),
  };
}
