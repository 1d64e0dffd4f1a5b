// What a user gets wrong is answered with one sentence that says what to do.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { type Finished, runCli, startViewer } from "../support/server.ts";

function oneSentence(result: Finished, mentions: RegExp): void {
  const said = `exit ${result.code}; stderr:\n${result.stderr}\nstdout:\n${result.stdout}`;
  assert.ok(result.code !== 0, `expected a non-zero exit: ${said}`);
  const lines = result.stderr.trim().split("\n").filter((line) => line.trim() !== "");
  assert.ok(lines.length >= 1, `expected a message on stderr: ${said}`);
  assert.ok(lines.length === 1, `expected one line on stderr: ${said}`);
  for (const text of [result.stderr, result.stdout]) {
    assert.ok(!/^\s+at /m.test(text), `expected no stack trace: ${said}`);
    assert.ok(!/Uncaught/.test(text), `expected no uncaught error: ${said}`);
  }
  assert.ok(mentions.test(result.stderr), `expected ${mentions}: ${said}`);
}

const visualize = (path: string) => runCli(["visualize", path, "-p", "0"]);

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("bad input: a file that is not there", () =>
  inFolder(async (folder) => {
    oneSentence(await visualize(`${folder}/nothing.db`), /nothing\.db/);
    // Looking must not create it, as Parsl's own viewer does.
    assert.ok([...Deno.readDirSync(folder)].length === 0, "the missing file was created");
  }));

Deno.test("bad input: a text file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/notes.txt`;
    const text = "These are notes, not a database.\n".repeat(100);
    await Deno.writeTextFile(path, text);
    oneSentence(await visualize(path), /notes\.txt/);
    assert.ok(await Deno.readTextFile(path) === text, "the text file was changed");
  }));

Deno.test("bad input: an SQLite file of another program", () =>
  inFolder(async (folder) => {
    const path = `${folder}/recipes.db`;
    const database = new DatabaseSync(path);
    database.exec("create table recipe(name text); insert into recipe values ('soup')");
    database.close();
    oneSentence(await visualize(path), /recipes\.db/);
  }));

Deno.test("bad input: a truncated database", () =>
  inFolder(async (folder) => {
    const whole = await climate();
    try {
      const bytes = await Deno.readFile(whole.path);
      const path = `${folder}/truncated.db`;
      // Cut behind the schema, where SQLite notices only when it reads on.
      await Deno.writeFile(path, bytes.subarray(0, 3 * 4096 + 100));
      oneSentence(await visualize(path), /truncated\.db/);
    } finally {
      await whole.remove();
    }
  }));

Deno.test("bad input: a port in use", async () => {
  const database = await climate();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = listener.addr;
    const result = await runCli(["visualize", database.path, "-p", String(port)]);
    oneSentence(result, new RegExp(`${port}[\\s\\S]*--port|--port[\\s\\S]*${port}`));
  } finally {
    listener.close();
    await database.remove();
  }
});

Deno.test("bad input: an amount of memory that is none", async () => {
  for (const text of ["much", "0", "1.5"]) {
    oneSentence(await runCli(["visualize", "--memory", text]), /--memory/);
  }
});

Deno.test("bad input: a port that is none", async () => {
  const database = await climate();
  try {
    oneSentence(await runCli(["visualize", database.path, "-p", "many"]), /port/i);
  } finally {
    await database.remove();
  }
});

Deno.test("bad input: an option that does not exist", async () => {
  oneSentence(await runCli(["visualize", "--colour", "mauve"]), /--colour/);
});

Deno.test("bad input: a command that does not exist", async () => {
  oneSentence(await runCli(["visualise"]), /visualise/);
});

Deno.test("bad input: addresses of what is not there answer 404 with a way on", async () => {
  const database = await climate();
  const viewer = await startViewer([database.path]);
  try {
    const missing = [
      "workflow/no-such-run/",
      "workflow/no-such-run/task/",
      "workflow/no-such-run/task/0",
      "workflow/no-such-run/app/gen",
      "workflow/no-such-run/dag_group_by_apps",
      "workflow/no-such-run/dag_group_by_states",
      "workflow/no-such-run/timeline",
      "workflow/no-such-run/resource_usage",
      `workflow/${CLIMATE_RUN}/task/99999`,
      `workflow/${CLIMATE_RUN}/task/soup`,
      `workflow/${CLIMATE_RUN}/app/no_such_app`,
      "no/such/page",
    ];
    const wrong: string[] = [];
    for (const path of missing) {
      const response = await fetch(`${viewer.url}${path}`);
      const html = await response.text();
      if (response.status !== 404) wrong.push(`/${path}: ${response.status}`);
      else if (!/text\/html/.test(response.headers.get("content-type") ?? "")) {
        wrong.push(`/${path}: not HTML`);
      } else if (!/<h1/.test(html) || !/<a [^>]*href=/.test(html)) {
        wrong.push(`/${path}: no heading or no link`);
      } else if (/^\s+at .*:\d+:\d+/m.test(html)) wrong.push(`/${path}: a stack trace`);
    }
    assert.ok(wrong.length === 0, wrong.join("\n"));
  } finally {
    await viewer.stop();
    await database.remove();
  }
});
