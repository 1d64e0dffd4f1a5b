/** From the start of the process until a page shows the whole of a run. */
import { startViewer, type Viewer } from "../../tests/support/server.ts";
import type { RunFile } from "./file.ts";
import { kept } from "./stop.ts";
import { follow, Messages, summaryEvents } from "./stream.ts";

/** Milliseconds from the start of the process. */
export interface Opening {
  /** Until it printed its address. */
  listening: number;
  /** Until its first request, of the summary, was answered at all. */
  first: number;
  /** Until a summary of the whole run was answered. */
  full: number;
  /** How often the page was told how far it was in between. */
  progress: number;
}

/** The path of a run's summary. */
export function summaryPath(run: string): string {
  return `workflow/${run}/`;
}

/** Starts a viewer and waits until its summary is whole; the caller stops it. */
export async function openWhole(
  file: RunFile,
  cap: number,
): Promise<{ viewer: Viewer; opening: Opening }> {
  const start = performance.now();
  const viewer = kept(await startViewer([file.path]));
  const listening = performance.now() - start;
  try {
    const signal = AbortSignal.timeout(cap);
    let whole = await isWhole(viewer.url, file, signal);
    const first = performance.now() - start;
    let progress = 0;
    while (!whole) {
      progress += await untilRead(viewer.url, file, signal);
      whole = await isWhole(viewer.url, file, signal);
    }
    const full = performance.now() - start;
    return { viewer, opening: { listening, first, full, progress } };
  } catch (error) {
    await viewer.stop();
    throw error;
  }
}

/** Whether a summary does not say that it is still loading, and has all tasks that were there. */
async function isWhole(origin: string, file: RunFile, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(`${origin}${summaryPath(file.run)}`, { signal });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`the summary answered ${response.status}`);
  const [, tasks] = text.match(/ of ([\d,]+) tasks"/) ?? ["", "0"];
  return !text.includes('class="loading"') && Number(tasks.replaceAll(",", "")) >= file.tasks;
}

/** Follows the page until it has been told of the whole run; returns how often it was told before. */
async function untilRead(origin: string, file: RunFile, signal: AbortSignal): Promise<number> {
  const end = new AbortController();
  let told = 0;
  await follow(
    summaryEvents(origin, file.run),
    new Messages(),
    AbortSignal.any([signal, end.signal]),
    ({ view, loading }) => {
      if (loading === null && view.head.tasks >= file.tasks) end.abort();
      else told++;
    },
  );
  signal.throwIfAborted();
  return told;
}
