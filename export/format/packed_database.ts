/** A packed run as a database. */
import { emptyRows, type RunRows, type WorkflowRow } from "../../model/rows.ts";
import type { TextWord } from "../../model/task_texts.ts";
import type { TaskDetail } from "../../model/try_table.ts";
import {
  type Cell,
  DatabaseError,
  type Glance,
  type MonitoringDatabase,
  type Slice,
  type TableBatch,
  type TaskRecord,
  type TextSlice,
  type Watermark,
} from "../../store/database.ts";
import { COLUMNS, type SelectionName, tableOf } from "../../store/parsl_columns.ts";
import * as rows from "../../store/row_source.ts";
import { cellAt, type Column } from "./column.ts";
import { ColumnRow } from "./column_row.ts";
import type { DataHeader } from "./header.ts";
import { OpenedTable } from "./opened_table.ts";
import { PackedParts } from "./packed_parts.ts";
import { openSamples } from "./samples_open.ts";
import { Tables } from "./references.ts";
import { detailsAt, rowsOfTask } from "./task_rows.ts";
import { searchPacked, WITHOUT_TEXTS } from "./text_search.ts";

/** Rows of a slice. */
const SLICE = 16_384;
/** Rows of a batch of cells. */
const BATCH = 2048;
const FOLDED = ["task", "try", "status", "resource", "node", "block"] as const;

/** What the header of the file says of its database. */
export interface About {
  name: string;
  /** Naive ms of the submit host when it was taken. */
  taken: number;
  /** Whether names and arguments were taken out of it. */
  redacted?: boolean;
}

/**
 * Opens a packed run. Parts are inflated when they are needed.
 *
 * @throws {DatabaseError} when the header is of another version
 * @param part the inflated bytes of a part by name; asked for each part once, or twice where memory
 *   matters more
 */
export function openPacked(
  header: DataHeader,
  part: (name: string) => Promise<Uint8Array>,
  about: About,
): PackedDatabase {
  const version: number = header.version;
  if (version !== 1) {
    throw new DatabaseError(
      `The data is of version ${version}, which this release cannot read; use a newer one.`,
    );
  }
  return new PackedDatabase(header, part, about);
}

/** One run that was packed, as a database that never changes. */
export class PackedDatabase implements MonitoringDatabase {
  readonly name: string;
  readonly taken: number;
  readonly lacking: MonitoringDatabase["lacking"];
  readonly #header: DataHeader;
  readonly #part: (name: string) => Promise<Uint8Array>;
  readonly #tables = new Map<string, OpenedTable>();

  constructor(header: DataHeader, part: (name: string) => Promise<Uint8Array>, about: About) {
    this.name = about.name;
    this.taken = about.taken;
    this.lacking = about.redacted ? WITHOUT_TEXTS : {};
    this.#header = header;
    this.#part = part;
    const tables = new Tables();
    for (const table of header.tables) {
      this.#tables.set(table.name, new OpenedTable(table, tables, part));
    }
  }

  stamp(): Promise<string> {
    return Promise.resolve("packed");
  }

  lastWritten(): Promise<number | null> {
    return Promise.resolve(null);
  }

  async workflows(): Promise<WorkflowRow[]> {
    const found = await this.#rows("workflow");
    if (!found) return [];
    return Array.from({ length: found.count }, (_, row) => {
      found.source.row = row;
      return rows.toWorkflow(found.source);
    });
  }

