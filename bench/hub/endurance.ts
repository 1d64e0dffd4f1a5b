/** The hub over a long time: steady load, idleness, and whether its memory grows. */
import { setTimeout as sleep } from "node:timers/promises";
import { countRows, type Load, type Outcome, send } from "./load.ts";
import { withFresh } from "./pace.ts";
import { between, type Memory, memoryOf, type Times, timesOf } from "./process.ts";
import type { Side, Starter } from "./sides.ts";

/** Steady load. */
export interface Sustained {
  outcome: Outcome;
  /** Datagrams that the hub says it received. */
  received: number;
  times: Times;
  memory: Memory;
  /** Tables that have another number of rows than they must, with what is wrong. */
  wrong: string[];
}

/** Sends a whole load at a rate. */
export async function sustain(
  start: Starter,
  sender: string,
  load: Load,
  rate: number,
): Promise<Sustained> {
  const sides: Side[] = [];
  const result = await withFresh(start, async (side) => {
    sides.push(side);
    const before = timesOf(side.pid);
    const outcome = await send(sender, side, load, load.datagrams, rate);
    const times = between(before, timesOf(side.pid));
    const counted = countRows(side.database, Object.keys(load.rows));
    const wrong = Object.entries(load.rows).filter(([name, rows]) => counted[name] !== rows)
      .map(([name, rows]) => `${name}: ${counted[name]} rows where ${rows} belong`);
    return { outcome, times, memory: memoryOf(side.pid), wrong };
  });
  // It says so when it stops.
  const said = sides[0].printed().match(/Received ([\d,]+) datagrams/)?.[1] ?? "NaN";
  return { ...result, received: Number(said.replaceAll(",", "")) };
}

/** A hub that gets nothing. */
export interface Idle {
  /** Percent of one processor. */
  percent: number;
  times: Times;
  memory: Memory;
}

/** Watches an idle hub. */
export function idle(start: Starter, seconds: number): Promise<Idle> {
  return withFresh(start, async (side) => {
    await sleep(3_000);
    const before = timesOf(side.pid);
    await sleep(seconds * 1000);
    const times = between(before, timesOf(side.pid));
    const used = times.main + times.writer + times.receiver + times.others;
    return { percent: 100 * used / seconds, times, memory: memoryOf(side.pid) };
  });
}

/** Memory at one moment. */
export interface Stage {
  name: string;
  messages: number;
  lost: number;
  memory: Memory;
  /** MiB of all threads' V8 heaps after the last full collection of each; 0 before the first. */
  heap: number;
}

/** Sends load after load to one hub. Wants `--v8-flags=--trace-gc` of it. */
export function growth(
  start: Starter,
  sender: string,
  loads: () => AsyncGenerator<Load>,
  rate: number,
): Promise<Stage[]> {
  return withFresh(start, async (side) => {
    const stages: Stage[] = [];
    let messages = 0;
    let lost = 0;
    const look = async (name: string) => {
      await sleep(10_000);
      const memory = memoryOf(side.pid);
      stages.push({ name, messages, lost, memory, heap: heapOf(side.printed()) });
    };
    await look("at the start");
    for await (const load of loads()) {
      const outcome = await send(sender, side, load, load.datagrams, rate);
      messages += outcome.sent;
      lost += outcome.lost;
      await look(`after load ${stages.length}`);
    }
    return stages;
  });
}

/** The sum over threads of what the last full collection of each left, in MiB. */
function heapOf(trace: string): number {
  const heaps = new Map<string, number>();
  const line = /^\[\d+:(0x[0-9a-f]+).*Mark-Compact.*?-> ([\d.]+) \(/gm;
  for (const [, thread, left] of trace.matchAll(line)) heaps.set(thread, Number(left));
  return [...heaps.values()].reduce((sum, heap) => sum + heap, 0);
}
