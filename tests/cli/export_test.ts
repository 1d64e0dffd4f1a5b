// `parsloscope export`: which run, to where, and what it says when that cannot be.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { inflateSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import { withDirectory } from "../store/helpers.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { allowed, type Finished, ROOT, runCli } from "../support/server.ts";

/** A folder with climate.db as runinfo/monitoring.db, changed by some SQL. */
function inFolder(test: (folder: string, database: string) => Promise<void>, sql = "") {
  return withDirectory(async (folder) => {
    await Deno.mkdir(`${folder}/runinfo`);
    const database = `${folder}/runinfo/monitoring.db`;
    await Deno.copyFile(`${ROOT}tests/fixtures/climate.db`, database);
    await Deno.chmod(database, 0o644);
    if (sql !== "") {
      const connection = new DatabaseSync(database, { enableForeignKeyConstraints: false });
      connection.exec(sql);
      connection.close();
    }
    await test(folder, database);
  });
}

function exported(folder: string, ...args: string[]): Promise<Finished> {
  return runCli(["export", ...args], { cwd: folder });
}

function said(result: Finished): string {
  return `exit ${result.code}; stderr:\n${result.stderr}\nstdout:\n${result.stdout.slice(0, 500)}`;
}

function works(result: Finished): void {
  assert.deepStrictEqual(result.code, 0, said(result));
}

function fails(result: Finished, code: number, ...mentions: RegExp[]): void {
  assert.deepStrictEqual(result.code, code, said(result));
  for (const pattern of mentions) {
    assert.ok(pattern.test(result.stderr), `${pattern} is not said: ${said(result)}`);
  }
  assert.ok(!/^\s+at |Uncaught/m.test(result.stderr), `a stack trace: ${said(result)}`);
  assert.deepStrictEqual(result.stdout, "", "standard output");
}

function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((n) => n !== "runinfo")
    .sort();
}

function isReport(text: string, run = CLIMATE_RUN): void {
  assert.ok(/^<!DOCTYPE html>/i.test(text), `no HTML: ${text.slice(0, 80)}`);
  assert.ok(/<\/html>\s*$/.test(text), `it does not end: ${text.slice(-80)}`);
  assert.ok(text.includes(run), `it does not name the run ${run}`);
}

Deno.test("cli export: a run by its id, with the file's name made of it", () =>
  inFolder(async (folder) => {
    const result = await exported(folder, CLIMATE_RUN);
    works(result);
    assert.deepStrictEqual(result.stdout, "");
    assert.deepStrictEqual(files(folder), ["climate-udp-39fb8bab.html"]);
    assert.ok(
      /^climate-udp-39fb8bab\.html: [\d.,]+ [KM]iB, written in .+$/m.test(result.stderr),
      said(result),
    );
    // Nothing but what is said at the end: this is no terminal.
    assert.deepStrictEqual(result.stderr.trim().split("\n").length, 1, said(result));
    isReport(await Deno.readTextFile(`${folder}/climate-udp-39fb8bab.html`));
  }));

Deno.test("cli export: a run by the beginning of its id, into a folder that is there", () =>
  inFolder(async (folder, database) => {
    await Deno.mkdir(`${folder}/reports`);
    works(await exported(folder, database, "39fb", "-o", "reports"));
    isReport(await Deno.readTextFile(`${folder}/reports/climate-udp-39fb8bab.html`));
  }));

Deno.test("cli export: a workflow's name means the newest run of it, and it says so", () =>
  inFolder(async (folder) => {
    const result = await exported(folder, "again", "-o", "r.html");
    works(result);
    assert.ok(
      /3 workflows are named again; this is the newest, fab42238-/.test(result.stderr),
      said(result),
    );
    isReport(await Deno.readTextFile(`${folder}/r.html`), "fab42238-aa33-4ae9-877e-bb55bb825ac8");
  }, "UPDATE workflow SET workflow_name = 'again' WHERE rowid <= 3"));

Deno.test("cli export: --latest is the run that began last; the only run needs no name", async () => {
  await inFolder(async (folder) => {
    works(await exported(folder, "--latest", "-o", "r.html"));
    isReport(await Deno.readTextFile(`${folder}/r.html`));
  }, `UPDATE workflow SET time_began = '2027-01-01 00:00:00' WHERE run_id = '${CLIMATE_RUN}'`);
  await inFolder(async (folder) => {
    works(await exported(folder, "-o", "r.html"));
    isReport(await Deno.readTextFile(`${folder}/r.html`));
  }, `DELETE FROM workflow WHERE run_id != '${CLIMATE_RUN}'`);
});

