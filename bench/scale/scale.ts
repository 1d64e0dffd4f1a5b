// Runs of up to a million tasks against the bars, and parsl-visualize on the same files.
//
//   deno run -P=dev bench/scale/scale.ts [--sizes 10000,100000,1000000] [--cap SECONDS=600] [--dir DIR]
//     [--only open,pages,live,browsers] [--no-parsl] [--rate 1000] [--commit MS=250]
//     [--connections 500]
//
// Finished runs are read from DIR/gTASKS.db, and generated when they are not there; without --dir
// they are removed in the end, as the unfinished ones always are. --cap is for each page of
// parsl-visualize, which needs the venv that `deno task test` makes. --commit 0 commits each change.

import { parseArgs } from "node:util";
import { findParsl } from "../../tests/support/parsl.ts";
import { memoryOf } from "../hub/process.ts";
import { table } from "../hub/table.ts";
import { ParslVisualize } from "../pages/parsl_visualize.ts";
import { median, shown, shownTime, slower } from "../pages/requests.ts";
import { printBars, type SizeResult } from "./bars.ts";
import { measureBrowsers } from "./browsers.ts";
import { finishedFile, type RunFile, unfinishedFile } from "./file.ts";
import { type LiveOptions, measureLive } from "./live.ts";
import { type Opening, openWhole } from "./open.ts";
import { measurePages, measureTheirs, type PageResult } from "./pages.ts";
import { kept, stopAll, stopOnSignals } from "./stop.ts";
import { messageOf } from "../../errors.ts";

const SCENES = ["open", "pages", "live", "browsers"] as const;
type Scene = typeof SCENES[number];

const OPENINGS = 3;
/** An opening that takes longer is not repeated, in ms. */
const LONG_MS = 60_000;
/** The largest run that many browsers watch. */
const WATCHED = 100_000;

interface Options extends LiveOptions {
  sizes: number[];
  folder: string;
  scenes: Set<Scene>;
  connections: number;
  /** Without a venv parsl-visualize is not measured. */
  venv: string | null;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0) || text === "") throw new RangeError(`--${name} takes a number`);
  return value;
}

async function options(folder: string): Promise<Options> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      sizes: { type: "string", default: "10000,100000,1000000" },
      cap: { type: "string", default: "600" },
      dir: { type: "string" },
      only: { type: "string", default: SCENES.join() },
      "no-parsl": { type: "boolean", default: false },
      rate: { type: "string", default: "1000" },
      commit: { type: "string", default: "250" },
      connections: { type: "string", default: "500" },
    },
  });
  const scenes = values.only.split(",").map((name) => {
    const scene = SCENES.find((one) => one === name);
    if (scene === undefined) throw new RangeError(`--only takes ${SCENES.join(", ")}`);
    return scene;
  });
  const venv = values["no-parsl"] ? null : await findParsl();
  if (venv === null) console.error("parsl-visualize is not measured");
  return {
    sizes: values.sizes.split(",").map((size) => positive("sizes", size)),
    cap: positive("cap", values.cap) * 1000,
    folder: values.dir ?? folder,
    scenes: new Set(scenes),
    rate: positive("rate", values.rate),
    every: positive("commit", values.commit),
    connections: positive("connections", values.connections),
    venv,
  };
}

/** Measures one thing; when that fails, the table says so and the others go on. */
async function attempt(result: SizeResult, scene: string, measuring: () => Promise<void>) {
  say(result.tasks, scene);
  try {
    await measuring();
  } catch (error) {
    const reason = messageOf(error);
    result.failures.push({ scene, reason });
    console.error(`  ${reason}`);
  }
}

