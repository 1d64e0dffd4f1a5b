/** A packed run as a database. */
import { About } from "./header.ts";
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/run/rows.ts";
import type { TextWord } from "../../model/tasks/texts.ts";
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import {
  DatabaseError,
  type Glance,
  type MonitoringDatabase,
  type Slice,
  type TableBatch,
  type TaskRecord,
  type TextSlice,
  type Watermark,
} from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";
import { isEpoch } from "../../parsl/naive_time.ts";
import { completeRows } from "../../store/old_rows.ts";
import { hasTriesInTasks, lacksInvoked, numbersTries } from "../../parsl/generations.ts";
import { RUN_TABLES, type RunTable, type TableName } from "../../parsl/tables.ts";
import { totalsRows } from "../../store/own_readers.ts";
import { FOLDED, resourceRows, statusRows, tryRows, workflowRows } from "../../store/readers.ts";
import type { RowReader, Selection } from "../../store/row_source.ts";
import { detailRows, oldStatusRows, oldTaskRows, textRows } from "../../store/task_readers.ts";
import { runOffset } from "../../store/zone_offset.ts";
import { packedCellAt } from "./column.ts";
import { ColumnRow } from "./column_row.ts";
import type { DataHeader } from "./header.ts";
import { openAll, OpenedTable } from "./opened_table.ts";
import { timerTurn } from "./pace.ts";
import { PackedOld } from "./packed_old.ts";
import { type Inflate, PackedParts } from "./packed_parts.ts";
import { rowsOfTask } from "./rows_of_task.ts";
import { Room } from "./room.ts";
import { openSamples } from "./samples_open.ts";
import { Tables } from "./references.ts";
import { byTry, detailsAt, ownRows } from "./task_rows.ts";
import { searchPacked, WITHOUT_TEXTS } from "./text_search.ts";

/** Rows of a slice. */
const SLICE = 16_384;
/** Rows of a batch of cells. */
const BATCH = 2048;

/**
 * Opens a packed run. Parts are inflated when they are needed.
 *
 * @throws {DatabaseError} when the header is of another version
 * @param part the inflated bytes of a part by name; asked for each part once, or twice where memory
 *   matters more; there are no more of them than it is told
 * @param room how much may be made of them
 */
export function openPacked(
  header: DataHeader,
  part: Inflate,
  about: About,
  room: Room = new Room(),
): PackedDatabase {
  const version: number = header.version;
  if (version !== 1) {
    throw new DatabaseError(
      `The data is of version ${version}, which this release cannot read; use a newer one.`,
    );
  }
  return new PackedDatabase(header, part, about, room);
}

/** One run that was packed, as a database that never changes. */
export class PackedDatabase implements MonitoringDatabase {
  readonly name: string;
  readonly taken: number;
  readonly lacking: MonitoringDatabase["lacking"];
  readonly #header: DataHeader;
  readonly #part: Inflate;
  readonly #room: Room;
  readonly #tables = new Map<string, OpenedTable>();
  #offset: Promise<number> | null = null;

  constructor(header: DataHeader, part: Inflate, about: About, room: Room) {
    this.name = about.name;
    this.taken = about.taken;
    this.lacking = about.redacted ? WITHOUT_TEXTS : {};
    this.#header = header;
    this.#part = part;
    this.#room = room;
    const tables = new Tables();
    for (const table of header.tables) {
      this.#tables.set(table.name, new OpenedTable(table, tables, part, room));
    }
  }

  stamp(): Promise<string> {
    return Promise.resolve("packed");
  }

  lastWritten(): Promise<number | null> {
    return Promise.resolve(null);
  }

  async workflows(): Promise<WorkflowRow[]> {
    this.#offset ??= this.#offsetOf();
    return await this.#all(workflowRows, await this.#offset);
  }

