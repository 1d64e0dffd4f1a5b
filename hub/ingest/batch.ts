/** What a hub's writer commits together. */
import type { Change } from "../../store/writer.ts";
import type { Packet } from "../udp/packets.ts";

/** A batch is committed when its oldest message is this many milliseconds old, or before. */
const LATENCY_MS = 150;

/** Where a message came from, for people who look into the quarantine. */
export type Source = { packet: Packet } | { client: string; sequence: number } | { file: string };

/** A source in words. */
export function nameOf(source: Source): string {
  if ("file" in source) return `file ${source.file}`;
  if ("client" in source) return `lane ${source.client} #${source.sequence}`;
  const { address, port } = source.packet;
  if (address.length !== 16) return `udp ${address.join(".")}:${port}`;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((address[i] << 8 | address[i + 1]).toString(16));
  return `udp [${groups.join(":")}]:${port}`;
}

/** Whoever gave a file, and is told when it is committed, and whether all of it was understood. */
export interface FileSource {
  committed(name: string, understood: boolean): void;
}

/** A file whose messages are in a batch. */
export interface TakenFile {
  radio: FileSource;
  name: string;
  /** Whether each of its messages was decoded, and each of their rows written. */
  understood: boolean;
}

/** What will be committed together. */
export class Batch {
  readonly changes: Change[] = [];
  /** For each change its message and where that came from. */
  readonly bodies: Uint8Array[] = [];
  readonly sources: Source[] = [];
  /** How far the clients of the reliable lane are done with it. */
  readonly clients = new Map<string, number>();
  readonly files: TakenFile[] = [];
  /** Bytes of datagram buffers, and of lane messages, that it holds. */
  datagramBytes = 0;
  readonly buffers: ArrayBuffer[] = [];
  frameBytes = 0;
  /** Epoch milliseconds of the oldest arrival; null when there is none. */
  oldest: number | null = null;
  /** When it is to be committed, by `performance.now()`: clocks of the day are set back at times. */
  due = Infinity;

  get isEmpty(): boolean {
    return this.oldest === null;
  }

  arrived(at: number): void {
    if (this.oldest === null || at < this.oldest) this.oldest = at;
    const age = Math.min(Math.max(Date.now() - at, 0), LATENCY_MS);
    this.due = Math.min(this.due, performance.now() + LATENCY_MS - age);
  }
}
