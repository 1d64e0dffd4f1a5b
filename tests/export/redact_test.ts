// A redacted run says how it went, and not where, by whom and with what.

import assert from "node:assert/strict";
import { redact, type TableSource } from "../../export/redact/redact.ts";
import type { TableBatch } from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";
import { openDatabase } from "../../store/open.ts";
import { seeded } from "../hub/random.ts";
import { climate, type Fixture, large } from "../support/fixtures.ts";

async function collect(source: AsyncIterable<TableBatch>): Promise<TableBatch[]> {
  const batches: TableBatch[] = [];
  for await (const batch of source) batches.push(batch);
  return batches;
}

/** Tables of texts: a batch for each. */
function given(...batches: TableBatch[]): TableSource {
  return async function* (only) {
    for (const batch of batches) if (!only || only.includes(batch.table)) yield batch;
  };
}

function batch(table: string, columns: string[], ...rows: Cell[][]): TableBatch {
  return { table, columns, rows };
}

/** Everything that cells say, each on its line, with its column in front. */
function said(batches: TableBatch[]): string[] {
  return batches.flatMap(({ table, columns, rows }) =>
    rows.flatMap((row) => row.map((cell, i) => `${table}.${columns[i]}: ${textOf(cell)}`))
  );
}

function textOf(cell: Cell): string {
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell);
}

/** One text as it comes out of a run of ada's on login01.site.example and nid0007. */
async function redacted(text: string): Promise<string> {
  const batches = await collect(redact(given(
    batch("try", ["hostname", "task_fail_history"], ["nid0007", text]),
    batch("node", ["hostname"], ["vm"]),
    batch("workflow", ["host", "user", "rundir"], [
      "login01.site.example",
      "ada",
      "/scratch/climate group/run 2/runinfo/000",
    ]),
  )));
  return String(batches[0].rows[0][1]);
}

async function eachRun(
  fixture: () => Promise<Fixture>,
  test: (before: TableBatch[], after: TableBatch[]) => void,
): Promise<void> {
  const { path, remove } = await fixture();
  const database = await openDatabase(path);
  try {
    for (const { runId } of await database.workflows()) {
      const before = await collect(database.tables(runId));
      const after = await collect(redact(() => database.tables(runId)));
      test(before, after);
    }
  } finally {
    database.close();
    await remove();
  }
}

function column(batches: TableBatch[], table: string, name: string): Cell[] {
  return batches.filter((b) => b.table === table).flatMap(({ columns, rows }) =>
    columns.includes(name) ? rows.map((row) => row[columns.indexOf(name)]) : []
  );
}

function distinct(cells: Cell[]): string[] {
  const texts = new Set(cells.filter((cell) => cell !== null).map(textOf));
  return [...texts].filter((text) => text !== "" && text !== "None");
}

