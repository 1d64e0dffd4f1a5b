import { newestTime } from "../../model/figures/liveness.ts";
import { countRows, type RunRows, type WorkflowRow } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import {
  DatabaseError,
  type MonitoringDatabase,
  START,
  type TaskRecord,
  type Watermark,
} from "../../store/database.ts";
import type { DatabaseWatch } from "./database_watch.ts";
import { hostNow } from "./host_clock.ts";
import { Rewritten } from "../../store/rewritten.ts";
import { TextSearches } from "./text_searches.ts";
import { complain } from "../../say.ts";

/** How much of a run has been read: rows so far and in all; `total` is 0 while it is unknown. */
export interface Loading {
  done: number;
  total: number;
}

/** Readings of this few rows are over before anybody could look at their progress. */
const SHORT = 20_000;
/** While a run is read, who watches it hears of it this often, in ms. */
const NEWS_MS = 100;
/** A reading that failed is tried again after this many ms while somebody watches. */
const AGAIN_MS = 2000;

/** What a run is followed for. */
export interface Following {
  /** What it is asked for by; its id unless told. */
  key?: string;
  /** Called when it may have come to take more memory. */
  grown?: () => void;
}

/** What is said of a run at which our own reading fails. */
const BROKEN =
  "This run could not be read to its end; the terminal where Parsloscope runs says why.";

let serial = 0;

/** A run that is being followed: its columns, and how far they reach. */
export class FollowedRun {
  run: Run;
  readonly database: MonitoringDatabase;
  /** What it is asked for by. */
  readonly key: string;
  /** When somebody last asked for it: what orders the runs in memory. */
  viewed = 0;
  /** Which tasks have which words in their texts. */
  readonly texts = new TextSearches(this, () => this.#tell());
  readonly #watch: DatabaseWatch;
  readonly #grown: () => void;
  readonly #listeners = new Set<() => void>();
  #unwatch: (() => void) | null = null;
  #watermark: Watermark = START;
  #stamp: string | null = null;
  #refreshing: Promise<void> | null = null;
  #written: number | null = null;
  #glanced = -Infinity;
  #loading: Loading | null = { done: 0, total: 0 };
  #serial = ++serial;
  #told = 0;
  #problem: string | null = null;
  #isGone = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #skipped = 0;

  constructor(
    database: MonitoringDatabase,
    watch: DatabaseWatch,
    workflow: WorkflowRow,
    { key = workflow.runId, grown = () => {} }: Following = {},
  ) {
    this.database = database;
    this.key = key;
    this.#watch = watch;
    this.#grown = grown;
    this.run = new Run(workflow);
  }

  /** Why the run is not as the database has it, as a sentence; null when it is, or may be. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Whether the database no longer has the run: it was put in the place of another. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Progress while much is being read; null when the run is as the database has it. */
  get loading(): Loading | null {
    return this.#loading;
  }

  /** Changes with everything that is known of the run, and is never the same of two runs. */
  get version(): string {
    return `${this.#serial}.${this.run.version}.${this.#skipped}`;
  }

  /** Whether it must stay: somebody watches it, or it is being read. */
  get busy(): boolean {
    return this.#listeners.size > 0 || this.#refreshing !== null;
  }

  /** Rows that the database has of the run and that were left out, for they cannot be read. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Memory it takes, in bytes, about. */
  get bytes(): number {
    return this.run.bytes + this.texts.bytes;
  }

  /** How far it was read. */
  get watermark(): Watermark {
    return this.#watermark;
  }

  /**
   * Folds what was written since the last call; concurrent calls share one reading. When it rejects,
   * `problem` says why, and the run stays as far as it was read.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#fold().then(() => this.#note(null), (error) => {
      this.#note(error);
      throw error;
    }).finally(() => {
      this.#refreshing = null;
      this.#grown();
    });
    return this.#refreshing;
  }

  /**
   * Keeps the run up to date while somebody watches; calls `listener` after news, and now and then
   * while much is being read. The function returned ends that.
   */
  watch(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    this.#unwatch ??= this.#watch.watch(() => this.#follow());
    this.#follow();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = null;
      clearTimeout(this.#again);
    };
  }

  /** The newest naive time known of the run, in ms. */
  get newest(): number {
    return Math.max(newestTime(this.run), this.#glanced);
  }

  /** The submit host's naive clock now, in ms, as far as it can be told. */
  hostNow(): number {
    return this.database.taken ?? hostNow(this.newest, this.#written);
  }

  /** One task with its long texts; null when there is none. */
  task(taskId: number): Promise<TaskRecord | null> {
    const { run } = this;
    const task = run.indexOf(taskId);
    const tries = task === undefined ? [] : run.triesOf(task).map((t) => run.tryNumber.data[t]);
    return this.database.task(run.runId, taskId, tries);
  }

  #follow(): void {
    clearTimeout(this.#again);
    this.refresh().catch(() => {
      if (this.#listeners.size > 0) this.#again = setTimeout(() => this.#follow(), AGAIN_MS);
    });
  }

  /** Takes note of how a reading went. */
  #note(error: unknown): void {
    const known = error instanceof DatabaseError;
    const problem = error === null ? null : known ? error.message : BROKEN;
    if (problem === this.#problem) return;
    if (problem === null && this.#problem !== BROKEN) this.#watch.recovered();
    this.#problem = problem;
    if (known) this.#watch.say(error.message);
    else if (error !== null) complain(error, `parsloscope: run ${this.run.runId}: `);
    this.#loading = null;
    this.#tell();
  }

  async #fold(): Promise<void> {
    const stamp = await this.database.stamp();
    if (stamp === this.#stamp) return;
    const { version } = this;
    const first = this.#stamp === null;
    this.#written = await this.database.lastWritten();
    if (this.#stamp === null) {
      const [{ newest }] = await this.database.glance([this.run.runId]);
      this.#glanced = newest ?? -Infinity;
    }
    try {
      let begun = false;
      for await (const { rows, watermark, done, total, skipped } of this.#slices()) {
        // The first slice has the run's own row.
        if (!begun && rows.workflow === null) this.#isGone = true;
        begun = true;
        this.#skipped += skipped;
        this.run.unread = this.#skipped;
        if (this.#isNews(rows)) this.run.fold(rows);
        this.#watermark = watermark;
        const told = first || total > SHORT;
        this.#loading = done < total && told ? { done, total } : null;
        if (this.#loading && performance.now() - this.#told > NEWS_MS) this.#tell();
      }
    } catch (error) {
      if (!(error instanceof Rewritten)) throw error;
      // The file was rebuilt under us: what was folded may not be in it any more.
      this.run = new Run(this.run.workflow);
      this.#serial = ++serial;
      this.#watermark = START;
      this.#stamp = null;
      this.#skipped = 0;
      return await this.#fold();
    }
    this.run.settle();
    this.#stamp = stamp;
    this.#loading = null;
    if (version !== this.version) this.#tell();
  }

  /** Whether rows say anything: a file that many runs are in changes without this one. */
  #isNews(rows: RunRows): boolean {
    return countRows(rows) > 0 ||
      rows.samples !== undefined ||
      rows.workflow !== null &&
        JSON.stringify(rows.workflow) !== JSON.stringify(this.run.workflow);
  }

  #slices() {
    return this.database.read(this.run.runId, this.#watermark);
  }

  #tell(): void {
    this.#told = performance.now();
    this.#grown();
    for (const listener of [...this.#listeners]) listener();
  }
}
