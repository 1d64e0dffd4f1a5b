/** Packs times, each predicted from another where that packs better. */
import type { PackedColumn } from "./column.ts";
import type { Reference, TimesHeader } from "./header.ts";
import { packInts, trial } from "./ints_pack.ts";
import type { PackContext } from "./pack_context.ts";
import { type Resolver, resolver, type Tables } from "./references.ts";
import { groupsOf } from "./times.ts";

/** Rows that a reference is tried out on. */
const TRIED = 6144;

const INVOKED = { table: "task", column: "task_time_invoked" };
const RETURNED = { table: "task", column: "task_time_returned" };
const LAUNCHED = { table: "try", column: "task_try_time_launched" };
const RUNNING = { table: "try", column: "task_try_time_running" };
const TRY_RETURNED = { table: "try", column: "task_try_time_returned" };
const READY = { after: INVOKED.column, depends: "task_depends", returned: RETURNED.column };

/**
 * By column: what may foretell it. Each refers to what is packed before it only. The order decides
 * between two that foretell equally well, and so belongs to how version 1 is packed.
 */
const CANDIDATES: Record<string, Reference[]> = {
  "task.task_time_returned": [INVOKED],
  "try.task_try_time_launched": [READY, INVOKED],
  "try.task_try_time_returned": [RETURNED],
  "try.task_try_time_running": [TRY_RETURNED, LAUNCHED],
  "status.timestamp": [INVOKED, RETURNED, LAUNCHED, RUNNING, TRY_RETURNED],
  "resource.timestamp": [RUNNING, TRY_RETURNED],
  "node.last_heartbeat": [{ table: "node", column: "timestamp" }],
};

/** The column by whose words the times of a table are grouped. */
const GROUPS: Record<string, string> = {
  "status.timestamp": "task_status_name",
  "try.task_try_time_running": "task_executor",
  "node.timestamp": "uid",
  "node.last_heartbeat": "uid",
};
const MOST_GROUPS = 64;

/** Packs the times of a column. */
export async function packTimes(
  table: string,
  column: PackedColumn,
  tables: Tables,
  context: PackContext,
): Promise<TimesHeader> {
  const name = `${table}.${column.name}`;
  const by = GROUPS[name] ? tables.get(table)!.column(GROUPS[name]) : null;
  const grouped = by !== null && by.words.length <= MOST_GROUPS;
  const header: TimesHeader = { ...grouped ? { by: by.name } : {}, groups: [] };
  for (const rows of groupsOf(column, grouped ? by : null)) {
    let best: { ref?: Reference; size: number } = { size: Infinity };
    for (const ref of [undefined, ...CANDIDATES[name] ?? []]) {
      const lookUp = ref && resolver(tables, table, ref);
      const sample = rows.length > TRIED ? windows(rows) : rows;
      const size = await trial(differences(column, sample, lookUp), context);
      if (size < best.size) best = { ref, size };
      await context.pace.turn();
    }
    const { ref } = best;
    const values = new Float64Array(rows.length);
    const lookUp = ref && resolver(tables, table, ref);
    let last = 0;
    await context.pace.blocks(rows.length, (from, to) => {
      values.set(differences(column, rows.subarray(from, to), lookUp, last), from);
      last = lastReference(rows.subarray(from, to), lookUp, last);
    });
    const ints = await packInts(values, name, context);
    header.groups.push({ ...ref ? { ref } : {}, n: rows.length, ints });
  }
  return header;
}

function windows(rows: Uint32Array): Uint32Array {
  const out = new Uint32Array(TRIED);
  const size = TRIED / 6;
  for (let i = 0; i < 6; i++) {
    const from = Math.floor(i * (rows.length - size) / 5);
    out.set(rows.subarray(from, from + size), i * size);
  }
  return out;
}

/** Times minus their references; a row without one takes that of the row before. */
function differences(
  { values }: PackedColumn,
  rows: Uint32Array,
  lookUp: Resolver | undefined,
  before = 0,
): Float64Array {
  const out = new Float64Array(rows.length);
  let last = before;
  for (let i = 0; i < rows.length; i++) {
    if (lookUp) {
      const reference = lookUp(rows[i]);
      if (reference === reference) last = reference;
    }
    out[i] = values[rows[i]] - last;
  }
  return out;
}

function lastReference(rows: Uint32Array, lookUp: Resolver | undefined, before: number): number {
  for (let i = rows.length - 1; lookUp && i >= 0; i--) {
    const reference = lookUp(rows[i]);
    if (reference === reference) return reference;
  }
  return before;
}
