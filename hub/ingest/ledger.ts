/** Counts everything that reaches the ingest thread, for the accounts. */
import type { Accounts, RunAccounts } from "../accounts.ts";

/** Runs that are counted one by one; beyond it the one that was silent longest is forgotten. */
const MOST_RUNS = 1000;
/** Forgotten runs whose ids are remembered, so that none of them counts twice. */
const MOST_FORGOTTEN = 10_000;

/** The part of the accounts that the ingest thread knows. */
export type IngestAccounts = Pick<
  Accounts,
  "lane" | "files" | "messages" | "queue" | "writer" | "runs" | "runsForgotten"
>;

/** Mutable counts; `accounts` of them are a copy. */
export class Ledger {
  readonly lane: Accounts["lane"] = {
    connections: 0,
    received: 0,
    bytes: 0,
    badSignature: 0,
    duplicates: 0,
    turnedAway: 0,
    unfinished: 0,
  };
  readonly files: Accounts["files"] = { received: 0 };
  readonly messages: Accounts["messages"] = {
    decoded: 0,
    malformed: 0,
    refused: 0,
    quarantined: 0,
    quarantineFull: 0,
    written: 0,
    deferred: 0,
  };
  readonly writer: Omit<Accounts["writer"], "lag"> = {
    state: "writing",
    problem: "",
    since: Date.now(),
    commits: 0,
    lastCommit: 0,
  };
  readonly #runs = new Map<string, RunAccounts>();
  readonly #forgotten = new Set<string>();
  /** Runs that were forgotten and whose ids are not remembered. */
  #moreForgotten = 0;
  readonly #names: ReadonlyMap<string, string>;

  /** @param names the workflows that the database holds already, by run */
  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** The counts of a run, made when it is new. */
  run(runId: string): RunAccounts {
    const known = this.#runs.get(runId);
    if (known) return known;
    this.#forgotten.delete(runId);
    if (this.#runs.size >= MOST_RUNS) this.#forgetSilent();
    const run: RunAccounts = {
      runId,
      workflowName: this.#names.get(runId) ?? null,
      received: 0,
      written: 0,
      quarantined: 0,
      deferred: 0,
      lastMessage: 0,
    };
    this.#runs.set(runId, run);
    return run;
  }

  /** A message of a run was written, or could not be. Runs that were forgotten meanwhile stay so. */
  settled(runId: string, written: boolean): void {
    const run = this.#runs.get(runId);
    if (!run) return;
    if (written) run.written++;
    else run.quarantined++;
  }

  /** Says how the writer is; the time is that of the change. */
  writerIs(state: Accounts["writer"]["state"], problem: string): void {
    if (this.writer.state !== state) this.writer.since = Date.now();
    this.writer.state = state;
    this.writer.problem = problem;
  }

  /**
   * A copy of all counts.
   *
   * @param deferred worker messages that wait for their try, by run
   * @param queue what was taken in and is not committed
   * @param oldest epoch milliseconds of the oldest of it; null when there is none
   */
  accounts(
    deferred: ReadonlyMap<string, number>,
    queue: { messages: number; bytes: number },
    oldest: number | null,
  ): IngestAccounts {
    let waiting = 0;
    for (const count of deferred.values()) waiting += count;
    return {
      lane: { ...this.lane },
      files: { ...this.files },
      messages: { ...this.messages, deferred: waiting },
      queue: { ...queue, spilled: 0, dropped: 0 },
      writer: { ...this.writer, lag: oldest === null ? 0 : Math.max(0, Date.now() - oldest) },
      runs: [...this.#runs.values()].map((run) => ({
        ...run,
        deferred: deferred.get(run.runId) ?? 0,
      })),
      runsForgotten: this.#forgotten.size + this.#moreForgotten,
    };
  }

  #forgetSilent(): void {
    let silent: RunAccounts | null = null;
    for (const run of this.#runs.values()) {
      if (!silent || run.lastMessage < silent.lastMessage) silent = run;
    }
    if (!silent) return;
    this.#runs.delete(silent.runId);
    if (this.#forgotten.size < MOST_FORGOTTEN) this.#forgotten.add(silent.runId);
    else this.#moreForgotten++;
  }
}
