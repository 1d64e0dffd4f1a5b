// A real Parsl program with Parsl's own monitoring, watched while it runs.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { findChromium, launch, watchedPage } from "../support/chromium.ts";
import { findParsl, venvPython } from "../support/parsl.ts";
import { startViewer } from "../support/server.ts";

const chromium = findChromium();
const venv = await findParsl();
/** Tasks that run one after the other, in portions. */
const TASKS = 30;
const PORTION = 10;

// Prints "ready" when the run is in the database, then waits for a line before each portion of tasks:
// no race with the viewer.
const PROGRAM = `
import sys, time, sqlite3, pathlib, logging
import parsl
from parsl.config import Config
from parsl.executors import ThreadPoolExecutor
from parsl.monitoring import MonitoringHub

folder = sys.argv[1]

@parsl.python_app
def step(i):
    import time
    time.sleep(0.2)
    return i

config = Config(
    executors=[ThreadPoolExecutor(label="threads", max_threads=1)],
    monitoring=MonitoringHub(
        hub_address="127.0.0.1",
        logging_endpoint="sqlite:///" + folder + "/monitoring.db",
        resource_monitoring_enabled=False,
        workflow_name="live",
    ),
    run_dir=folder + "/runinfo",
    usage_tracking=0,
)

if __name__ == "__main__":
    with parsl.load(config) as dfk:
        step(-1).result()
        path = pathlib.Path(folder) / "monitoring.db"
        while True:
            try:
                if path.exists():
                    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
                    n = db.execute("select count(*) from task").fetchone()[0]
                    db.close()
                    if n:
                        break
            except sqlite3.Error:
                pass
            time.sleep(0.1)
        print("ready " + dfk.run_id, flush=True)
        for portion in range(${TASKS / PORTION}):
            sys.stdin.readline()
            futures = [step(i) for i in range(${PORTION})]
            for f in futures:
                f.result()
    print("done", flush=True)
`;

/** The number of completed tasks on a run's page; null when it shows none. */
async function completed(page: Page): Promise<number | null> {
  const marked = page.locator("[data-figure='completed']");
  const text = await marked.count() > 0
    ? await marked.first().innerText()
    : await page.locator("main").first().innerText();
  if (await marked.count() > 0) return Number(text.replace(/[^\d]/g, ""));
  const match = text.match(/\b([\d,]+)\s+(?:tasks\s+)?completed\b/i) ??
    text.match(/\b(?:tasks\s+)?completed:?\s+([\d,]+)(?![\d:-])/i);
  return match === null ? null : Number(match[1].replace(/,/g, ""));
}

Deno.test({
  name: "live: the completed count rises while Parsl runs, without a reload",
  ignore: chromium === null || venv === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "parsloscope-live-" });
    await Deno.writeTextFile(`${folder}/program.py`, PROGRAM);
    const child = new Deno.Command(venvPython(venv ?? ""), {
      args: [`${folder}/program.py`, folder],
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let said = "";
    let complained = "";
    const decoder = new TextDecoder();
    const reading = Promise.all([
      (async () => {
        for await (const bytes of child.stdout) said += decoder.decode(bytes);
      })(),
      (async () => {
        for await (const bytes of child.stderr) complained += new TextDecoder().decode(bytes);
      })(),
    ]);
    let ended = false;
    const ending = child.status.then(() => ended = true);
    try {
      await eventually(
        () => Promise.resolve(/ready \S+\n/.test(said) || ended),
        "Parsl does not start",
      );
      assert.ok(!ended, `Parsl ended early:\n${said}${complained}`);
      const run = said.match(/ready (\S+)/)?.[1] ?? "";
      const viewer = await startViewer([`${folder}/monitoring.db`]);
      const browser = await launch(chromium ?? "");
      try {
        const watched = await watchedPage(browser, viewer.url);
        const { page } = watched;
        let loads = 0;
        page.on("load", () => loads++);
        await page.goto(`${viewer.url}workflow/${run}/`, { waitUntil: "load" });
        await eventually(
          async () => await completed(page) !== null,
          "the page shows no completed count",
        );
        const writer = child.stdin.getWriter();
        for (let done = PORTION; done <= TASKS; done += PORTION) {
          await writer.write(new TextEncoder().encode("go\n"));
          await eventually(
            async () => await completed(page) === done + 1,
            `the page does not get to ${done}`,
          );
        }
        await writer.close();
        assert.deepStrictEqual(loads, 1, "the page was loaded again");
        assert.deepStrictEqual(watched.complaints(), []);
        await eventually(() => Promise.resolve(ended), "Parsl does not end");
        // The viewer must not have disturbed the writer: every task is in the database.
        assert.ok(/done/.test(said), `Parsl failed:\n${complained}`);
        await watched.close();
      } finally {
        await browser.close();
        await viewer.stop();
      }
    } finally {
      if (!ended) child.kill("SIGTERM");
      await ending;
      await reading;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