Deno.test("cli export: without a run it lists those that there are", () =>
  inFolder(async (folder) => {
    const result = await exported(folder);
    fails(result, 1, /7 workflows/, /--latest/, /--all -o/);
    assert.ok(
      result.stderr.includes(`${CLIMATE_RUN}  2026-11-23 23:46:11  climate-udp`),
      said(result),
    );
    fails(await exported(folder, "soup"), 1, /"soup"/, /climate-udp/);
    assert.deepStrictEqual(files(folder), []);
  }));

Deno.test("cli export: an id's beginning that several runs share", () =>
  inFolder(async (folder) => {
    fails(await exported(folder, "x"), 1, /7 workflows/, /begin with x/);
  }, "UPDATE workflow SET run_id = 'x' || run_id"));

Deno.test("cli export: a database without a run, and one that is not there", async () => {
  await inFolder(async (folder) => {
    fails(await exported(folder), 1, /no workflow yet/);
    fails(await exported(folder, "--all", "-o", "d"), 1, /no workflow yet/);
    fails(await exported(folder, "other.db"), 1, /other\.db/);
    assert.deepStrictEqual(files(folder), []);
  }, "DELETE FROM workflow");
});

Deno.test("cli export: wrong words are the user's to put right", () =>
  inFolder(async (folder) => {
    fails(await exported(folder, "a", "b", "c"), 2, /a database and a run/);
    fails(await exported(folder, "39fb", "--latest"), 2, /--latest/);
    fails(await exported(folder, "--all"), 2, /-o FOLDER/);
    fails(await exported(folder, "--all", "-o", "-"), 2, /-o FOLDER/);
    fails(await exported(folder, "39fb", "--theme", "mauve"), 2, /auto, light, dark/);
    fails(await exported(folder, "39fb", "-o", ""), 2, /name of a file/);
    assert.deepStrictEqual(files(folder), []);
  }));

Deno.test("cli export: nothing is overwritten without --force, and only reports with it", () =>
  inFolder(async (folder, database) => {
    const path = `${folder}/r.html`;
    await Deno.writeTextFile(path, "<!DOCTYPE html>old");
    fails(await exported(folder, "39fb", "-o", "r.html"), 1, /r\.html is there already/, /--force/);
    assert.deepStrictEqual(await Deno.readTextFile(path), "<!DOCTYPE html>old");
    works(await exported(folder, "39fb", "-o", "r.html", "--force"));
    isReport(await Deno.readTextFile(path));
    const size = (await Deno.stat(database)).size;
    fails(await exported(folder, "39fb", "-o", database, "--force"), 1, /no HTML file/);
    assert.deepStrictEqual((await Deno.stat(database)).size, size, "the database");
    assert.deepStrictEqual(files(folder), ["r.html"]);
  }));

Deno.test("cli export: places where nothing can be written", () =>
  inFolder(async (folder) => {
    fails(await exported(folder, "39fb", "-o", "no/such/r.html"), 1, /There is no folder no\/such/);
    if (Deno.build.os === "windows") return;
    fails(await exported(folder, "39fb", "-o", "/dev/null", "--force"), 1, /is no file/);
    assert.deepStrictEqual(files(folder), []);
  }));

Deno.test("cli export: -o - writes the report to standard output and nothing else", () =>
  inFolder(async (folder) => {
    const result = await exported(folder, "39fb", "-o", "-");
    works(result);
    isReport(result.stdout);
    assert.ok(/^standard output: /m.test(result.stderr), said(result));
    assert.deepStrictEqual(files(folder), []);
  }));

function shell(folder: string, line: string): Promise<Deno.CommandOutput> {
  return new Deno.Command("sh", {
    args: ["-c", line],
    cwd: folder,
    env: { NO_COLOR: "1", DENO: Deno.execPath(), ROOT },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
}

const EXPORT =
  '"$DENO" run -q --no-prompt -P=export --config "$ROOT/deno.json" "$ROOT/main.ts" export 39fb -o -';

Deno.test({
  name: "cli export: who reads standard output may leave; a full disk is said",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      const piped = await shell(folder, `{ ${EXPORT}; echo "exit $?" >&2; } | head -c 15`);
      assert.deepStrictEqual(new TextDecoder().decode(piped.stdout), "<!DOCTYPE html>");
      assert.deepStrictEqual(new TextDecoder().decode(piped.stderr).trim(), "exit 141");
      const full = await shell(folder, `${EXPORT} > /dev/full`);
      assert.deepStrictEqual(full.code, 1);
      assert.ok(
        /^parsloscope: Standard output cannot be written \(No space left/.test(
          new TextDecoder().decode(full.stderr),
        ),
        new TextDecoder().decode(full.stderr),
      );
    }),
});

Deno.test("cli export: Ctrl-C leaves a whole report or nothing", () =>
  inFolder(async (folder) => {
    for (const wait of [300, 600, 700, 800, 900, 1500]) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [...allowed("export"), "export", "39fb"],
        cwd: folder,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      await sleep(wait);
      try {
        child.kill("SIGINT");
      } catch {
        // It was over already.
      }
      const { code } = await child.status;
      // The signal may come between the last byte and the end of the command.
      const report = "climate-udp-39fb8bab.html";
      const made = files(folder);
      assert.ok(code !== 0 || made.length > 0, `nothing after ${wait} ms`);
      if (made.length === 0) continue;
      assert.deepStrictEqual(made, [report], `after ${wait} ms`);
      const text = await Deno.readTextFile(`${folder}/${report}`);
      assert.ok(text.endsWith("</body></html>\n"), `half a report after ${wait} ms`);
      await Deno.remove(`${folder}/${report}`);
    }
  }));

