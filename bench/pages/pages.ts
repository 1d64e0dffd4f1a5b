// How long each page takes, ours and parsl-visualize's, for the run of 10,000 tasks.
//
//   deno task bench [--ours] [--cap SECONDS]

import { findChromium, launch } from "../../tests/support/chromium.ts";
import { large, LARGE_RUN } from "../../tests/support/fixtures.ts";
import { findParsl } from "../../tests/support/parsl.ts";
import { startViewer } from "../../tests/support/server.ts";
import { table } from "../hub/table.ts";
import { firstPaint } from "./paints.ts";
import { ParslVisualize } from "./parsl_visualize.ts";
import { type Measure, measure, request, shown, slower } from "./requests.ts";

const REQUESTS = 10;
const THEIR_REQUESTS = 2;
const capAt = Deno.args.indexOf("--cap");
const CAP = (capAt >= 0 ? Number(Deno.args[capAt + 1]) : 120) * 1000;

const BASE = `workflow/${LARGE_RUN}/`;
const PAGES: [string, string][] = [
  ["workflows", ""],
  ["summary", BASE],
  ["tasks", `${BASE}task/`],
  ["tasks of an app", `${BASE}app/simulate`],
  ["a task", `${BASE}task/5000`],
  ["DAG by apps", `${BASE}dag_group_by_apps`],
  ["DAG by states", `${BASE}dag_group_by_states`],
  ["resource usage", `${BASE}resource_usage`],
];

/** From the start of the process to the first answers, on a file never opened before. */
async function cold(path: string): Promise<string> {
  const start = performance.now();
  const viewer = await startViewer([path]);
  const listening = performance.now() - start;
  try {
    const first = await request(viewer.url, CAP);
    const list = performance.now() - start;
    const second = await request(`${viewer.url}${BASE}`, CAP);
    const summary = performance.now() - start;
    return `listening ${listening.toFixed(0)} ms, list ${list.toFixed(0)} ms (${first.status}), ` +
      `summary of the run ${summary.toFixed(0)} ms (${second.status})`;
  } finally {
    await viewer.stop();
  }
}

async function ours(path: string): Promise<{ times: Measure[]; paints: (number | null)[] }> {
  const viewer = await startViewer([path]);
  try {
    const times: Measure[] = [];
    for (const [, page] of PAGES) {
      await request(`${viewer.url}${page}`, CAP); // warm
      times.push(await measure(() => request(`${viewer.url}${page}`, CAP), REQUESTS));
    }
    const chromium = findChromium();
    const paints: (number | null)[] = PAGES.map(() => null);
    if (chromium !== null) {
      const browser = await launch(chromium);
      for (const [i, [, page]] of PAGES.entries()) {
        paints[i] = await firstPaint(browser, viewer.url, page, CAP);
      }
      await browser.close();
    }
    return { times, paints };
  } finally {
    await viewer.stop();
  }
}

/** parsl-visualize on a file of its own: it writes to what it shows. */
async function theirs(venv: string): Promise<Measure[] | null> {
  const database = await large();
  const server = new ParslVisualize(venv, database.path, database.folder);
  try {
    if (!await server.start()) return null;
    const times: Measure[] = [];
    for (const [name, page] of PAGES) {
      const result = await measure(() => server.request(page, CAP), THEIR_REQUESTS);
      console.log(`  parsl-visualize: ${name}: ${shown(result, CAP)}`);
      times.push(result);
    }
    return times;
  } finally {
    await server.stop();
    await database.remove();
  }
}

/** Measures every page, and prints a table. */
async function main(): Promise<void> {
  const database = await large();
  try {
    console.log(`large.db, run of 10,000 tasks; median of ${REQUESTS} warm requests`);
    const opening = await cold(database.path);
    const own = await ours(database.path);
    const venv = Deno.args.includes("--ours") ? null : await findParsl();
    if (venv === null) {
      console.log("parsl-visualize is not measured (no venv; `deno task test` makes one)");
    }
    const other = venv === null ? null : await theirs(venv);
    console.log("");
    table(
      ["page", "parsloscope", "KiB", "first paint", "parsl-visualize", "KiB", "ratio"],
      PAGES.map(([name], i) => {
        const paint = own.paints[i];
        const reference = other?.[i];
        return [
          name,
          shown(own.times[i], CAP),
          (own.times[i].bytes / 1024).toFixed(0),
          paint === null ? "–" : `${paint.toFixed(0)} ms`,
          shown(reference, CAP),
          reference === undefined ? "–" : (reference.bytes / 1024).toFixed(0),
          slower(own.times[i], reference, CAP),
        ];
      }),
    );
    console.log(`cold: ${opening}`);
  } finally {
    await database.remove();
  }
}

if (import.meta.main) await main();
