/** Starts the thread that receives datagrams, and stops it. */
import { kernelDrops, socketDrops } from "./kernel_drops.ts";
import type { Digest } from "../signing/signer.ts";
import { UdpCounters, type UdpCounts } from "./counters.ts";
import type { DatagramBatch } from "./pipeline.ts";
import type { ReceiverMessage, StartMessage } from "./receiver_worker.ts";
import { OpenFailure, type Transport } from "./transport.ts";

/** Limits and paths that only tests and measurements change. */
export interface ReceiverTuning {
  /** Use Deno's own API and not the C library. */
  forcePlain?: boolean;
  /** Receive buffer to ask of the kernel, in bytes. */
  bufferBytes?: number;
  /** False: stay within the system's limit even as root. */
  forceBuffer?: boolean;
  /** Room for one datagram, in bytes. */
  slotBytes?: number;
}

export interface ReceiverOptions {
  /** IPv4 or IPv6, as text; names are not resolved. */
  address: string;
  /** 0 for any free one. */
  port: number;
  /** The hub's key; null when datagrams are not signed. */
  key: Uint8Array | null;
  digest: Digest;
  /** Keep datagrams without a signature that look like messages. */
  allowUnsigned: boolean;
  /** File for datagrams that memory cannot hold; null for none. */
  spillPath: string | null;
  /** Bytes that the file may have; 2 GiB unless given. */
  spillLimit?: number;
  /** Batches go straight to the other end of this port, which is given away. */
  to?: MessagePort;
  /**
   * Gets the batches when there is no `to`. A batch counts as consumed when this has returned, or
   * when its promise is settled.
   */
  onBatch?: (batch: DatagramBatch) => void | Promise<void>;
  /** The thread ended without being asked to. */
  onFailure?: (error: Error) => void;
  /** Something is wrong with the spill file; empty text when it is well again. */
  onProblem?: (message: string) => void;
  /**
   * Shared counters, when others need them before the receiver runs. Who consumes batches at `to`
   * calls `consume` of them.
   */
  counters?: UdpCounters;
  /** Bytes posted and not consumed at most; 64 MiB unless given. */
  creditLimit?: number;
  /**
   * Bytes of datagrams that wait in memory to be verified at most, but for one block; 24 MiB unless
   * given.
   */
  rawLimit?: number;
  /** Bytes of verified datagrams that wait in memory at most; 256 MiB unless given. */
  memoryLimit?: number;
  tuning?: ReceiverTuning;
}

/** A receiver that listens. */
export interface Receiver {
  readonly address: string;
  readonly port: number;
  readonly path: Transport["path"];
  /** Bytes of receive buffer as the kernel counts them; null where it does not tell. */
  readonly buffer: number | null;
  readonly shared: UdpCounters;
  counters(): UdpCounts;
  /** Datagrams that the kernel dropped since the start; null where it does not tell. */
  drops(): number | null;
  /**
   * Takes what the kernel still holds, verifies and posts everything, and ends. When the consumer
   * makes no progress for 5 seconds, what is left goes into the spill file. All batches are posted
   * when this resolves; they are consumed once `posted` and `consumed` of the counters are equal.
   */
  stop(): Promise<void>;
}

function startMessage(options: ReceiverOptions, counters: UdpCounters): StartMessage {
  const { address, port, key, digest, allowUnsigned, spillPath, tuning = {} } = options;
  return {
    address,
    port,
    key,
    digest,
    allowUnsigned,
    spillPath,
    to: options.to ?? null,
    counters: counters.shared,
    creditLimit: options.creditLimit ?? 64 * 2 ** 20,
    rawLimit: options.rawLimit ?? 24 * 2 ** 20,
    memoryLimit: options.memoryLimit ?? 256 * 2 ** 20,
    spillLimit: options.spillLimit ?? 2 ** 31,
    forcePlain: tuning.forcePlain ?? false,
    bufferBytes: tuning.bufferBytes ?? 64 * 2 ** 20,
    forceBuffer: tuning.forceBuffer ?? true,
    slotBytes: tuning.slotBytes ?? 65_536,
  };
}

/** Starts a receiver; rejects with `OpenFailure` when it cannot listen. */
export function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const counters = options.counters ?? new UdpCounters();
  const worker = new Worker(new URL("./receiver_worker.ts", import.meta.url), { type: "module" });
  const ended = Promise.withResolvers<void>();
  let state: "starting" | "listening" | "stopping" = "starting";
  return new Promise((resolve, reject) => {
    const end = (error: Error) => {
      worker.terminate();
      reject(error);
      ended.resolve();
      if (state === "listening") options.onFailure?.(error);
    };
    const listening = (message: Extract<ReceiverMessage, { kind: "listening" }>) => {
      state = "listening";
      const { address, port, path, buffer, socket } = message;
      const stop = () => {
        state = "stopping";
        counters.requestStop();
        return ended.promise;
      };
      resolve({
        address,
        port,
        path,
        buffer,
        shared: counters,
        counters: () => counters.counts(),
        drops: () => socketDrops(socket) ?? kernelDrops(address, port),
        stop,
      });
    };
    worker.onmessage = async ({ data }: MessageEvent<ReceiverMessage | DatagramBatch>) => {
      switch (data.kind) {
        case "datagrams": {
          const bytes = data.buffer.byteLength;
          try {
            await options.onBatch?.(data);
          } finally {
            counters.consume(bytes);
          }
          break;
        }
        case "listening":
          listening(data);
          break;
        case "problem":
          options.onProblem?.(data.message);
          break;
        case "failed":
          end(new OpenFailure(data.reason, data.message));
          break;
        case "stopped":
          worker.terminate();
          ended.resolve();
          break;
        default:
          data satisfies never;
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(new Error(`the UDP receiver failed: ${event.message}`));
    };
    worker.postMessage(startMessage(options, counters), options.to ? [options.to] : []);
  });
}
