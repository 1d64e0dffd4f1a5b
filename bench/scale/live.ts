/** A run that goes on: when a browser and a plain client see what was committed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { findChromium, launch, watchedPage } from "../../tests/support/chromium.ts";
import { type Memory, memoryOf } from "../hub/process.ts";
import type { RunFile } from "./file.ts";
import { type Count, type Lag, lagOf } from "./lag.ts";
import { openWhole, summaryPath } from "./open.ts";
import { kept } from "./stop.ts";
import { doneOf, follow, type Known, Messages, summaryEvents } from "./stream.ts";
import { startWriter } from "./writer.ts";
import { messageOf } from "../../errors.ts";

const SECONDS = 20;
/** How long after the last commit it may still be seen, in ms. */
const LATEST_MS = 10_000;

/** How fast a run goes on. */
export interface LiveOptions {
  /** State changes per second. */
  rate: number;
  /** Milliseconds between commits; 0 commits each change. */
  every: number;
  /** Most milliseconds until the viewer has read the run. */
  cap: number;
}

/** What was seen of a run that went on. */
export interface LiveResult {
  /** In the page; not there without Chromium. */
  browser?: Lag;
  client: Lag;
  /** State changes per second that were really written. */
  rate: number;
  /** Bytes per second to each client. */
  bytes: number;
  /** Milliseconds of the writer's slowest commit. */
  slowest: number;
  memory: Memory;
}

interface Seeing {
  seen: Count[];
}

/** Lets a run go on for some seconds; `file.done` counts what was written. */
export async function measureLive(file: RunFile, options: LiveOptions): Promise<LiveResult> {
  const { viewer } = await openWhole(file, options.cap);
  const chromium = findChromium();
  const browser = chromium === null ? null : await launch(chromium);
  const following = new AbortController();
  try {
    const page = browser === null ? null : (await watchedPage(browser, viewer.url)).page;
    if (page) await showSummary(page, `${viewer.url}${summaryPath(file.run)}`, options.cap);
    const seen: Count[] = [];
    let bytes = 0;
    let messages = 0;
    follow(
      summaryEvents(viewer.url, file.run),
      new Messages(),
      following.signal,
      (known: Known, size) => {
        seen.push([Date.now(), doneOf(known)]);
        if (messages++ > 0) bytes += size;
      },
    ).catch((error) => console.error(messageOf(error)));
    await until(() => messages > 0, options.cap);
    const writer = kept(startWriter({ ...file, ...options, seconds: SECONDS }));
    const written = await writer.written();
    await writer.stop();
    const { commits } = written;
    const perSecond = bytes / written.seconds;
    const [, done] = commits[commits.length - 1];
    file.done = done;
    const sights = async () => page === null ? [] : await sightsOf(page);
    const isSeen = (counts: Count[]) => counts.length > 0 && counts[counts.length - 1][1] >= done;
    await until(async () => isSeen(seen) && (page === null || isSeen(await sights())), LATEST_MS);
    return {
      browser: page === null ? undefined : lagOf(commits, await sights()),
      client: lagOf(commits, seen),
      rate: written.changes / written.seconds,
      bytes: perSecond,
      slowest: written.slowest,
      memory: memoryOf(viewer.pid),
    };
  } finally {
    following.abort();
    await browser?.close();
    await viewer.stop();
  }
}

/** Opens a summary whose count of tasks that are done is noted whenever it is painted anew. */
async function showSummary(page: Page, url: string, cap: number): Promise<void> {
  await page.addInitScript(() => {
    const seen: [number, number][] = [];
    (globalThis as unknown as Seeing).seen = seen;
    let last = -1;
    const look = () => {
      const text = document.querySelector("[data-figure=completed]")?.textContent ?? "";
      const done = Number(text.replace(/\D/g, ""));
      if (text === "" || done === last) return;
      last = done;
      requestAnimationFrame(() => seen.push([Date.now(), done]));
    };
    addEventListener("DOMContentLoaded", () => {
      look();
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
  });
  await page.goto(url, { waitUntil: "load", timeout: cap });
  await page.waitForFunction(
    () => document.querySelector(".loading") === null,
    undefined,
    { timeout: cap },
  );
}

async function sightsOf(page: Page): Promise<Count[]> {
  return await page.evaluate(() => (globalThis as unknown as Seeing).seen as [number, number][]);
}

/** Waits for something, at most so many ms. */
async function until(holds: () => boolean | Promise<boolean>, most: number): Promise<void> {
  const end = performance.now() + most;
  while (!await holds() && performance.now() < end) {
    await sleep(100);
  }
}
