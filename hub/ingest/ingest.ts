/** From message bodies to committed rows: decodes, gathers batches, writes, and says what is done. */
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { type MonitoringWriter, WriteDelayed } from "../../store/writer.ts";
import { changesOf } from "../decode/unfold.ts";
import { Batch, type FileSource, nameOf, type Source, type TakenFile } from "./batch.ts";
import type { Ledger } from "./ledger.ts";
import { decodeMessage, readMessages } from "../decode/message.ts";
import { packets } from "../udp/packets.ts";
import { decodePickles } from "../decode/pickle/mod.ts";
import type { Quarantine } from "./quarantine.ts";
import { MalformedMessage, type Value } from "../decode/value.ts";
import { messageOf } from "../../errors.ts";

/** A batch is committed when it has this many changes, or is due. */
const FULL_BATCH = 2000;
/** Milliseconds between attempts while the database cannot be written. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 500;
/** What keeps the database from being written for so long is told on the terminal. */
const TOLD_AFTER_MS = 1000;

/** What a commit finished. */
export interface Done {
  clients: ReadonlyMap<string, number>;
  files: readonly TakenFile[];
  /** Bytes of the buffers of datagrams. */
  datagramBytes: number;
}

/** Takes bodies in and gets their rows committed, in the order of their coming. */
export class Ingest {
  readonly #writer: MonitoringWriter;
  readonly #quarantine: Quarantine;
  readonly #ledger: Ledger;
  readonly #done: (done: Done) => void;
  readonly #report: (sentence: string) => void;
  #buffers: { buffer: ArrayBuffer; count: number; at: number }[] = [];
  #batch = new Batch();
  #committing: Batch | null = null;
  #working: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hurry = false;

  constructor(
    writer: MonitoringWriter,
    quarantine: Quarantine,
    ledger: Ledger,
    done: (done: Done) => void,
    report: (sentence: string) => void = () => {},
  ) {
    this.#writer = writer;
    this.#quarantine = quarantine;
    this.#ledger = ledger;
    this.#done = done;
    this.#report = report;
  }

  /** Verified bodies of datagrams, as `PacketBatch` packs them. */
  takeDatagrams(buffer: ArrayBuffer, count: number, at: number): void {
    this.#buffers.push({ buffer, count, at });
    this.#wake();
  }

  /** A message of the reliable lane. */
  takeFrame(client: string, sequence: number, body: Uint8Array, at: number): void {
    const batch = this.#batch;
    batch.arrived(at);
    batch.clients.set(client, sequence);
    batch.frameBytes += body.length;
    this.#decode(() => [decodeMessage(body)], body, { client, sequence }, at);
    this.#wake();
  }

  /** A file of a filesystem radio: one pickle after another. */
  takeFile(radio: FileSource, name: string, bytes: Uint8Array): void {
    const at = Date.now();
    this.#batch.arrived(at);
    this.#ledger.files.received++;
    const understood = this.#decode(() => decodePickles(bytes), bytes, { file: name }, at);
    this.#batch.files.push({ radio, name, understood });
    this.#wake();
  }

  /** A file that is too large to be looked at, and stays where it is. */
  refuseFile(name: string, reason: string, size: number): void {
    this.#ledger.messages.quarantined++;
    this.#quarantine.add({ source: `file ${name}`, reason, bytes: new Uint8Array(0), size });
    this.#quarantine.flush();
  }

  /** Messages and bytes that were taken in and are not committed. */
  get queue(): { messages: number; bytes: number } {
    const queue = { messages: 0, bytes: 0 };
    for (const { buffer, count } of this.#buffers) {
      queue.messages += count;
      queue.bytes += buffer.byteLength;
    }
    for (const batch of [this.#batch, this.#committing]) {
      if (!batch) continue;
      queue.messages += batch.changes.length;
      queue.bytes += batch.datagramBytes + batch.frameBytes;
    }
    return queue;
  }

  /** Epoch milliseconds of the oldest arrival that is not committed; null when all is. */
  get oldest(): number | null {
    return this.#committing?.oldest ?? this.#batch.oldest ?? this.#buffers[0]?.at ?? null;
  }

  /** Commits all that was taken in, however long the database takes. */
  async drain(): Promise<void> {
    this.#hurry = true;
    while (this.oldest !== null) {
      this.#wake();
      await this.#working;
    }
    this.#hurry = false;
  }

  #wake(): void {
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    // Lets what arrives in the same turn into the same batch.
    await turn();
    await this.#commitDue();
  }

