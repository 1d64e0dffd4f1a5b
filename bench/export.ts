/**
 * What a report costs: its size, how long and in how much memory the command writes it, and how soon
 * a browser shows it from disk and has all of it.
 *
 *     deno run -P=dev bench/export.ts [--sizes 100,10000,100000,1000000] [--keep DIR]
 *
 * DIR keeps the generated databases (gTASKS.db). Medians of three, above 100,000 tasks one round.
 */
import { parseArgs } from "node:util";
import { findChromium, launch } from "../tests/support/chromium.ts";
import { openReport } from "../tests/support/report.ts";
import { median } from "./pages/requests.ts";
import { finishedFile } from "./scale/file.ts";

interface Bars {
  bytes: number;
  /** Seconds. */
  written: number;
  shown: number;
  whole: number;
}

/** What is asked of reports of this many tasks. */
const BARS: Record<number, Bars> = {
  100: { bytes: 0.9e6, written: 2, shown: 0.5, whole: 1 },
  10_000: { bytes: 1.5e6, written: 3, shown: 0.5, whole: 1.5 },
  100_000: { bytes: 5e6, written: 8, shown: 0.7, whole: 3 },
  1_000_000: { bytes: 30e6, written: 60, shown: 1, whole: 10 },
};
const PATIENCE = 120_000;
const MAIN = new URL("../main.ts", import.meta.url).pathname;

/** Writes a report with the command; seconds, and the most memory it took, in MiB. */
async function write(database: string, path: string): Promise<{ seconds: number; mib: number }> {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "-P=export",
      MAIN,
      "export",
      database,
      "-o",
      path,
      "--force",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let mib = 0;
  const watch = setInterval(() => mib = Math.max(mib, residentMiB(child.pid)), 50);
  const { success, stderr } = await child.output();
  clearInterval(watch);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { seconds: (performance.now() - began) / 1000, mib };
}

/** The most memory that a process has had; 0 where the system does not tell. */
function residentMiB(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Opens a report in a new browser and at once asks for its tasks; seconds until something was
 * painted, and until the page of tasks was there with all of the run read.
 */
async function open(chromium: string, path: string): Promise<{ shown: number; whole: number }> {
  const browser = await launch(chromium);
  try {
    const began = performance.now();
    const { page, requests, complaints } = await openReport(browser, path);
    await page.getByRole("link", { name: "Tasks", exact: true }).first().click();
    await page.waitForFunction(
      () =>
        location.hash.endsWith("/task/") && !document.querySelector(".loading") &&
        document.querySelector("table tbody tr td a[href*='/task/']") !== null,
      null,
      { timeout: PATIENCE },
    );
    const whole = (performance.now() - began) / 1000;
    const shown = await page.evaluate(() =>
      performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000
    );
    if (requests.length + complaints.length > 0) {
      throw new Error([...requests, ...complaints].join());
    }
    return { shown, whole };
  } finally {
    await browser.close();
  }
}

/** Measures each size, and prints a table. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "100,10000,100000,1000000" },
      keep: { type: "string" },
    },
  });
  const chromium = findChromium();
  if (!chromium) throw new Error("This bench needs Chromium: name it in CHROMIUM.");
  const folder = values.keep ?? await Deno.makeTempDir();
  const met = (value: number, bar: number, text: string) => value <= bar ? text : `**${text}**`;
  console.log("| tasks | file | written in | memory | first paint | all there |");
  console.log("| --: | --: | --: | --: | --: | --: |");
  for (const tasks of values.sizes.split(",").map(Number)) {
    const { path } = await finishedFile(folder, tasks);
    const report = `${folder}/g${tasks}.html`;
    const rounds = tasks > 100_000 ? 1 : 3;
    const written = [];
    for (let round = 0; round < rounds; round++) written.push(await write(path, report));
    const opened = [];
    for (let round = 0; round < rounds; round++) opened.push(await open(chromium, report));
    const { size } = await Deno.stat(report);
    const bars = BARS[tasks] ??
      { bytes: Infinity, written: Infinity, shown: Infinity, whole: Infinity };
    const seconds = median(written.map((one) => one.seconds));
    const shown = median(opened.map((one) => one.shown));
    const whole = median(opened.map((one) => one.whole));
    const mib = Math.max(...written.map((one) => one.mib));
    console.log(`| ${
      [
        tasks.toLocaleString("en"),
        met(size, bars.bytes, `${(size / 1e6).toFixed(2)} MB`),
        met(seconds, bars.written, `${seconds.toFixed(1)} s`),
        met(mib, 1536, `${mib.toFixed(0)} MiB`),
        met(shown, bars.shown, `${shown.toFixed(2)} s`),
        met(whole, bars.whole, `${whole.toFixed(2)} s`),
      ].join(" | ")
    } |`);
    await Deno.remove(report);
  }
  if (!values.keep) await Deno.remove(folder, { recursive: true });
}

if (import.meta.main) await main();
