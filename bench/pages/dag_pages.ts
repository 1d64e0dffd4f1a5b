// The DAG page of runs of every shape in a real browser, against its bars, and parsl-visualize's.
//
//   deno run -P=dev bench/pages/dag_pages.ts [--sizes 10000,100000,1000000] [--shapes stages,chain,…]
//     [--keep DIR] [--no-parsl] [--parsl-sizes 1000,10000] [--cap SECONDS=600]
//
// Runs are generated one at a time and removed when they have been measured. With --keep they are
// read from DIR/gTASKS.db and DIR/SHAPETASKS.db, generated when they are not there, and stay.
// --cap is for each answer. parsl-visualize needs the venv that `deno task test` makes.

import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { findChromium, launch } from "../../tests/support/chromium.ts";
import { findParsl } from "../../tests/support/parsl.ts";
import { type PageFigures, printPages, printTheirs, type TheirFigures } from "./dag_pages_table.ts";
import { measureVisits } from "./dag_pages_visit.ts";
import { type Shape, SHAPES } from "../generate/shapes.ts";
import { ParslVisualize } from "./parsl_visualize.ts";
import { measure, request } from "./requests.ts";
import { finishedFile, type RunFile } from "../scale/file.ts";
import { openWhole, summaryPath } from "../scale/open.ts";
import { kept, stopAll, stopOnSignals } from "../scale/stop.ts";
import { messageOf } from "../../errors.ts";

const REQUESTS = 10;

interface Options {
  sizes: number[];
  shapes: Shape[];
  /** Where runs stay. */
  keep: string | undefined;
  /** Milliseconds. */
  cap: number;
  parslSizes: number[];
  /** Without a venv parsl-visualize is not measured. */
  venv: string | null;
}

function sizes(name: string, text: string): number[] {
  const list = text.split(",").map(Number);
  if (!list.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(`--${name} takes whole numbers`);
  }
  return list;
}

async function options(): Promise<Options> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      sizes: { type: "string", default: "10000,100000,1000000" },
      shapes: { type: "string", default: SHAPES.join() },
      keep: { type: "string" },
      cap: { type: "string", default: "600" },
      "no-parsl": { type: "boolean", default: false },
      "parsl-sizes": { type: "string", default: "1000,10000" },
    },
  });
  const shapes = values.shapes.split(",").map((name) => {
    const shape = SHAPES.find((one) => one === name);
    if (shape === undefined) throw new RangeError(`--shapes takes ${SHAPES.join(", ")}`);
    return shape;
  });
  const venv = values["no-parsl"] ? null : await findParsl();
  if (venv === null) console.error("parsl-visualize is not measured");
  return {
    sizes: values.sizes === "" ? [] : sizes("sizes", values.sizes),
    shapes,
    keep: values.keep,
    cap: sizes("cap", values.cap)[0] * 1000,
    parslSizes: sizes("parsl-sizes", values["parsl-sizes"]),
    venv,
  };
}

function say(text: string): void {
  console.error(`${new Date().toTimeString().slice(0, 8)} ${text}`);
}

function dagPath({ run }: RunFile): string {
  return `${summaryPath(run)}dag_group_by_apps`;
}

/** Does something with a run, which is removed when it is not to be kept. */
async function withRun<T>(
  { keep }: Options,
  shape: Shape,
  tasks: number,
  act: (file: RunFile, scratch: string) => Promise<T>,
): Promise<T> {
  say(`${shape} ${tasks}`);
  const scratch = await Deno.makeTempDir({ prefix: "parsloscope-dag-" });
  try {
    return await act(await finishedFile(keep ?? scratch, tasks, shape), scratch);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** Our page of a run that has been read whole. */
async function ours(file: RunFile, browser: Browser, cap: number): Promise<PageFigures> {
  const { viewer } = await openWhole(file, cap);
  try {
    const url = `${viewer.url}${dagPath(file)}`;
    const first = await request(url, cap);
    const warm = await measure(() => request(url, cap), REQUESTS);
    return { first, warm, visits: await measureVisits(browser, viewer.url, dagPath(file), cap) };
  } finally {
    await viewer.stop();
  }
}

/** The same page of parsl-visualize, asked for once. */
async function theirs(file: RunFile, venv: string, scratch: string, cap: number) {
  const server = kept(new ParslVisualize(venv, file.path, scratch, { readOnly: true }));
  try {
    await server.start();
    return { answer: await server.request(dagPath(file), cap), memory: server.peak };
  } finally {
    await server.stop();
  }
}

/** Measures one thing; when that fails, the table says so and the others go on. */
async function attempt<T>(measuring: () => Promise<T>): Promise<T | string> {
  try {
    return await measuring();
  } catch (error) {
    const reason = messageOf(error);
    console.error(`  ${reason}`);
    return reason;
  }
}

/** Measures each shape and size, and prints a table. */
async function main(): Promise<void> {
  stopOnSignals();
  const chromium = findChromium();
  if (chromium === null) throw new Error("there is no Chromium");
  const given = await options();
  const browser = await launch(chromium);
  try {
    for (const tasks of given.sizes) {
      const rows = new Map<Shape, PageFigures | string>();
      for (const shape of given.shapes) {
        rows.set(
          shape,
          await attempt(() =>
            withRun(given, shape, tasks, (file) => ours(file, browser, given.cap))
          ),
        );
      }
      printPages(tasks, rows);
    }
    const { venv } = given;
    const compared = new Map<number, TheirFigures | string>();
    for (const tasks of venv === null ? [] : given.parslSizes) {
      compared.set(
        tasks,
        await attempt(() =>
          withRun(given, "stages", tasks, async (file, scratch) => ({
            ours: await ours(file, browser, given.cap),
            theirs: await theirs(file, venv!, scratch, given.cap),
          }))
        ),
      );
    }
    printTheirs(compared, given.cap);
  } finally {
    await browser.close();
    await stopAll();
  }
}

if (import.meta.main) await main();