  /** Commits until there is nothing that is due. */
  async #commitDue(): Promise<void> {
    for (;;) {
      while (this.#buffers.length > 0 && this.#batch.changes.length < FULL_BATCH) {
        this.#decodeBuffer();
      }
      const batch = this.#batch;
      const wait = batch.due - performance.now();
      if (batch.isEmpty || batch.changes.length < FULL_BATCH && wait > 0 && !this.#hurry) {
        // At once, not when the promise is settled: what comes in between has to wake it.
        this.#working = null;
        if (!batch.isEmpty) this.#timer = setTimeout(() => this.#wake(), wait);
        return;
      }
      this.#batch = new Batch();
      this.#committing = batch;
      await this.#commit(batch);
      this.#committing = null;
      await turn();
    }
  }

  #decodeBuffer(): void {
    const { buffer, at } = this.#buffers.shift()!;
    this.#batch.arrived(at);
    this.#batch.datagramBytes += buffer.byteLength;
    this.#batch.buffers.push(buffer);
    for (const packet of packets(buffer)) {
      this.#decode(() => [decodeMessage(packet.bytes)], packet.bytes, { packet }, at);
    }
  }

  /** Decodes a body into the batch; false when some of it was not understood. */
  #decode(decode: () => Iterable<Value>, body: Uint8Array, source: Source, at: number): boolean {
    const batch = this.#batch;
    try {
      for (const value of decode()) {
        this.#ledger.messages.decoded++;
        for (const { message, change } of changesOf(readMessages(value), body.length)) {
          batch.changes.push(change);
          batch.bodies.push(body);
          batch.sources.push(source);
          const run = this.#ledger.run(message.runId);
          run.received++;
          run.lastMessage = at;
          if (change.kind === "workflow-start") {
            run.workflowName = text(message.fields.get("workflow_name"));
          }
        }
      }
      return true;
    } catch (error) {
      // A fault of the decoder costs this message too, and not the hub.
      this.#ledger.messages.malformed++;
      if (error instanceof MalformedMessage && error.refused) this.#ledger.messages.refused++;
      this.#reject(body, source, messageOf(error));
      return false;
    }
  }

  #reject(body: Uint8Array, source: Source, reason: string): void {
    this.#ledger.messages.quarantined++;
    this.#quarantine.add({ source: nameOf(source), reason, bytes: body });
  }

  async #commit(batch: Batch): Promise<void> {
    const ledger = this.#ledger;
    this.#quarantine.flush();
    const began = performance.now();
    const rejections = await this.#write(batch);
    for (const { index, reason } of rejections) {
      const source = batch.sources[index];
      this.#reject(batch.bodies[index], source, reason);
      const file = "file" in source && batch.files.find(({ name }) => name === source.file);
      if (file) file.understood = false;
    }
    if (rejections.length > 0) this.#quarantine.flush();
    ledger.messages.quarantineFull = this.#quarantine.dropped;
    ledger.messages.written += batch.changes.length - rejections.length;
    const rejected = new Set(rejections.map(({ index }) => index));
    for (const [index, { runId }] of batch.changes.entries()) {
      ledger.settled(runId, !rejected.has(index));
    }
    ledger.writer.commits++;
    ledger.writer.lastCommit = performance.now() - began;
    ledger.writerIs("writing", "");
    this.#done(batch);
    // Freed at once: the collector does not hurry for memory that lies outside of its heap.
    for (const buffer of batch.buffers) buffer.transfer(0);
    // What is in its way is in the way of the next commit too, which tells of it.
    await this.#writer.tend().catch(() => {});
  }

  /** Tries until the batch is committed. */
  async #write(batch: Batch) {
    const began = performance.now();
    let told = "";
    for (let pause = FIRST_RETRY_MS;; pause = Math.min(pause * 2, LAST_RETRY_MS)) {
      try {
        const rejections = await this.#writer.write(batch.changes, batch.clients);
        if (told !== "") this.#report("The database is written again.");
        return rejections;
      } catch (error) {
        if (error instanceof WriteDelayed) this.#ledger.writerIs(error.reason, error.message);
        else {
          const message = messageOf(error);
          this.#ledger.writerIs("failing", message);
        }
      }
      const { problem } = this.#ledger.writer;
      // Numbers in it may change all the time.
      const kind = problem.replaceAll(/\d+/g, "0");
      if (kind !== told && performance.now() - began > TOLD_AFTER_MS) {
        this.#report(`${problem} Messages are kept until it can be written.`);
        told = kind;
      }
      await sleep(pause);
    }
  }
}

function text(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}