Deno.test("cli export: --all writes every run and a page that lists them", () =>
  inFolder(async (folder) => {
    works(await exported(folder, "--all", "-o", "all", "--title", "Alps <2026>", "--redact"));
    const names = files(`${folder}/all`);
    assert.deepStrictEqual(names.length, 8, names.join());
    const index = await Deno.readTextFile(`${folder}/all/index.html`);
    assert.ok(index.includes("<h1>Alps &lt;2026></h1>"), "the title");
    assert.ok(index.includes("default-src 'none'"), "the policy");
    assert.ok(!/<script|https?:/.test(index), "a script or an address");
    for (const name of names) {
      if (name !== "index.html") {
        assert.ok(index.includes(`href="./${name}"`), `no link to ${name}`);
      }
    }
    fails(await exported(folder, "--all", "-o", "all"), 1, /is there already/);
    assert.deepStrictEqual(files(`${folder}/all`), names);
    works(await exported(folder, "--all", "-o", "all", "--force"));
  }, "UPDATE workflow SET workflow_name = 'same'"));

Deno.test("cli export: a run without an end is warned of", () =>
  inFolder(async (folder) => {
    const result = await exported(folder, "39fb", "-o", "r.html");
    works(result);
    assert.ok(
      /^climate-udp has no end; it was last heard of at 2026-/m.test(result.stderr),
      said(result),
    );
  }, "UPDATE workflow SET time_completed = NULL"));

Deno.test("cli export: title and theme are the user's", () =>
  inFolder(async (folder) => {
    works(
      await exported(
        folder,
        "39fb",
        "-o",
        "r.html",
        "--title",
        "A </title> & B",
        "--theme",
        "dark",
      ),
    );
    const text = await Deno.readTextFile(`${folder}/r.html`);
    const [, title] = /<title>([^<]*)<\/title>/.exec(text) ?? [];
    assert.ok(/A &lt;\/title(?:>|&gt;) &amp; B/.test(title ?? ""), `the title is ${title}`);
    assert.ok(/<html[^>]*data-theme="dark"/.test(text), text.slice(0, 200));
  }));

/** All that a report says: its text, and its parts inflated. */
function everything(html: string): string {
  const parts = [...html.matchAll(/<script[^>]*data-part="data\/[^>]*>([^<]*)</g)];
  assert.ok(parts.length > 0, "the report has no data");
  const inflated = parts.map(([, text]) =>
    new TextDecoder("latin1").decode(inflateSync(Uint8Array.fromBase64(text)))
  );
  return [html, ...inflated].join("\n");
}

Deno.test("cli export: --redact leaves no secret in the whole file", () =>
  inFolder(
    async (folder) => {
      const secrets = ["qwmachine", "qwada", "qwfolder", "qwarg", "alps-2026", folder];
      works(await exported(folder, "39fb", "-o", "plain.html"));
      works(await exported(folder, "39fb", "-o", "redacted.html", "--redact"));
      const plain = everything(await Deno.readTextFile(`${folder}/plain.html`));
      const redacted = everything(await Deno.readTextFile(`${folder}/redacted.html`));
      for (const secret of secrets.slice(0, 4)) {
        assert.ok(
          plain.includes(secret),
          `the report does not say ${secret}: this test shows nothing`,
        );
      }
      assert.deepStrictEqual(secrets.filter((secret) => redacted.includes(secret)), []);
    },
    `
    UPDATE workflow SET host = 'qwmachine', user = 'qwada', rundir = '/x/qwfolder/000';
    UPDATE try SET hostname = 'qwmachine', task_fail_history =
      replace(task_fail_history, 'always fails', 'fails on qwmachine of qwada in /x/qwfolder/a');
    UPDATE node SET hostname = 'qwmachine';
    UPDATE task SET task_inputs = '[qwarg]';
  `,
  ));
