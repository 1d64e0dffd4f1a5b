/** Writing monitoring data, in Parsl's schema. Speaks of rows and batches, never of SQL. */
import type { ChangeKind } from "../parsl/messages.ts";

/** A value of a row. Times are Parsl's texts `YYYY-MM-DD HH:MM:SS.ffffff`. */
export type WrittenCell = null | number | bigint | string;

/**
 * What one message does to the database. Doing it twice is as doing it once, and the order in which
 * the changes of a run come does not matter.
 */
export interface Change {
  kind: ChangeKind;
  runId: string;
  /** Values in the order of `CHANGES[kind]`, by `PLACES[kind]`; null where the message has none. */
  cells: readonly WrittenCell[];
}

/** A change that the database would not take, and why. */
export interface Rejection {
  /** Its place in the batch. */
  index: number;
  reason: string;
}

/** The database cannot be written just now; nothing of the batch was. Try the same batch again. */
export class WriteDelayed extends Error {
  override name = "WriteDelayed";
  readonly reason: "locked" | "full" | "failing";
  constructor(cause: "locked" | "full" | "failing", message: string) {
    super(message);
    this.reason = cause;
  }
}

/** The file that was opened is no longer at its path. */
export class DatabaseMoved extends WriteDelayed {
  constructor(path: string) {
    super("failing", `${path} was moved or deleted; put it back, or a new one is made.`);
  }
}

/** Another program cut off or wrote over the file: what is written to it now would be lost. */
export class DatabaseSpoiled extends WriteDelayed {
  constructor(path: string, how: string) {
    super(
      "failing",
      `${path} was cut off or written over by another program (${how}); move it away, and a new ` +
        "one is made.",
    );
  }
}

/** A monitoring database open for writing. */
export interface MonitoringWriter {
  /**
   * Commits a batch in one transaction together with how far each client of the reliable lane is
   * done. Changes that cannot be placed are left out and reported; the others are kept.
   *
   * @throws {WriteDelayed} when the database is locked or the disk full: nothing was written.
   */
  write(batch: readonly Change[], clients?: ReadonlyMap<string, number>): Promise<Rejection[]>;
  /** The last sequence number of a client that is committed; 0 for an unknown one. */
  acknowledged(client: string): Promise<number>;
  /** Worker messages that wait for their try, by run. */
  deferred(): Promise<Map<string, number>>;
  /** Names of the workflows, by run. */
  names(): Promise<Map<string, string>>;
  /** Keeps the database fast as it grows; does little when there is little to do. */
  tend(): Promise<void>;
  close(): Promise<void>;
}
