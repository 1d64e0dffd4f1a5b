/** From what times are predicted. */
import { IdIndex } from "../../model/run/id_index.ts";
import { CODE, kindAt, listAt, type PackedColumn } from "./column.ts";
import type { Reference } from "./header.ts";

/** A table whose columns are there when they are asked for. */
export interface TableLike {
  rows: number;
  column(name: string): PackedColumn | null;
}

/** The tables of a run, and where their rows about a task stand. */
export class Tables {
  readonly #tables = new Map<string, TableLike>();
  readonly #indexes = new Map<string, IdIndex>();

  set(name: string, table: TableLike): void {
    this.#tables.set(name, table);
    this.#indexes.delete(name);
  }

  get(name: string): TableLike | null {
    return this.#tables.get(name) ?? null;
  }

  /** Where the first row of each task stands in a table. */
  index(name: string): IdIndex {
    let index = this.#indexes.get(name);
    if (index) return index;
    index = new IdIndex();
    const table = this.#tables.get(name);
    const ids = table?.column("task_id");
    if (ids && ids.kinds === CODE.int) {
      for (let row = 0, last = NaN; row < ids.rows; row++) {
        const id = ids.values[row];
        if (id === last) continue;
        if (index.get(id) === undefined) index.set(id, row);
        last = id;
      }
    }
    this.#indexes.set(name, index);
    return index;
  }
}

/** Rows that are looked at to find what a column refers to: more are no run's. */
const MOST_STEPS = 2 ** 30;

/** Reference of a row in µs; NaN where it has none. */
export type Resolver = (row: number) => number;

/** How a reference is looked up for the rows of a table. */
export function resolver(tables: Tables, table: string, reference: Reference): Resolver {
  const own = tables.get(table);
  const ids = own?.column("task_id") ?? null;
  if (!own) return () => NaN;
  if ("after" in reference) return afterDependencies(tables, table, ids, reference);
  const column = tables.get(reference.table)?.column(reference.column) ?? null;
  if (!column) return () => NaN;
  if (reference.table === table) return (row) => timeAt(column, row);
  if (!ids || ids.kinds !== CODE.int) return () => NaN;
  const index = tables.index(reference.table);
  const others = tables.get(reference.table)!;
  const ownTries = own.column("try_id");
  const tries = others.column("try_id");
  const otherIds = others.column("task_id")!;
  const steps = new Steps();
  return (row) => {
    const id = ids.values[row];
    let at = index.get(id);
    if (at === undefined) return NaN;
    if (tries && ownTries) {
      const wanted = ownTries.values[row];
      const from = at;
      while (at < others.rows && otherIds.values[at] === id && tries.values[at] !== wanted) at++;
      steps.take(at - from);
      if (at >= others.rows || otherIds.values[at] !== id) return NaN;
    }
    return timeAt(column, at);
  };
}

function afterDependencies(
  tables: Tables,
  table: string,
  ids: PackedColumn | null,
  { after, depends, returned }: { after: string; depends: string; returned: string },
): Resolver {
  const tasks = tables.get("task");
  const lists = tasks?.column(depends) ?? null;
  const ends = tasks?.column(returned) ?? null;
  if (!lists || !ends || !ids || ids.kinds !== CODE.int) return () => NaN;
  const start = resolver(tables, table, { table: "task", column: after });
  const index = tables.index("task");
  const steps = new Steps();
  return (row) => {
    let latest = start(row);
    const task = index.get(ids.values[row]);
    if (task === undefined) return latest;
    const list = listAt(lists, task);
    steps.take(list.length);
    for (const id of list) {
      const other = index.get(id);
      const end = other === undefined ? NaN : timeAt(ends, other);
      if (!(latest >= end) && end === end) latest = end;
    }
    return latest;
  };
}

/** Counts the rows that are looked at. */
class Steps {
  #left = MOST_STEPS;

  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Error("times refer to one another through too many rows");
  }
}

function timeAt(column: PackedColumn, row: number): number {
  return kindAt(column, row) === CODE.time ? column.values[row] : NaN;
}
