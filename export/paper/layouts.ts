/** Layouts of the DAG for reports, made off the main thread. */
import { DagLayouts } from "../../picture/dag/layout/layouts.ts";

/** How long each layout may take, in ms. */
const LIMIT_MS = 5_000;

/** Addresses stay good: reports come again. */
const addresses = new WeakMap<Uint8Array, string>();

/**
 * Begins to load ELK, which takes half a second, and gives the layouts that are made with it. They
 * are to be ended.
 *
 * @param elk the script of elkjs's worker
 * @param limit how long each layout may take, in ms
 */
export function startLayouts(elk: Uint8Array<ArrayBuffer>, limit = LIMIT_MS): DagLayouts {
  const url = addressOf(elk);
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

function addressOf(script: Uint8Array<ArrayBuffer>): string {
  const known = addresses.get(script);
  if (known !== undefined) return known;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  addresses.set(script, url);
  return url;
}