  async *read(runId: string, since: Watermark): AsyncIterable<Slice> {
    const workflow = (await this.workflows()).find((known) => known.runId === runId) ?? null;
    const watermark: Watermark = { ...since };
    const counts = FOLDED.map((table) => this.#tables.get(table)?.rows ?? 0);
    const total = workflow ? counts.reduce((sum, count) => sum + count, 0) : 0;
    let done = 0;
    const first = emptyRows();
    first.workflow = workflow;
    yield { rows: first, watermark: { ...watermark }, done, total };
    if (!workflow) return;
    for (const table of FOLDED) {
      const selection = table === "resource" ? "sample" : table;
      const count = this.#tables.get(table)?.rows ?? 0;
      if (count === 0 || watermark[table] >= count) continue;
      const found = await this.#rows(selection);
      const order = await this.#tables.get(table)?.order() ?? null;
      for (let from = 0; found && from < count; from += SLICE) {
        const to = Math.min(count, from + SLICE);
        const slice = emptyRows();
        this.#collect(table, found, order, from, to, slice);
        done += to - from;
        watermark[table] = to;
        yield { rows: slice, watermark: { ...watermark }, done, total };
        await turnOfOthers();
      }
    }
    const { samples } = this.#header;
    if (!samples || since.resource > 0) return;
    const fetch = await new PackedParts(samples.parts, this.#part).fetch(samples);
    const last = { ...emptyRows(), samples: openSamples(samples, fetch) };
    yield { rows: last, watermark: { ...watermark, resource: 1 }, done, total };
  }

  async task(runId: string, taskId: number): Promise<TaskRecord | null> {
    const workflow = (await this.workflows()).find((known) => known.runId === runId);
    const texts = await this.#rows("text");
    if (!workflow || !texts) return null;
    const [at] = this.#ofTask("task", taskId);
    if (at === undefined) return null;
    const all = async <Row>(selection: SelectionName, make: (row: rows.RowSource) => Row) => {
      const found = await this.#rows(selection);
      if (!found) return [];
      return this.#ofTask(tableOf(selection), taskId).map((row) => {
        found.source.row = row;
        return make(found.source);
      });
    };
    texts.source.row = at;
    const text = rows.toText(texts.source);
    const tries = await all("try", rows.toTry);
    const statuses = await all("status", rows.toStatus);
    const resources = await all("resource", rows.toResource);
    return {
      text,
      tries: tries.sort((a, b) => a.tryId - b.tryId),
      statuses: statuses.filter((row) => row !== null),
      resources: resources.filter((row) => row !== null),
    };
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
    const texts = await this.#rows("text");
    const tries = await this.#rows("try");
    if (!texts) return [];
    const wanted = new Set(tryIds);
    return taskIds.flatMap((taskId) => {
      const [at] = this.#ofTask("task", taskId);
      if (at === undefined) return [];
      const attempts = tries ? this.#ofTask("try", taskId) : [];
      return detailsAt(texts.source, at, tries?.source, attempts, wanted) ?? [];
    });
  }

  async *tables(_runId: string): AsyncIterable<TableBatch> {
    const total = this.#header.tables.reduce((sum, table) => sum + table.rows, 0);
    let done = 0;
    for (const [name, table] of this.#tables) {
      const { columns } = table;
      const opened: (Column | null)[] = [];
      for (const column of columns) opened.push(await table.open(column));
      let from = 0;
      do {
        const to = Math.min(table.rows, from + BATCH);
        const cells: Cell[][] = [];
        for (let row = from; row < to; row++) {
          cells.push(opened.map((column) => column ? cellAt(column, row) : null));
        }
        done += to - from;
        yield { table: name, columns, rows: cells, done, total };
        await turnOfOthers();
        from = to;
      } while (from < table.rows);
    }
  }

  glance(runIds: string[]): Promise<Glance[]> {
    const tasks = this.#tables.get("task")?.rows ?? 0;
    return Promise.resolve(runIds.map(() => ({ tasks, newest: this.#header.newest })));
  }

  close(): void {}

  /** The rows of a choice of columns, opened; null where there is no such table. */
  async #rows(selection: SelectionName): Promise<{ source: ColumnRow; count: number } | null> {
    const table = this.#tables.get(tableOf(selection));
    if (!table) return null;
    await table.open("task_id");
    const wanted: readonly (readonly string[])[] = COLUMNS[selection];
    const columns: (Column | null)[] = [];
    for (const names of wanted) {
      const name = names.find((candidate) => table.has(candidate));
      columns.push(name ? await table.open(name) : null);
    }
    return { source: new ColumnRow(columns), count: table.rows };
  }

  #collect(
    table: typeof FOLDED[number],
    { source }: { source: ColumnRow },
    order: Uint32Array | null,
    from: number,
    to: number,
    into: RunRows,
  ): void {
    const each = <Row>(make: (row: rows.RowSource) => Row): Row[] => {
      const made: Row[] = [];
      for (let at = from; at < to; at++) {
        source.row = order ? order[at] : at;
        made.push(make(source));
      }
      return made;
    };
    const known = <Row>(row: Row | null): row is Row => row !== null;
    if (table === "task") into.tasks = each(rows.toTask);
    else if (table === "try") into.tries = each(rows.toTry);
    else if (table === "status") into.statuses = each(rows.toStatus).filter(known);
    else if (table === "resource") into.resources = each(rows.toSample).filter(known);
    else if (table === "node") into.nodes = each(rows.toNode);
    else into.blocks = each(rows.toBlock);
  }

  /** The rows of a task in a table whose ids are open. */
  #ofTask(name: string, taskId: number): number[] {
    const table = this.#tables.get(name);
    return table ? rowsOfTask(table, taskId) : [];
  }
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
