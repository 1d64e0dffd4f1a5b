/** The rows of the tables node and block. */
import type { NewDatabase } from "./database.ts";
import { HEARTBEAT } from "./fleet.ts";
import type { RunIdentity } from "./run_identity.ts";
import type { Schedule } from "./schedule.ts";
import type { Clock } from "./time.ts";

/** Writes what managers and blocks told. */
export class FleetRows {
  readonly #database: NewDatabase;
  readonly #schedule: Schedule;
  readonly #identity: RunIdentity;
  readonly #clock: Clock;

  constructor(database: NewDatabase, schedule: Schedule, identity: RunIdentity, clock: Clock) {
    this.#database = database;
    this.#schedule = schedule;
    this.#identity = identity;
    this.#clock = clock;
  }

  /** Writes what a manager told: a row of `nodeTime`. */
  addNode(row: number): void {
    const { nodeTime, nodeManager, nodeActive, managers } = this.#schedule;
    const manager = managers[nodeManager.data[row]];
    const time = nodeTime.data[row];
    const heard = Math.max(manager.registered, Math.min(time, manager.lost));
    const beats = Math.floor((heard - manager.registered) / HEARTBEAT);
    this.#database.add("node", [
      this.#database.count("node") + 1,
      this.#identity.runId,
      manager.hostname,
      manager.uid,
      String(manager.block.number),
      manager.cores,
      manager.memory,
      nodeActive.data[row],
      manager.workers,
      "3.11.7",
      this.#clock.text(time),
      this.#clock.text(manager.registered + beats * HEARTBEAT - 240),
    ]);
  }

  /** Writes what is known of a block: one of `blockRows`. */
  addBlock(row: number): void {
    const { block, time, status } = this.#schedule.blockRows[row];
    this.#database.add("block", [
      this.#identity.runId,
      block.executor,
      String(block.number),
      block.job,
      this.#clock.text(time),
      status,
    ]);
  }
}
