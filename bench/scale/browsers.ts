/** Many live browsers on one run that goes on: what they cost the server, and how late they are. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Memory, memoryOf } from "../hub/process.ts";
import type { RunFile } from "./file.ts";
import { lagOf } from "./lag.ts";
import type { LiveOptions } from "./live.ts";
import { openWhole } from "./open.ts";
import { median } from "../pages/requests.ts";
import { kept } from "./stop.ts";
import { summaryEvents } from "./stream.ts";
import { startWatchers } from "./watchers.ts";
import { startWriter } from "./writer.ts";

/** How long processor time is counted, in seconds. */
const SECONDS = 20;
/** Seconds of writing before and after. */
const MARGIN = 3;
/** How long after the last commit it may still be seen, in seconds. */
const LATEST_S = 5;

/** Ticks per second in /proc: the same on all systems that Deno runs on. */
const TICKS = 100;

/** What came of it. */
export interface BrowsersResult {
  connections: number;
  lost: number;
  /** Processor time of the server, in parts of a core; and with one connection. */
  busy: number;
  alone: number;
  /** Milliseconds: the median commit of the median connection, and the slowest of all. */
  median: number;
  slowest: number;
  /** Bytes per second to each connection. */
  bytes: number;
  /** State changes per second that were really written. */
  rate: number;
  memory: Memory;
}

/** Lets a run go on while so many connections follow its summary. */
export async function measureBrowsers(
  file: RunFile,
  connections: number,
  options: LiveOptions,
): Promise<BrowsersResult> {
  const { viewer } = await openWhole(file, options.cap);
  try {
    const url = summaryEvents(viewer.url, file.run);
    const one = kept(await startWatchers(url, 1));
    const alone = await writeAndCount(file, options, viewer.pid, SECONDS / 2);
    await one.watched();
    await one.stop();
    const all = kept(await startWatchers(url, connections));
    const { busy, written } = await writeAndCount(file, options, viewer.pid, SECONDS);
    await sleep(LATEST_S * 1000);
    const memory = memoryOf(viewer.pid);
    const { seen, bytes, lost } = await all.watched();
    await all.stop();
    const lags = seen.map((counts) => lagOf(written.commits, counts));
    return {
      connections,
      lost,
      busy,
      alone: alone.busy,
      median: median(lags.map((lag) => lag.median)),
      slowest: Math.max(...lags.map((lag) => lag.longest)),
      bytes: bytes / connections / written.seconds,
      rate: written.changes / written.seconds,
      memory,
    };
  } finally {
    await viewer.stop();
  }
}

async function writeAndCount(file: RunFile, options: LiveOptions, pid: number, seconds: number) {
  const writer = kept(startWriter({ ...file, ...options, seconds: seconds + 2 * MARGIN }));
  await sleep(MARGIN * 1000);
  const before = processorTime(pid);
  const start = performance.now();
  await sleep(seconds * 1000);
  const used = processorTime(pid) - before;
  const busy = used / ((performance.now() - start) / 1000);
  const written = await writer.written();
  await writer.stop();
  file.done = written.commits[written.commits.length - 1][1];
  return { busy, written };
}

/** Seconds that a process used, with all its threads, also those that have ended. */
function processorTime(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // Its name stands in parentheses and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
