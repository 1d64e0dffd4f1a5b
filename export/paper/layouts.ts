/** Layouts of the DAG for reports, made off the main thread. */
import { readAsset } from "../../installation/files.ts";
import { DagLayouts } from "../../picture/dag/layout/layouts.ts";

/** How long each layout may take, in ms. */
const LIMIT = 5_000;

let script: Promise<string> | undefined;

/**
 * Begins to load ELK, which takes half a second, and gives the layouts that are made with it. They
 * are to be ended.
 *
 * @param limit how long each layout may take, in ms
 */
export async function startLayouts(limit = LIMIT): Promise<DagLayouts> {
  const url = await (script ??= scriptUrl());
  const layouts = new DagLayouts({ worker: () => openWorker(url), limit });
  layouts.start();
  return layouts;
}

/** A worker that runs the script at an address. */
export function openWorker(url: string): Worker {
  const made = new Worker(url, { type: "module" });
  // An error that nobody takes would end the process; the layouts take it as theirs.
  made.addEventListener("error", (event) => event.preventDefault());
  return made;
}

/** The address stays good: reports come again. */
async function scriptUrl(): Promise<string> {
  const text = await readAsset("elk-worker.js");
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
