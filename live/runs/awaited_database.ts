import type { WorkflowRow } from "../../model/run/rows.ts";
import type { TextWord } from "../../model/tasks/texts.ts";
import type { TaskDetail } from "../../model/tasks/try_table.ts";
import {
  type Glance,
  type MonitoringDatabase,
  type Slice,
  type TableBatch,
  type TaskRecord,
  type TextSlice,
  type Watermark,
} from "../../store/database.ts";

/** A database that cannot be opened is tried again this many ms later, at the earliest. */
const PAUSE_MS = 500;

/**
 * A database that could not be opened, and may come to be one that can: it is tried again when it is
 * asked for. Until then all it answers is why it cannot be opened.
 */
export class AwaitedDatabase implements MonitoringDatabase {
  readonly name: string;
  readonly #open: () => Promise<MonitoringDatabase>;
  #opened: MonitoringDatabase | null = null;
  #opening: Promise<MonitoringDatabase>;
  #failed: { error: unknown; at: number } | null = null;
  #closed = false;

  /** @param opening an attempt that is under way, or has failed */
  constructor(
    name: string,
    open: () => Promise<MonitoringDatabase>,
    opening: Promise<MonitoringDatabase>,
  ) {
    this.name = name;
    this.#open = open;
    this.#opening = this.#follow(opening);
    // Whoever asks hears of it.
    this.#opening.catch(() => {});
  }

  get taken(): number | null {
    return this.#opened?.taken ?? null;
  }

  get lacking(): MonitoringDatabase["lacking"] {
    return this.#opened?.lacking ?? {};
  }

  async stamp(): Promise<string> {
    return await (await this.#get()).stamp();
  }

  async lastWritten(): Promise<number | null> {
    return await (await this.#get()).lastWritten();
  }

  async workflows(): Promise<WorkflowRow[]> {
    return await (await this.#get()).workflows();
  }

  async *read(runId: string, since: Watermark): AsyncIterable<Slice> {
    yield* (await this.#get()).read(runId, since);
  }

  async task(
    runId: string,
    taskId: number,
    tries?: readonly number[],
  ): Promise<TaskRecord | null> {
    return await (await this.#get()).task(runId, taskId, tries);
  }

  async *searchTexts(
    runId: string,
    word: TextWord,
    since: Watermark,
    until: Watermark,
  ): AsyncIterable<TextSlice> {
    yield* (await this.#get()).searchTexts(runId, word, since, until);
  }

  async details(
    runId: string,
    taskIds: readonly number[],
    tryIds: readonly number[],
  ): Promise<TaskDetail[]> {
    return await (await this.#get()).details(runId, taskIds, tryIds);
  }

  async *tables(runId: string): AsyncIterable<TableBatch> {
    yield* (await this.#get()).tables(runId);
  }

  async glance(runIds: string[]): Promise<Glance[]> {
    return await (await this.#get()).glance(runIds);
  }

  close(): void {
    this.#closed = true;
    this.#opened?.close();
  }

  /** The database, opened; rejects with the reason of the last attempt. */
  async #get(): Promise<MonitoringDatabase> {
    if (this.#opened) return this.#opened;
    const failed = this.#failed;
    if (failed && (this.#closed || performance.now() - failed.at < PAUSE_MS)) throw failed.error;
    if (failed) {
      this.#failed = null;
      this.#opening = this.#follow(this.#open());
    }
    return await this.#opening;
  }

  async #follow(opening: Promise<MonitoringDatabase>): Promise<MonitoringDatabase> {
    try {
      const opened = await opening;
      this.#opened = opened;
      if (this.#closed) opened.close();
      return opened;
    } catch (error) {
      this.#failed = { error, at: performance.now() };
      throw error;
    }
  }
}
