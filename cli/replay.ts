/** Plays the recordings of real runs again, as if they happened now. */
import { randomUUID } from "node:crypto";
import {
  DatagramSender,
  type HubAddress,
  LaneClient,
  type MessageType,
} from "../clients/typescript/mod.ts";
import { decodePickle } from "../hub/decode/pickle/mod.ts";
import { DateTime, EnumMember, type Value } from "../hub/decode/value.ts";
import { microsText, parseNaiveTime } from "../parsl/naive_time.ts";

/** A message of a recording, and when it came, in seconds after the first one. */
interface Recorded {
  at: number;
  type: MessageType;
  payload: Value;
  /** A worker sent it: by UDP. */
  fromWorker: boolean;
}

/** The messages of a recording (gzip of JSON lines), in the order of their coming. */
export async function readRecording(file: Uint8Array<ArrayBuffer>): Promise<Recorded[]> {
  const text = await new Response(
    new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return lines.map((line): Recorded => {
    const value = decodePickle(Uint8Array.fromHex(line.hex));
    if (!Array.isArray(value) || !(value[0] instanceof EnumMember)) {
      throw new Error("A recording holds something that is not a message.");
    }
    return {
      at: line.t - lines[0].t,
      type: value[0].name as MessageType,
      payload: value[1],
      fromWorker: value[0].name === "RESOURCE_INFO" || value[0].name === "WORKER_TASK_INFO",
    };
  });
}

/** Sends a recording to a hub in its own time, as a run of its own that began now. */
export async function replay(
  recording: Recorded[],
  hub: HubAddress,
  signal: AbortSignal,
): Promise<void> {
  const began = Date.now();
  const runId = randomUUID();
  const shift = new Shift(recording[0].payload, began, runId);
  const lane = new LaneClient(hub);
  const datagrams = new DatagramSender(hub);
  try {
    for (const { at, type, payload, fromWorker } of recording) {
      const wait = began + at * 1000 - Date.now();
      if (wait > 0) await pause(wait, signal);
      if (signal.aborted) return;
      const moved = shift.plain(payload);
      if (fromWorker) await datagrams.send(type, moved);
      else lane.send(type, moved);
    }
    await lane.flush();
  } finally {
    lane.abandon();
    datagrams.close();
  }
}

/** Moves a recording's times to now and gives it another run id. */
class Shift {
  readonly #milliseconds: number;
  readonly #runId: string;

  /** @param start the payload of the message that began the workflow */
  constructor(start: Value, now: number, runId: string) {
    const began = start instanceof Map ? start.get("time_began") : null;
    if (!(began instanceof DateTime)) throw new Error("A recording begins with its workflow.");
    const localNow = now - new Date(now).getTimezoneOffset() * 60_000;
    this.#milliseconds = localNow - parseNaiveTime(began.text)!;
    this.#runId = runId;
  }

  /** A payload as JSON can say it. */
  plain(value: Value, key?: Value): unknown {
    if (key === "run_id") return this.#runId;
    if (value instanceof DateTime) {
      const micros = Math.round((parseNaiveTime(value.text)! + this.#milliseconds) * 1000);
      return microsText(micros).replace(" ", "T");
    }
    if (value instanceof EnumMember) return value.value;
    if (value instanceof Map) {
      return Object.fromEntries([...value].map(([k, v]) => [String(k), this.plain(v, k)]));
    }
    if (value instanceof Set || Array.isArray(value)) {
      return [...value].map((item) => this.plain(item));
    }
    return value;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