/** The median of some openings. */
async function measureOpening(file: RunFile, cap: number): Promise<Opening> {
  const openings: Opening[] = [];
  for (let n = 0; n < OPENINGS; n++) {
    const { viewer, opening } = await openWhole(file, cap);
    await viewer.stop();
    openings.push(opening);
    if (opening.full > LONG_MS) break;
  }
  const middle = (key: keyof Opening) => median(openings.map((opening) => opening[key]));
  return {
    listening: middle("listening"),
    first: middle("first"),
    full: middle("full"),
    progress: middle("progress"),
  };
}

async function finished(tasks: number, given: Options, scratch: string): Promise<SizeResult> {
  const { cap, scenes, venv } = given;
  const result: SizeResult = { tasks, failures: [] };
  say(tasks, "a finished run");
  const file = await finishedFile(given.folder, tasks);
  if (scenes.has("open")) {
    await attempt(result, "cold open", async () => {
      result.opening = await measureOpening(file, cap);
    });
  }
  if (scenes.has("pages")) {
    await attempt(result, "pages", async () => {
      const { viewer } = await openWhole(file, cap);
      try {
        result.pages = await measurePages(viewer.url, file, cap);
        result.memory = memoryOf(viewer.pid);
      } finally {
        await viewer.stop();
      }
    });
  }
  if (venv !== null) {
    say(tasks, "parsl-visualize");
    const server = kept(new ParslVisualize(venv, file.path, scratch, { readOnly: true }));
    result.theirOpening = await measureTheirs(server, file, result.pages, cap);
    result.theirMemory = server.peak;
    await server.stop();
  }
  if (result.pages) printPages(tasks, result.pages, cap);
  return result;
}

async function unfinished(result: SizeResult, given: Options, scratch: string): Promise<void> {
  const { tasks } = result;
  const watched = given.scenes.has("browsers") && tasks <= WATCHED;
  if (!given.scenes.has("live") && !watched) return;
  say(tasks, "an unfinished run");
  const file = await unfinishedFile(scratch, tasks);
  try {
    if (given.scenes.has("live")) {
      await attempt(result, "live", async () => {
        result.live = await measureLive(file, given);
        const { slowest } = result.live;
        console.log(
          `${count(tasks)} tasks: the writer's slowest commit took ${shownTime(slowest)}\n`,
        );
      });
    }
    if (watched) {
      await attempt(result, `${given.connections} live browsers`, async () => {
        result.browsers = await measureBrowsers(file, given.connections, given);
      });
    }
  } finally {
    await Deno.remove(file.path).catch(() => {});
  }
}

function printPages(tasks: number, pages: PageResult[], cap: number): void {
  table(
    [`${count(tasks)} tasks`, "Parsloscope", "KiB", "first paint", "parsl-visualize", "ratio"],
    pages.map(({ name, ours, theirs, paint }) => [
      name,
      shown(ours, cap),
      (ours.bytes / 1024).toFixed(0),
      paint === undefined || paint === null ? "–" : shownTime(paint),
      shown(theirs, cap),
      slower(ours, theirs, cap),
    ]),
  );
}

function count(tasks: number): string {
  return tasks.toLocaleString("en-US");
}

/** Where it is, not part of the outcome. */
function say(tasks: number, what: string): void {
  console.error(`${count(tasks)} tasks: ${what}`);
}

/** Measures each size, and prints the tables. */
async function main(): Promise<void> {
  stopOnSignals();
  const scratch = await Deno.makeTempDir({ prefix: "parsloscope-scale-" });
  kept({ stop: () => Deno.remove(scratch, { recursive: true }) });
  try {
    const given = await options(scratch);
    const results: SizeResult[] = [];
    for (const tasks of given.sizes) {
      const pagesWanted = given.scenes.has("open") || given.scenes.has("pages");
      const result = pagesWanted ? await finished(tasks, given, scratch) : { tasks, failures: [] };
      await unfinished(result, given, scratch);
      results.push(result);
    }
    printBars(results, given.cap);
  } finally {
    await stopAll();
  }
  // Connections that were aborted may keep Deno from ending by itself.
  Deno.exit();
}

if (import.meta.main) await main();
