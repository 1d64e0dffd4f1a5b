/**
 * The thread that takes datagrams from the kernel, and does nothing that could keep it from that
 * for more than a millisecond.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { UdpCounters } from "./counters.ts";
import { openLibc } from "./libc.ts";
import { type DatagramBatch, Pipeline, type PipelineOptions } from "./pipeline.ts";
import { openPlain } from "./plain.ts";
import { openRecvmmsg } from "./recvmmsg.ts";
import {
  OpenFailure,
  type OpenFailureReason,
  type TakeDatagram,
  type Transport,
  type TransportOptions,
} from "./transport.ts";
import { messageOf } from "../../errors.ts";

/** What the thread is started with. */
export interface StartMessage extends PipelineOptions, TransportOptions {
  counters: SharedArrayBuffer;
  /** Where batches go; null for the thread that started this one. */
  to: MessagePort | null;
  /** Do not call the C library. */
  forcePlain: boolean;
}

/** What the thread says, besides batches. */
export type ReceiverMessage =
  | {
    kind: "listening";
    port: number;
    address: string;
    path: Transport["path"];
    buffer: number | null;
    socket: number | null;
  }
  | { kind: "failed"; reason: OpenFailureReason; message: string }
  /** What is wrong with the spill file, or no longer is (empty). */
  | { kind: "problem"; message: string }
  | { kind: "stopped" };

/** Milliseconds of waiting in the kernel; a stop is seen within this. */
const WAIT_MS = 250;
/** The same while datagrams wait for a consumer that is behind. */
const BLOCKED_WAIT_MS = 20;
/** When stopping: the socket is drained once it was empty this long, and given up after this long. */
const QUIET_MS = 300;
const DRAIN_LIMIT_MS = 5000;
/** When stopping: how long a consumer that is behind may make no progress. */
const STALL_LIMIT_MS = 5000;

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<StartMessage>) => void) | null;
  postMessage(message: ReceiverMessage | DatagramBatch, transfer?: Transferable[]): void;
  close(): void;
};

function open(options: StartMessage, take: TakeDatagram): Transport {
  if (options.forcePlain) return openPlain(options, take);
  const libc = openLibc();
  if ("reason" in libc) return openPlain(options, take);
  try {
    return openRecvmmsg(libc, options, take);
  } catch (error) {
    libc.release();
    throw error;
  }
}

/** Milliseconds that the next datagram may be waited for. */
function waitOf(pipeline: Pipeline): number {
  if (pipeline.isEmpty) return WAIT_MS;
  return pipeline.isVerified && pipeline.isBlocked ? BLOCKED_WAIT_MS : 0;
}

/** Receives, and verifies while nothing more is to be received, until a stop is asked for. */
async function work(transport: Transport, pipeline: Pipeline, counters: UdpCounters) {
  let lastTurn = performance.now();
  let problem = "";
  while (!counters.stopRequested) {
    const taken = transport.receive(waitOf(pipeline));
    const count = typeof taken === "number" ? taken : await taken;
    if (count < transport.full) pipeline.step();
    else pipeline.post();
    pipeline.publish();
    const now = performance.now();
    if (now - lastTurn > 1000) {
      // A thread that waits in the kernel does not give the runtime its turn by itself.
      await sleep(0);
      lastTurn = now;
      if (pipeline.problem !== problem) {
        problem = pipeline.problem;
        scope.postMessage({ kind: "problem", message: problem });
      }
    }
  }
}

/** Takes what is still in the socket. */
async function drainSocket(transport: Transport, pipeline: Pipeline) {
  const end = performance.now() + DRAIN_LIMIT_MS;
  let quietSince = performance.now();
  for (;;) {
    const taken = transport.receive(Math.min(waitOf(pipeline), BLOCKED_WAIT_MS));
    const count = typeof taken === "number" ? taken : await taken;
    const now = performance.now();
    if (count > 0) quietSince = now;
    if (count < transport.full) pipeline.step();
    else pipeline.post();
    pipeline.publish();
    if (now - quietSince > QUIET_MS || now > end) return;
  }
}

/** Posts all that is pending, as fast as the consumer takes it; a dead one is given up. */
async function drainPipeline(pipeline: Pipeline, counters: UdpCounters) {
  let consumed = counters.get("consumed");
  let progress = performance.now();
  while (!pipeline.isEmpty) {
    pipeline.step();
    pipeline.publish();
    if (!pipeline.isBlocked || !pipeline.isVerified) continue;
    await sleep(BLOCKED_WAIT_MS);
    const now = counters.get("consumed");
    if (now !== consumed) progress = performance.now();
    else if (performance.now() - progress > STALL_LIMIT_MS) return;
    consumed = now;
  }
}

async function run(options: StartMessage): Promise<void> {
  const counters = new UdpCounters(options.counters);
  const target = options.to ?? scope;
  let transport: Transport | null = null;
  try {
    // Opened before the spill file is touched: another hub may own both.
    let pipeline: Pipeline | null = null;
    transport = open(options, (bytes, from, address, truncated) => {
      pipeline!.take(bytes, from, address, truncated);
    });
    pipeline = new Pipeline(options, counters, (batch) => {
      target.postMessage(batch, [batch.buffer]);
    });
    const { port, path, buffer, socket } = transport;
    const { address } = options;
    scope.postMessage({ kind: "listening", port, address, path, buffer, socket });
    await work(transport, pipeline, counters);
    await drainSocket(transport, pipeline);
    transport.close();
    transport = null;
    await drainPipeline(pipeline, counters);
    pipeline.close();
    scope.postMessage({ kind: "stopped" });
  } catch (error) {
    transport?.close();
    const reason = error instanceof OpenFailure ? error.reason : "other";
    const message = messageOf(error);
    scope.postMessage({ kind: "failed", reason, message });
  }
  options.to?.close();
  scope.close();
}

scope.onmessage = ({ data }) => {
  scope.onmessage = null;
  run(data);
};