for (const [name, fixture] of [["climate.db", climate], ["large.db", large]] as const) {
  Deno.test(`redaction of ${name}: no host, user, folder or argument is in any cell`, () =>
    eachRun(fixture, (before, after) => {
      const hosts = [
        ...column(before, "workflow", "host"),
        ...column(before, "try", "hostname"),
        ...column(before, "node", "hostname"),
      ];
      const args = [
        ...column(before, "task", "task_inputs"),
        ...column(before, "task", "task_outputs"),
      ];
      const secrets = distinct([
        ...hosts,
        ...column(before, "workflow", "user"),
        ...column(before, "workflow", "rundir"),
        ...column(before, "task", "task_stdout"),
        ...column(before, "task", "task_stderr"),
        // `[]` and `()` say nothing and are in other texts as well.
        ...args.filter((cell) => cell !== null && textOf(cell).length > 2),
        "/scratch",
        "alps-2026",
        "/home",
        "runinfo",
      ]);
      assert.ok(secrets.length >= 7, `the recording has only the secrets ${secrets}`);
      const lines = distinct(after.flatMap(({ rows }) => rows.flat())).join("\n");
      assert.deepStrictEqual(secrets.filter((secret) => lines.includes(secret)), []);
      assert.deepStrictEqual(distinct(column(after, "task", "task_inputs")), []);
      assert.deepStrictEqual(distinct(column(after, "task", "task_outputs")), []);
      assert.deepStrictEqual(distinct(column(after, "workflow", "host")), ["host-1"]);
      assert.deepStrictEqual(distinct(column(after, "workflow", "user")), ["user-1"]);
      assert.deepStrictEqual(distinct(column(after, "workflow", "rundir")), ["/…"]);
    }));

  Deno.test(`redaction of ${name}: everything else is as it was`, () =>
    eachRun(fixture, (before, after) => {
      const changed = new Set<string>();
      const tables = new Map(before.map(({ table, columns }) => [table, columns]));
      for (const [table, columns] of tables) {
        for (const name of columns) {
          const [was, is] = [column(before, table, name), column(after, table, name)];
          assert.deepStrictEqual(is.length, was.length, `rows of ${table}.${name}`);
          if (is.some((cell, i) => cell !== was[i])) changed.add(`${table}.${name}`);
        }
      }
      const allowed = new Set([
        "workflow.host",
        "workflow.user",
        "workflow.rundir",
        "task.task_inputs",
        "task.task_outputs",
        "task.task_stdout",
        "task.task_stderr",
        "try.hostname",
        "try.task_fail_history",
        "node.hostname",
      ]);
      assert.deepStrictEqual([...changed].filter((name) => !allowed.has(name)), []);
    }));
}

Deno.test("redaction: names stand for the same thing everywhere", async () => {
  assert.deepStrictEqual(
    await redacted("WorkerLost(3, 'nid0007'): NID0007.site.example:8080 lost contact with vm"),
    "WorkerLost(3, 'host-1'): host-1:8080 lost contact with host-2",
  );
  assert.deepStrictEqual(
    await redacted("login01 asked login01.site.example"),
    "host-3 asked host-3",
  );
  assert.deepStrictEqual(await redacted("io1.site.example is down"), "io1.domain is down");
  assert.deepStrictEqual(
    await redacted("sent by ada to ADA@vm"),
    "sent by user-1 to user-1@host-2",
  );
});

Deno.test("redaction: short names are not found inside words", async () => {
  const text = "Canada's vmstat: adapter vm2 failed";
  assert.deepStrictEqual(await redacted(text), text);
});

Deno.test("redaction: names behind the escapes of Python's repr are found", async () => {
  assert.deepStrictEqual(
    await redacted(String.raw`'line\nvm\tada\x1b[0m\u2028vm'`),
    String.raw`'line\nhost-2\tuser-1\x1b[0m\u2028host-2'`,
  );
});

Deno.test("redaction: paths go with their basenames, and what is around them stays", async () => {
  const texts: [string, string][] = [
    ['File "/home/bob/my app/step.py", line 12, in fold', 'File "/…", line 12, in fold'],
    ["/home/bob/step.py:12: Error", "/…:12: Error"],
    ["see /scratch/climate group/run 2/out.txt now", "see /… now"],
    ["PATH=/opt/a/bin:/opt/b/bin --out=/tmp/x(1).csv", "PATH=/… --out=/…"],
    ["no ../data/secret.csv and no ~bob/notes", "no /… and no /…"],
    [String.raw`C:\Users\bob\x.txt and \\srv\share\y`, "/… and /…"],
    [String.raw`'a\n/home/bob/x\nb'`, String.raw`'a\n/…\nb'`],
    ["https://bob:pw@files.example/x?token=1", "https:/…"],
    ["OSError(5, 'Input/output error') at 3/4", "OSError(5, 'Input/output error') at 3/4"],
    ["1 / 2 and a/", "1 / 2 and /…"],
  ];
  for (const [text, expected] of texts) {
    assert.deepStrictEqual(await redacted(text), expected, text);
  }
});

Deno.test("redaction: addresses of the network and of mail go", async () => {
  assert.deepStrictEqual(
    await redacted("to 10.1.22.3:5432, fe80::1%eth0 and bob.b@lab.example; at 12:30:45, 1.2.3"),
    "to address:5432, address%eth0 and user; at 12:30:45, 1.2.3",
  );
});

