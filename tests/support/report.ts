// A report of a recording, made by the code that the command and the dashboard use, and a browser
// that opens it from disk with the network cut.

import type { Browser, Page } from "playwright-core";
import type { ReportOptions } from "../../state.ts";
import { makeReport } from "../../installation/make_report.ts";
import { openDatabase } from "../../store/open.ts";
import { allTheTime } from "./all_the_time.ts";

allTheTime();

/** Writes the report of a database's run, the first one unless told; returns its text. */
export async function writeReport(
  database: string,
  path: string,
  { run, ...options }: ReportOptions & { run?: string } = {},
): Promise<string> {
  const opened = await openDatabase(database);
  try {
    const id = run ?? (await opened.workflows())[0].runId;
    const file = await Deno.open(path, { write: true, create: true, truncate: true });
    for await (const piece of await makeReport(opened, id, options, () => {})) {
      for (let at = 0; at < piece.length;) at += await file.write(piece.subarray(at));
    }
    file.close();
  } finally {
    opened.close();
  }
  return await Deno.readTextFile(path);
}

/** A page with a report, and what went wrong on it. */
export interface OpenedReport {
  page: Page;
  /** Addresses asked for, but the file itself and what the page made. */
  requests: string[];
  complaints: string[];
  close(): Promise<void>;
}

/** Opens a report from disk. */
export async function openReport(
  browser: Browser,
  path: string,
  fragment = "",
): Promise<OpenedReport> {
  const context = await browser.newContext({ offline: true, acceptDownloads: true });
  const page = await context.newPage();
  const file = `file://${path}`;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== file && !/^(blob|data):/.test(url)) requests.push(url);
  });
  page.on("console", (message) => {
    if (/error|warning/.test(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(file + fragment, { waitUntil: "load" });
  return { page, requests, complaints, close: () => context.close() };
}
