/** `parsloscope export`: writes runs as HTML files that open without a server. */
import { basename, join } from "node:path";
import { reportAssets } from "../installation/report.ts";
import { chooseRun } from "./export/choose_run.ts";
import { ExportError } from "../export/export_error.ts";
import { exporter } from "../installation/exporter.ts";
import type { ReportOptions } from "../state.ts";
import { type Indexed, indexPage } from "./export/index_page.tsx";
import { progressLine } from "./progress_line.ts";
import { writeOutput } from "./standard_output.ts";
import { claimFile, linkNote, writeFile } from "./export/report_file.ts";
import { claimFolder, INDEX, reportPaths } from "./export/report_folder.ts";
import { warning, written } from "./export/descriptions.ts";
import { runName } from "../model/figures/run_name.ts";
import { reportName } from "../model/figures/report_name.ts";
import type { Catalog, CatalogEntry } from "../live/runs/catalog.ts";
import { DatabaseError } from "../store/database.ts";
import { openCatalog } from "../live/runs/open_catalog.ts";
import { abortOnStop } from "./stop.ts";
import { choiceOf, COMMON_OPTIONS, parse, UsageError } from "./usage.ts";
import { REPORT_THEMES } from "../looks/report_theme.ts";
import { warn } from "../say.ts";

const DEFAULT = "runinfo/monitoring.db";

/** What is to be written, and how. */
interface Order {
  catalog: Catalog;
  options: ReportOptions;
  force: boolean;
  signal: AbortSignal;
}

/** Writes one run to a file or to standard output, or all runs to a folder. */
export async function exportRuns(args: string[]): Promise<"help" | void> {
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    output: { type: "string", short: "o" },
    latest: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
    title: { type: "string" },
    theme: { type: "string", default: "auto" },
    redact: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  });
  if (values.help) return "help";
  const { output, latest, all, force, title, redact, full } = values;
  const options = { title, theme: choiceOf("theme", values.theme, REPORT_THEMES), redact, full };
  const { target, run } = await named(positionals);
  checkChoice({ run, latest, all, output });
  const signal = abortOnStop();
  const catalog = await openCatalog([target]);
  const order: Order = { catalog, options, force, signal };
  try {
    const entries = await catalog.workflows();
    for (const { why } of catalog.problems) throw new DatabaseError(why);
    if (all) return await writeEach(order, entries, output!);
    const { entry, note } = chooseRun(entries, { run, latest }, target);
    if (note !== null) warn(note);
    if (output === "-") await print(order, entry);
    else await writeOne(order, entry, await pathFor(entry, output));
  } catch (error) {
    // Whatever it came to: the work was to end.
    signal.throwIfAborted();
    throw error;
  } finally {
    catalog.close();
  }
}

/** A single word is a database if there is one of that name, and otherwise a run. */
async function named(words: string[]): Promise<{ target: string; run?: string }> {
  if (words.length > 2) {
    throw new UsageError("export takes a database and a run: export monitoring.db RUN.");
  }
  const [first = DEFAULT, run] = words;
  if (words.length !== 1 || /[/\\]|\.(?:db|sqlite3?)$/i.test(first)) return { target: first, run };
  const there = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (await there(first) || !(await there(DEFAULT))) return { target: first };
  return { target: DEFAULT, run: first };
}

function checkChoice(
  { run, latest, all, output }: { run?: string; latest: boolean; all: boolean; output?: string },
): void {
  if (output === "") throw new UsageError("-o takes the name of a file, or - for standard output.");
  if ([run !== undefined, latest, all].filter(Boolean).length > 1) {
    throw new UsageError("A run, --latest and --all exclude each other; give one of them.");
  }
  if (all && (output === undefined || output === "-")) {
    throw new UsageError("--all takes the folder for the reports: --all -o FOLDER.");
  }
}

/** Where the report of a run goes: a file, or one in a folder that is there. */
async function pathFor({ workflow }: CatalogEntry, output = reportName(workflow)): Promise<string> {
  const info = await Deno.stat(output).catch(() => null);
  return info?.isDirectory ? join(output, reportName(workflow)) : output;
}

async function writeOne(order: Order, entry: CatalogEntry, path: string): Promise<number> {
  const began = performance.now();
  await claimFile(path, order.force);
  const note = await linkNote(path);
  if (note !== null) warn(note);
  const size = await making(order, entry, (chunks) => writeFile(path, chunks, order));
  warn(written(path, size, performance.now() - began));
  return size;
}

async function writeEach(order: Order, entries: CatalogEntry[], folder: string): Promise<void> {
  if (entries.length === 0) {
    throw new ExportError("The database holds no workflow yet; there is nothing to export.");
  }
  const paths = reportPaths(folder, entries);
  await claimFolder(folder, paths, order.force);
  const reports: Indexed[] = [];
  const { title: _title, ...options } = order.options;
  for (const [i, entry] of entries.entries()) {
    const size = await writeOne({ ...order, options }, entry, paths[i]);
    reports.push({ entry, file: basename(paths[i]), size });
  }
  const { css } = await reportAssets();
  const page = indexPage(reports, css, order.options);
  const index = join(folder, INDEX);
  await writeFile(index, [new TextEncoder().encode(page)], order);
  warn(`${index}: lists ${reports.length} ${reports.length === 1 ? "report" : "reports"}`);
}

/** Writes a report to standard output, and nothing else. */
async function print(order: Order, entry: CatalogEntry): Promise<void> {
  const began = performance.now();
  const size = await making(order, entry, async (chunks) => {
    let size = 0;
    for await (const chunk of chunks) {
      order.signal.throwIfAborted();
      await writeOutput(chunk);
      size += chunk.length;
    }
    return size;
  });
  warn(written("standard output", size, performance.now() - began));
}

/** Makes a report and has it used, with a line of progress and what is to be said of the run. */
async function making<T>(
  { catalog, options, signal }: Order,
  entry: CatalogEntry,
  use: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const warned = warning(entry);
  if (warned !== null) warn(warned);
  const { runId } = entry.workflow;
  const line = progressLine(`Exporting ${runName(entry.workflow)}`);
  try {
    const progress = (share: number) => line.update(share);
    const [database] = catalog.databases;
    return await use(await exporter(database, runId, options, { signal, progress }));
  } finally {
    line.clear();
  }
}
