// How long each page takes, ours and parsl-visualize's, for the run of 10,000 tasks.
//
//   deno task bench [--ours] [--cap SECONDS]

import { findChromium, launch, watchedPage } from "../tests/support/chromium.ts";
import { large, LARGE_RUN } from "../tests/support/fixtures.ts";
import { findParsl, venvScript } from "../tests/support/parsl.ts";
import { startViewer } from "../tests/support/server.ts";

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

interface Measure {
  /** Milliseconds; null when nothing came before the cap. */
  time: number | null;
  status: number;
  bytes: number;
}

async function request(url: string, cap: number): Promise<Measure> {
  const start = performance.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(cap) });
    const body = await response.arrayBuffer();
    const time = performance.now() - start;
    return { time, status: response.status, bytes: body.byteLength };
  } catch {
    return { time: null, status: 0, bytes: 0 };
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the requests; a failure or a time-out ends the row. */
async function measure(url: string, requests: number, cap: number): Promise<Measure> {
  const times: number[] = [];
  let last: Measure = { time: null, status: 0, bytes: 0 };
  for (let i = 0; i < requests; i++) {
    last = await request(url, cap);
    if (last.time === null || last.status !== 200) return last;
    times.push(last.time);
  }
  return { ...last, time: median(times) };
}

function shown(result: Measure | undefined): string {
  if (result === undefined) return "–";
  if (result.time === null) return `> ${CAP / 1000} s`;
  const time = result.time >= 1000
    ? `${(result.time / 1000).toFixed(2)} s`
    : `${result.time.toFixed(1)} ms`;
  return result.status === 200 ? time : `${result.status} after ${time}`;
}

function ratio(ours: Measure, theirs: Measure | undefined): string {
  if (theirs === undefined || ours.time === null || ours.status !== 200) return "–";
  if (theirs.time === null) return `> ${Math.floor(CAP / ours.time)}×`;
  if (theirs.status !== 200) return "–";
  const value = theirs.time / ours.time;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)}×`;
}

function table(head: string[], rows: string[][]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((r) => r[i].length)));
  const line = (cells: string[]) =>
    `| ${
      cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join(
        " | ",
      )
    } |`;
  console.log(line(head));
  console.log(
    `| ${widths.map((n, i) => i === 0 ? "-".repeat(n) : `${"-".repeat(n - 1)}:`).join(" | ")} |`,
  );
  for (const row of rows) console.log(line(row));
}

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
      times.push(await measure(`${viewer.url}${page}`, REQUESTS, CAP));
    }
    const chromium = findChromium();
    const paints: (number | null)[] = PAGES.map(() => null);
    if (chromium !== null) {
      const browser = await launch(chromium);
      for (const [i, [, page]] of PAGES.entries()) {
        const values: number[] = [];
        for (let round = 0; round < 3; round++) {
          const watched = await watchedPage(browser, viewer.url);
          await watched.page.goto(`${viewer.url}${page}`, { waitUntil: "load", timeout: CAP });
          await watched.page.waitForTimeout(200);
          const value = await watched.page.evaluate(() =>
            performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1
          );
          if (value >= 0) values.push(value);
          await watched.close();
        }
        paints[i] = values.length > 0 ? median(values) : null;
      }
      await browser.close();
    }
    return { times, paints };
  } finally {
    await viewer.stop();
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** A parsl-visualize that answers, or null. */
async function startTheirs(venv: string, path: string, folder: string) {
  const port = freePort();
  const child = new Deno.Command(venvScript(venv, "parsl-visualize"), {
    args: [`sqlite:///${path}`, "-p", String(port), "-l", "127.0.0.1"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}/`;
  const stop = async () => {
    child.kill("SIGKILL");
    await child.status;
  };
  const end = Date.now() + 60_000;
  while ((await request(url, 5_000)).status !== 200) {
    if (Date.now() > end) {
      await stop();
      return null;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, stop };
}

/** parsl-visualize on a file of its own: it writes to what it shows. */
async function theirs(venv: string): Promise<Measure[] | null> {
  const database = await large();
  let server: Awaited<ReturnType<typeof startTheirs>> = null;
  try {
    const times: Measure[] = [];
    for (const [name, page] of PAGES) {
      server ??= await startTheirs(venv, database.path, database.folder);
      if (server === null) return null;
      const result = await measure(`${server.url}${page}`, THEIR_REQUESTS, CAP);
      console.log(`  parsl-visualize: ${name}: ${shown(result)}`);
      times.push(result);
      if (result.time === null) {
        // It works on at the page that nobody awaits any more, at the cost of the next.
        await server.stop();
        server = null;
      }
    }
    return times;
  } finally {
    await server?.stop();
    await database.remove();
  }
}

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
        shown(own.times[i]),
        (own.times[i].bytes / 1024).toFixed(0),
        paint === null ? "–" : `${paint.toFixed(0)} ms`,
        shown(reference),
        reference === undefined ? "–" : (reference.bytes / 1024).toFixed(0),
        ratio(own.times[i], reference),
      ];
    }),
  );
  console.log("");
  console.log(`cold: ${opening}`);
} finally {
  await database.remove();
}