Deno.test("redaction: managers with the same name but for a host stay two", async () => {
  const [batchOfNodes] = await collect(redact(given(
    batch("node", ["hostname", "uid"], ["ci", "/a/one"], ["ci", "/b/two"], ["ci", "ddca77ceab0a"]),
  )));
  assert.deepStrictEqual(batchOfNodes.rows.map((row) => row[1]), [
    "manager-1",
    "manager-2",
    "ddca77ceab0a",
  ]);
});

Deno.test("redaction: bytes are read as the pages read them", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const [rows] = await collect(redact(given(
    batch("try", ["hostname", "task_fail_history", "task_id"], [
      bytes("gpu-a"),
      bytes("on gpu-a"),
      7n,
    ]),
  )));
  assert.deepStrictEqual(rows.rows.map((row) => row.map(textOf)), [["host-1", "on host-1", "7"]]);
});

Deno.test("redaction: a text of 1 MB without an end takes no time to speak of", async () => {
  for (const piece of ["a", "/", "\\", "'/", "@", "1.", ":", "ada", "nid", "~/x "]) {
    const text = piece.repeat(1_000_000 / piece.length);
    const result = await redacted(text);
    assert.ok(result.length <= text.length * 3, `${piece} grew to ${result.length}`);
  }
});

Deno.test("redaction: generated secrets at odd places do not slip through", async () => {
  const letters = "bcdfghjkmnpqrstvwxz";
  const places = [
    "X",
    "(X)",
    "'X'",
    'repr("X")',
    "a\nX\tb",
    String.raw`'a\nX\nb'`,
    "user=X;",
    "X's",
    "<X>",
    "X:22",
    "_X_",
    "-X-",
    "é X é",
    "\u202eX\u202c",
    "X,X",
    "[X, 1]",
    "\u0000X\u001b[0m",
    "</script>X",
    "{'k': 'X'}",
    "x".repeat(300) + " X",
  ];
  for (let seed = 1; seed <= 60; seed++) {
    const below = seeded(seed);
    const word = (length: number) =>
      Array.from({ length }, () => letters[below(letters.length)]).join("");
    const name = () => word(2 + below(9)) + (below(2) ? String(10 + below(90)) : "");
    const hosts = Array.from(
      { length: 1 + below(30) },
      () => name() + (below(3) ? "" : `.${word(4)}.${word(3)}`),
    );
    const user = name();
    const folder = `/${word(4)}/${word(3)} ${word(3)}/${word(5)}`;
    const secrets = [...hosts, user, folder];
    const odd = () => {
      const secret = secrets[below(secrets.length)];
      const shown = below(3) === 0 ? secret.toUpperCase() : secret;
      const place = places[below(places.length)];
      return place.replaceAll("X", () => secret === folder ? folder : shown);
    };
    const rows = (width: number) =>
      Array.from({ length: 8 }, () => Array.from({ length: width }, odd));
    const tables = [
      batch("status", ["task_status_name", "timestamp"], ...rows(2)),
      batch("block", ["executor_label", "block_id", "job_id", "status"], ...rows(4)),
      batch(
        "task",
        ["task_memoize", "task_inputs", "task_outputs", "task_stdout", "task_depends"],
        ...rows(5),
      ),
      batch(
        "try",
        ["hostname", "task_executor", "task_fail_history", "of_later_versions"],
        ...hosts.map((host) => [host, odd(), odd(), odd()]),
      ),
      batch("workflow", ["host", "user", "rundir", "workflow_version"], [
        hosts[0],
        user,
        folder,
        odd(),
      ]),
    ];
    const result = said(await collect(redact(given(...tables))));
    const found = result.filter((line) =>
      secrets.some((secret) => line.slice(line.indexOf(": ")).toLowerCase().includes(secret))
    );
    assert.deepStrictEqual(found, [], `seed ${seed}, secrets ${secrets}`);
  }
});
