// Does the viewer ever make Parsl wait? A writer that does not wait for locks (busy timeout 0)
// commits 20 times a second while the viewer serves the page and its events.
//
//   deno run -P=dev bench/hub/writer.ts [SECONDS=60] [--alone]
//
// --alone runs the writer without a viewer, for comparison. Exits with 1 on any SQLITE_BUSY.

import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { findChromium, launch, watchedPage } from "../../tests/support/chromium.ts";
import { climate, CLIMATE_RUN, large, LARGE_RUN } from "../../tests/support/fixtures.ts";
import { startViewer } from "../../tests/support/server.ts";
import { messageOf } from "../../errors.ts";
import { microsText } from "../../parsl/naive_time.ts";

const INTERVAL = 50;

interface Written {
  commits: number;
  busy: number;
  other: number;
  /** Milliseconds of the slowest commit. */
  slowest: number;
}

/** In a process of its own: locks of one process do not meet each other. */
async function write(path: string, run: string, seconds: number): Promise<Written> {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 0");
  const insert = database.prepare(
    "insert into status(task_id, task_status_name, timestamp, run_id, try_id) values (?, ?, ?, ?, 0)",
  );
  const update = database.prepare(
    "update workflow set tasks_completed_count = tasks_completed_count + 1 where run_id = ?",
  );
  const result: Written = { commits: 0, busy: 0, other: 0, slowest: 0 };
  const start = performance.now();
  for (let n = 0; performance.now() - start < seconds * 1000; n++) {
    const before = performance.now();
    try {
      database.exec("begin");
      // Microseconds make the primary key unique.
      insert.run(0, "running", microsText(Date.now() * 1000 + n % 1000), run);
      update.run(run);
      database.exec("commit");
      result.commits++;
    } catch (error) {
      const text = messageOf(error);
      if (/locked|busy/i.test(text)) result.busy++;
      else {
        result.other++;
        console.error(text);
      }
      try {
        database.exec("rollback");
      } catch {
        // Nothing had begun.
      }
    }
    result.slowest = Math.max(result.slowest, performance.now() - before);
    const next = start + (n + 1) * INTERVAL - performance.now();
    if (next > 0) await sleep(next);
  }
  database.close();
  return result;
}

/**
 * Follows task 0 live until told to stop: the longest time from a row's time stamp (taken before its
 * commit) to its arrival, in ms.
 */
async function longestLag(url: string, run: string, signal: AbortSignal): Promise<number> {
  let longest = 0;
  let seen = 0;
  let rest = "";
  try {
    const response = await fetch(`${url}api/live?view=task&run=${run}&task=0`, { signal });
    if (!response.body) throw new Error("the live view sends nothing");
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + text).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) {
        if (!message.startsWith("data: {")) continue;
        const { events } = JSON.parse(message.slice(6)) as { events?: { time: number }[] };
        const news = (events ?? []).map(({ time }) => time).filter((time) => time > seen);
        // The first message brings rows that were there before.
        if (seen > 0 && news.length > 0) {
          longest = Math.max(longest, Date.now() - Math.min(...news));
        }
        for (const time of news) seen = Math.max(seen, time);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return longest;
}

/** Makes a finished run an unfinished one, so that its pages are live. */
function reopen(path: string, run: string): void {
  const database = new DatabaseSync(path);
  database.prepare("update workflow set time_completed = null where run_id = ?").run(run);
  database.close();
}

async function scene(name: string, path: string, run: string, seconds: number): Promise<number> {
  const alone = Deno.args.includes("--alone");
  reopen(path, run);
  const viewer = alone ? null : await startViewer([path]);
  const chromium = findChromium();
  const browser = viewer === null || chromium === null ? null : await launch(chromium);
  let requests = 0;
  let failures = 0;
  let streams = 0;
  let done = false;
  try {
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["run", "-P=dev", import.meta.url, "--write", path, run, String(seconds)],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const complaints: string[] = [];
    if (browser !== null && viewer !== null) {
      // The page itself opens the event stream.
      const watched = await watchedPage(browser, viewer.url);
      watched.page.on("response", (response) => {
        if ((response.headers()["content-type"] ?? "").includes("text/event-stream")) streams++;
      });
      await watched.page.goto(`${viewer.url}workflow/${run}/`, { waitUntil: "load" });
      complaints.push(...watched.complaints());
    }
    const requesting = (async () => {
      const pages = ["", "task/", "task/0", "resource_usage"];
      while (!done && viewer !== null) {
        const page = pages[requests % pages.length];
        try {
          const response = await fetch(`${viewer.url}workflow/${run}/${page}`);
          await response.arrayBuffer();
          if (response.status !== 200) failures++;
        } catch {
          failures++;
        }
        requests++;
        await sleep(100);
      }
    })();
    const following = new AbortController();
    const lagging = viewer === null ? null : longestLag(viewer.url, run, following.signal);
    const output = await writer.output();
    done = true;
    following.abort();
    const lag = await lagging;
    await requesting;
    if (!output.success) throw new Error("the writer failed");
    const written = JSON.parse(new TextDecoder().decode(output.stdout)) as Written;
    console.log(
      `${name}, ${seconds} s: ${written.commits} commits, ${written.busy} SQLITE_BUSY, ` +
        `${written.other} other errors, slowest ${written.slowest.toFixed(1)} ms; ` +
        (viewer === null
          ? "no viewer"
          : `${requests} pages (${failures} failed), ${streams} event streams, row to client at most ${
            Math.round(lag ?? 0)
          } ms`),
    );
    for (const complaint of complaints) console.log(`  ${complaint}`);
    return written.busy + written.other + failures;
  } finally {
    done = true;
    await browser?.close();
    await viewer?.stop();
  }
}

/** Writes, as a process of its own, or measures beside such a one. */
async function main(): Promise<void> {
  if (Deno.args[0] === "--write") {
    const [, path, run, seconds] = Deno.args;
    console.log(JSON.stringify(await write(path, run, Number(seconds))));
  } else {
    const seconds = Number(Deno.args.find((arg) => /^\d+$/.test(arg)) ?? 60);
    let bad = 0;
    for (
      const [name, make, run] of [
        ["climate.db", climate, CLIMATE_RUN],
        ["large.db", large, LARGE_RUN],
      ] as const
    ) {
      const database = await make();
      try {
        bad += await scene(name, database.path, run, seconds);
      } finally {
        await database.remove();
      }
    }
    Deno.exit(bad > 0 ? 1 : 0);
  }
}

if (import.meta.main) await main();