  async *read(runId: string, since: Watermark): AsyncIterable<Slice> {
    const workflow = (await this.workflows()).find((known) => known.runId === runId) ?? null;
    const watermark: Watermark = { ...since };
    const counts = RUN_TABLES.map((table) => this.#tables.get(table)?.rows ?? 0);
    const total = workflow ? counts.reduce((sum, count) => sum + count, 0) : 0;
    let done = 0;
    const first = emptyRows();
    first.workflow = workflow;
    yield { rows: first, watermark: { ...watermark }, done, total, skipped: 0 };
    if (!workflow) return;
    const offset = await this.#offset ?? 0;
    const old = await this.#old(offset);
    for (const table of RUN_TABLES) {
      const count = this.#tables.get(table)?.rows ?? 0;
      if (count === 0 || watermark[table] >= count) continue;
      const found = await this.#rows(FOLDED[table], offset);
      const order = await this.#tables.get(table)?.order() ?? null;
      for (let from = 0; found && from < count; from += SLICE) {
        const to = Math.min(count, from + SLICE);
        const slice = emptyRows();
        const skipped = this.#collect(table, found, order, from, to, slice);
        if (old) completeRows(slice, (id) => old.triesOf(id), lacksInvoked(this.#has));
        done += to - from;
        watermark[table] = to;
        yield { rows: slice, watermark: { ...watermark }, done, total, skipped };
        await timerTurn();
      }
    }
    const { samples } = this.#header;
    if (!samples || since.resource > 0) return;
    const room = this.#room;
    const fetch = await new PackedParts(samples, this.#part, room).fetch(samples);
    const last = { ...emptyRows(), samples: openSamples(samples, { fetch, room }) };
    yield { rows: last, watermark: { ...watermark, resource: 1 }, done, total, skipped: 0 };
  }

  async task(runId: string, taskId: number): Promise<TaskRecord | null> {
    const workflow = (await this.workflows()).find((known) => known.runId === runId);
    const texts = await this.#rows(textRows);
    if (!workflow || !texts) return null;
    const [at] = rowsOfTask(this.#tables, "task", taskId);
    if (at === undefined) return null;
    const offset = await this.#offset ?? 0;
    texts.source.row = at;
    const { text } = textRows.read(texts.source);
    const all = <Row>(reader: RowReader<Row | null>) => this.#all(reader, offset, taskId);
    const found = {
      ...emptyRows(),
      tries: await all(tryRows),
      statuses: await all(statusRows),
      resources: await all(resourceRows),
    };
    if (!numbersTries(this.#has)) {
      const tasks = hasTriesInTasks(this.#has) ? await all(oldTaskRows) : [];
      const old = new PackedOld(tasks, await all(oldStatusRows));
      completeRows(found, (id) => old.triesOf(id), false);
      if (found.statuses.length === 0) found.tries.push(...old.triesOf(taskId).tries);
    }
    const { tries, statuses, resources } = found;
    return { text, tries: byTry(tries), statuses, resources, ...await ownRows(all) };
  }

  searchTexts(
    _runId: string,
    word: TextWord,
    since: Watermark,
    until: Watermark,
  ): AsyncIterable<TextSlice> {
    return searchPacked(this.#tables, word, since, until);
  }

  async details(
    _runId: string,
    taskIds: readonly number[],
    tryIds: readonly number[],
  ): Promise<TaskDetail[]> {
    const texts = await this.#rows(detailRows);
    if (!texts) return [];
    const [tries, totals] = [await this.#rows(tryRows), await this.#rows(totalsRows)];
    const wanted = new Set(tryIds);
    return taskIds.flatMap((taskId) => {
      const places = (table: TableName) => rowsOfTask(this.#tables, table, taskId);
      const [at] = places("task");
      if (at === undefined) return [];
      const sources = { tries: tries?.source, totals: totals?.source };
      return detailsAt(texts.source, at, sources, places, wanted) ?? [];
    });
  }

  async *tables(_runId: string): AsyncIterable<TableBatch> {
    const total = this.#header.tables.reduce((sum, { rows }) => sum + rows, 0);
    let done = 0;
    for (const [name, table] of this.#tables) {
      const { columns } = table;
      const opened = await openAll(table, columns);
      let from = 0;
      do {
        const to = Math.min(table.rows, from + BATCH);
        const cells: Cell[][] = [];
        for (let row = from; row < to; row++) {
          cells.push(opened.map((column) => column ? packedCellAt(column, row) : null));
        }
        done += to - from;
        yield { table: name, columns, rows: cells, done, total };
        await timerTurn();
        from = to;
      } while (from < table.rows);
    }
  }

  glance(runIds: string[]): Promise<Glance[]> {
    const tasks = this.#tables.get("task")?.rows ?? 0;
    return Promise.resolve(runIds.map(() => ({ tasks, newest: this.#header.newest })));
  }

  close(): void {}

  readonly #has = (table: string, column: string): boolean =>
    this.#tables.get(table)?.has(column) ?? false;

  /** What tells tries apart where the file does not number them; null where it does. */
  async #old(offset: number): Promise<PackedOld | null> {
    if (numbersTries(this.#has)) return null;
    const inTasks = hasTriesInTasks(this.#has);
    const tasks = inTasks ? await this.#all(oldTaskRows, offset) : [];
    return new PackedOld(tasks, await this.#all(oldStatusRows, offset));
  }

  /** How far the run's naive clock is ahead of UTC, in ms: 0 unless the run has times that are UTC. */
  async #offsetOf(): Promise<number> {
    const table = this.#tables.get("workflow");
    if (!table) return 0;
    for (const name of ["time_began", "time_completed"]) {
      const column = await table.open(name);
      if (!column || table.rows === 0 || !isEpoch(packedCellAt(column, 0))) continue;
      const tasks = await this.#all(oldTaskRows, 0);
      return runOffset(tasks, await this.#all(oldStatusRows, 0)) ?? 0;
    }
    return 0;
  }

  /** All rows of a choice of columns that can be read, or those about a task. */
  async #all<Row>(
    reader: RowReader<Row | null>,
    offset: number,
    taskId?: number,
  ): Promise<Row[]> {
    const found = await this.#rows(reader, offset);
    if (!found) return [];
    const places = taskId === undefined
      ? Array.from({ length: found.count }, (_, row) => row)
      : rowsOfTask(this.#tables, reader.table, taskId);
    return places.map((row) => {
      found.source.row = row;
      return reader.read(found.source);
    }).filter((row) => row !== null);
  }

  /** The rows of a choice of columns, opened; null where there is no such table. */
  async #rows(
    selection: Selection,
    offset = 0,
  ): Promise<{ source: ColumnRow; count: number } | null> {
    const table = this.#tables.get(selection.table);
    if (!table) return null;
    await table.open("task_id");
    const names = selection.columns.map((known) => known.find((name) => table.has(name)));
    const source = new ColumnRow(await openAll(table, names));
    source.offset = offset;
    return { source, count: table.rows };
  }

  /** Takes rows into a slice; returns how many cannot be read. */
  #collect(
    table: RunTable,
    { source }: { source: ColumnRow },
    order: Uint32Array | null,
    from: number,
    to: number,
    into: RunRows,
  ): number {
    const { read, listIn } = FOLDED[table];
    const list = listIn(into);
    let skipped = 0;
    for (let at = from; at < to; at++) {
      source.row = order ? order[at] : at;
      const row = read(source);
      if (row !== null) list.push(row);
      else skipped++;
    }
    return skipped;
  }
}
