import type { TableBatch } from "../../store/database.ts";
import { isEpoch } from "../../parsl/naive_time.ts";
import type { OldStatus, OldTask } from "../../store/old_tries.ts";
import { hasTriesInTasks, numbersTries } from "../../parsl/generations.ts";
import type { RowReader } from "../../store/row_source.ts";
import { workflowRows } from "../../store/readers.ts";
import { oldStatusRows, oldTaskRows } from "../../store/task_readers.ts";
import { runOffset } from "../../store/zone_offset.ts";
import { batchRows } from "./batch_rows.ts";
import { PackedOld } from "./packed_old.ts";

/** Raw rows of an old release, kept until tries can be told apart: when all statuses have come. */
export class OldBatches {
  readonly #batches: TableBatch[] = [];
  readonly #columns = new Map<string, readonly string[]>();

  /** Whether nothing had to be held back: the run numbers its tries, or has neither task nor status. */
  get isEmpty(): boolean {
    const inTasks = hasTriesInTasks(this.#has);
    return !this.#batches.some(({ table }) => table === "status" || inTasks && table === "task");
  }

  /** Keeps a batch if it is of an old release; true when it is no use before the others have come. */
  take(batch: TableBatch): boolean {
    const { table, columns } = batch;
    this.#columns.set(table, columns);
    const isOld = table === "status"
      ? !numbersTries(this.#has)
      : table === "task" && hasTriesInTasks(this.#has);
    if (isOld || table === "workflow") this.#batches.push(batch);
    return isOld;
  }

  /** All that was kept, and the tries. Nothing is kept any more. */
  release(): { old: PackedOld; began: number | null; tasks: OldTask[]; statuses: OldStatus[] } {
    const all = <Row>(reader: RowReader<Row | null>, offset: number) =>
      this.#batches.filter(({ table }) => table === reader.table)
        .flatMap((batch) => Array.from(batchRows(batch, reader, offset), reader.read))
        .filter((row) => row !== null);
    const times = this.#batches.filter(({ table }) => table === "workflow")
      .flatMap(({ columns, rows }) =>
        ["time_began", "time_completed"].map((name) => rows[0]?.[columns.indexOf(name)] ?? null)
      );
    const offset = times.some(isEpoch)
      ? runOffset(all(oldTaskRows, 0), all(oldStatusRows, 0)) ?? 0
      : 0;
    const tasks = hasTriesInTasks(this.#has) ? all(oldTaskRows, offset) : [];
    const statuses = all(oldStatusRows, offset);
    const [workflow] = all(workflowRows, offset);
    this.#batches.length = 0;
    return { old: new PackedOld(tasks, statuses), began: workflow?.began ?? null, tasks, statuses };
  }

  readonly #has = (table: string, column: string): boolean =>
    this.#columns.get(table)?.includes(column) ?? false;
}
