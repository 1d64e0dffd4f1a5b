/** Goes on writing when the database is taken away or another is put in its place. */
import {
  type Change,
  DatabaseMoved,
  type MonitoringWriter,
  type Rejection,
  WriteDelayed,
} from "./writer.ts";
import { messageOf } from "../errors.ts";

/** Milliseconds in which a database that was moved may be put back. */
const GRACE_MS = 2000;

/**
 * A writer that opens the path anew when its file is no longer there: the old file keeps what it
 * has, and what comes from now on goes to the new one.
 */
export class ReopeningWriter implements MonitoringWriter {
  #writer: MonitoringWriter;
  readonly #open: () => Promise<MonitoringWriter>;
  readonly #grace: number;
  #movedSince: number | null = null;
  /** The old file is closed and no new one could be opened. */
  #isClosed = false;

  /** @param open opens the path, or makes a database there */
  constructor(writer: MonitoringWriter, open: () => Promise<MonitoringWriter>, grace = GRACE_MS) {
    this.#writer = writer;
    this.#open = open;
    this.#grace = grace;
  }

  async write(
    batch: readonly Change[],
    clients?: ReadonlyMap<string, number>,
  ): Promise<Rejection[]> {
    if (this.#isClosed) await this.#reopen();
    try {
      const rejections = await this.#writer.write(batch, clients);
      this.#movedSince = null;
      return rejections;
    } catch (error) {
      if (!(error instanceof DatabaseMoved)) throw error;
      this.#movedSince ??= performance.now();
      if (performance.now() - this.#movedSince < this.#grace) throw error;
    }
    await this.#reopen();
    return await this.#writer.write(batch, clients);
  }

  acknowledged(client: string): Promise<number> {
    return this.#writer.acknowledged(client);
  }

  deferred(): Promise<Map<string, number>> {
    return this.#writer.deferred();
  }

  names(): Promise<Map<string, string>> {
    return this.#writer.names();
  }

  tend(): Promise<void> {
    return this.#writer.tend();
  }

  async close(): Promise<void> {
    if (!this.#isClosed) await this.#writer.close();
  }

  async #reopen(): Promise<void> {
    // The old one first: its log lies beside the path, and goes when it is closed.
    if (!this.#isClosed) await this.#writer.close().catch(() => {});
    this.#isClosed = true;
    try {
      this.#writer = await this.#open();
    } catch (error) {
      const reason = messageOf(error);
      throw new WriteDelayed("failing", `The database was moved or deleted. ${reason}`);
    }
    this.#isClosed = false;
    this.#movedSince = null;
  }
}
