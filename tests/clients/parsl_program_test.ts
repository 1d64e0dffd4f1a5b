// The example of Parsl's documentation with our import: the client starts the hub, the dashboard
// shows the run while it goes on, and Parsl's own tools read what the hub wrote.

import assert from "node:assert/strict";
import { eventually, PATIENCE } from "../support/eventually.ts";
import { onPath } from "../support/chromium.ts";
import { findParsl, venvPython, venvScript } from "../support/parsl.ts";
import { fromFileUrl } from "../support/paths.ts";
import { ROOT, startViewer } from "../support/server.ts";
import { printed, query } from "../hub/support.ts";
import { ChildOutput } from "../support/child_output.ts";

const venv = await findParsl();
const here = (name: string) => fromFileUrl(new URL(name, import.meta.url));

const SQUARES = 24;
const TASKS = SQUARES + 2;

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** The program while it runs. */
interface Program {
  /** Everything printed so far, both streams. */
  output(): string;
  ended(): boolean;
  /** Lets a half of the tasks begin. */
  go(): Promise<void>;
  /** Lets it go on to its end, and waits for that. */
  stop(): Promise<void>;
}

function startProgram(python: string, folder: string, port: number): Program {
  const bin = python.slice(0, Math.max(python.lastIndexOf("/"), python.lastIndexOf("\\")));
  const child = new Deno.Command(python, {
    args: ["-B", here("parsl_program.py"), String(port)],
    cwd: folder,
    env: {
      // The interchange is a script of the venv.
      PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`,
      PYTHONPATH: here("../../clients/python"),
      PARSLOSCOPE:
        `'${Deno.execPath()}' run -q --no-prompt -P=hub --config '${ROOT}deno.json' '${ROOT}main.ts'`,
      NO_COLOR: "1",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = new ChildOutput(child);
  const input = child.stdin.getWriter();
  return {
    output: () => output.text,
    ended: () => output.isOver,
    go: () => input.write(new TextEncoder().encode("go\n")),
    stop: async () => {
      // The end of its input lets it go on, so that it stops its workers itself.
      await input.close().catch(() => {});
      const timer = setTimeout(() => output.isOver || child.kill("SIGINT"), PATIENCE);
      await output.over;
      clearTimeout(timer);
    },
  };
}

/** Ends the hub that the client started, and gives what it printed at its end. */
async function stopHub(database: string, log: string): Promise<string> {
  const { pid } = JSON.parse(await Deno.readTextFile(`${database}.hub`)) as { pid: number };
  Deno.kill(pid, "SIGTERM");
  const ended = async () => /^ +not written /m.test(await Deno.readTextFile(log));
  await eventually(ended, "the hub does not end");
  return await Deno.readTextFile(log);
}

/** Runs `test` with a run of the program that is ready to begin; its hub is stopped afterwards. */
async function withProgram(
  test: (program: Program, run: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-program-" });
  const program = startProgram(venvPython(venv ?? ""), folder, freePort());
  try {
    const ready = () => Promise.resolve(/ready \S+\n/.test(program.output()) || program.ended());
    await eventually(ready, "Parsl does not start");
    const run = /ready (\S+)/.exec(program.output())?.[1];
    assert.ok(run !== undefined, `Parsl ended early:\n${program.output()}`);
    await test(program, run, folder);
  } finally {
    await program.stop();
    await stopHub(`${folder}/runinfo/monitoring.db`, `${folder}/runinfo/000/parsloscope-hub.log`)
      .catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** The number of completed tasks on a run's page; 0 as long as it shows no tasks. */
async function completed(url: string): Promise<number> {
  const response = await fetch(url);
  const page = await response.text();
  assert.deepStrictEqual(response.status, 200, page);
  const match = /data-figure="completed"[^>]*>(?:<[^>]*>)*([\d,]+)/.exec(page);
  return match === null ? 0 : Number(match[1].replaceAll(",", ""));
}

/** The name and the state of the only run, as the dashboard lists it. */
async function listed(url: string): Promise<string[]> {
  const [head, run] = (await (await fetch(`${url}workflows.csv`)).text()).split("\r\n");
  const columns = head.split(",");
  return ["name", "status"].map((column) => run.split(",")[columns.indexOf(column)]);
}

/** Watches the pages of the run from its begin to its end. */
async function watch(program: Program, run: string, database: string): Promise<void> {
  const viewer = await startViewer([database]);
  try {
    const page = `${viewer.url}workflow/${run}/`;
    const shown = async () => (await fetch(page)).status === 200;
    await eventually(shown, "the dashboard does not show the run");
    assert.deepStrictEqual(await completed(page), 0);
    assert.deepStrictEqual(await listed(viewer.url), ["parsl_program.py", "running"]);
    for (const done of [SQUARES / 2, TASKS - 1]) {
      await program.go();
      const isThere = async () => await completed(page) === done;
      await eventually(isThere, `the dashboard does not get to ${done} tasks`);
    }
    await eventually(() => Promise.resolve(program.ended()), "Parsl does not end");
    assert.ok(/^done 4324$/m.test(program.output()), program.output());
    assert.deepStrictEqual(await listed(viewer.url), ["parsl_program.py", "failed"]);
  } finally {
    await viewer.stop();
  }
}

/** Every message became a row. */
function checkRows(database: string): void {
  const count = (table: string) => Number(query(database, `SELECT count(*) n FROM ${table}`)[0].n);
  assert.deepStrictEqual(["workflow", "task", "try"].map(count), [1, TASKS, TASKS]);
  const states = Object.fromEntries(
    query(database, "SELECT task_status_name name, count(*) n FROM status GROUP BY name ORDER BY 1")
      .map(({ name, n }) => [name, n]),
  );
  assert.deepStrictEqual(states, {
    exec_done: TASKS - 1,
    failed: 1,
    launched: TASKS,
    pending: TASKS,
    running: TASKS,
    running_ended: TASKS,
  });
  assert.ok(count("resource") >= TASKS, `${count("resource")} rows in resource`);
  assert.deepStrictEqual(count("parsloscope_try_totals"), TASKS);
  assert.ok(count("node") >= 2, `${count("node")} rows in node`);
  assert.ok(count("block") >= 2, `${count("block")} rows in block`);
  assert.deepStrictEqual(
    query(
      database,
      `SELECT tasks_completed_count done, tasks_failed_count failed,
        time_completed IS NOT NULL ended FROM workflow`,
    )[0],
    { done: TASKS - 1, failed: 1, ended: 1 },
  );
  assert.deepStrictEqual(
    query(
      database,
      "SELECT count(*) n FROM try WHERE task_try_time_running IS NULL OR hostname IS NULL",
    ),
    [{ n: 0 }],
  );
}

Deno.test({
  name: "Parsl program: the documentation's example, seen live, and every message a row",
  ignore: venv === null,
  fn: () =>
    withProgram(async (program, run, folder) => {
      const database = `${folder}/runinfo/monitoring.db`;
      await watch(program, run, database);
      checkRows(database);
      assert.ok(!/Warning/.test(program.output()), program.output());
      const said = await stopHub(database, `${folder}/runinfo/000/parsloscope-hub.log`);
      // The workers' own messages, of which several travel in one.
      const datagrams = Number(/Received ([\d,]+) datagrams/.exec(said)?.[1].replaceAll(",", ""));
      assert.ok(datagrams >= 1 && datagrams < 3 * TASKS, said);
      for (const trouble of ["bad signature", "malformed", "quarantined", "not written"]) {
        assert.deepStrictEqual(printed(said, trouble), 0, said);
      }
      await checkVisualize(database, run);
      await checkQueries(database, run);
    }),
});

/** Asks Parsl's viewer for each of its pages. */
async function checkVisualize(database: string, run: string): Promise<void> {
  // It writes to what it shows.
  const copy = `${database}.copy`;
  await Deno.copyFile(database, copy);
  const port = freePort();
  const child = new Deno.Command(venvScript(venv ?? "", "parsl-visualize"), {
    args: [`sqlite:///${copy}`, "-p", String(port), "-l", "127.0.0.1"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const url = `http://127.0.0.1:${port}/`;
    const get = async (path: string) => {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, page: await response.text() };
    };
    const answers = () => get("").then(() => true, () => false);
    await eventually(answers, "parsl-visualize does not start");
    const base = `workflow/${run}/`;
    const pages: [string, RegExp][] = [
      ["", /parsl_program\.py[\s\S]*Completed/],
      [base, /square[\s\S]*Plotly\.newPlot/],
      [`${base}app/square`, new RegExp(`/task/${SQUARES}\\b`)],
      [`${base}task/`, new RegExp(`/task/${TASKS - 1}\\b`)],
      [`${base}task/1`, /running_ended[\s\S]*Plotly\.newPlot/],
      [`${base}resource_usage`, /Plotly\.newPlot/],
    ];
    if (onPath("dot") !== null) {
      for (const kind of ["apps", "states"]) {
        pages.push([`${base}dag_group_by_${kind}`, /square:1\b/]);
      }
    }
    for (const [path, expected] of pages) {
      const { status, page } = await get(path);
      assert.deepStrictEqual(status, 200, `${path} ${page}`);
      assert.ok(!page.includes("Traceback") && expected.test(page), `${path} shows ${page}`);
    }
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await Deno.remove(copy);
  }
}

/** Each of Parsl's queries finds what the tables hold. */
async function checkQueries(database: string, run: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(venvPython(venv ?? ""), {
    args: ["-B", here("parsl_queries.py"), database, run],
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const rows = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, number>;
  const count = (table: string) => Number(query(database, `SELECT count(*) n FROM ${table}`)[0].n);
  const { resources_for_task, ...others } = rows;
  assert.ok(resources_for_task >= 1, JSON.stringify(rows));
  assert.deepStrictEqual(others, {
    app_counts_for_workflow: 3,
    nodes_for_workflow: count("node"),
    resources_for_workflow: count("resource"),
    status_for_workflow: count("status"),
    completion_times_for_workflow: TASKS,
    tasks_for_workflow: TASKS,
    tries_for_workflow: TASKS,
  });
}
