// What comes from files and senders moves no cursor and turns no line round on a terminal.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { printable } from "../../printable.ts";
import { ProgressLine } from "../../cli/progress_line.ts";
import { lineOf } from "../../say.ts";
import { flatTrace } from "../import/helpers.ts";
import { climate } from "../support/fixtures.ts";
import { runCli, startViewer } from "../support/server.ts";

/** Clears a screen, sets a title, rings, goes back, turns round, and begins a line of its own. */
const EVIL = "evil\x1b[2J\x1b]0;title\x07\r\x9b1m\u202e\u2066\u2028\u0085\x7f\nparsloscope: forged";
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

function assertPrintable(text: string): void {
  assert.ok(!UNPRINTABLE.test(text), JSON.stringify(text));
  assert.ok(!/^parsloscope: forged/m.test(text), text);
}

Deno.test("printed: every character that is not seen is spelled out, all others stay", () => {
  assert.equal(printable("a\x00\x1b\x7f\x9b\n\t\r"), "a\\x00\\x1b\\x7f\\x9b\\n\\t\\r");
  assert.equal(printable("\u202e\u2069\u2028\ufeff\u200b"), "\\u202e\\u2069\\u2028\\ufeff\\u200b");
  assert.equal(printable("\u{e0041}\ud800x"), "\\u{e0041}\\ud800x");
  for (const text of ["é漢字 👩‍🔬 a\\b C:\\dir — “x”", "می‌خواهم", ""]) {
    assert.equal(printable(text), text);
  }
  const long = lineOf("x".repeat(1e6));
  assert.ok(long.length < 10_000 && /… \(992,000 more characters\)$/.test(long), long.slice(-50));
});

Deno.test("printed: names of runs and of workflows, of an export", async () => {
  const fixture = await climate();
  try {
    const database = new DatabaseSync(fixture.path);
    database.prepare("UPDATE workflow SET workflow_name = ?, time_completed = NULL").run(EVIL);
    database.close();
    const several = await runCli(["export", fixture.path]);
    assert.equal(several.code, 1);
    assert.ok(several.stderr.trim().split("\n").length > 5, "the runs are listed");
    assertPrintable(several.stderr);
    assert.match(several.stderr, /evil\\x1b\[2J/);
    const wrong = await runCli(["export", fixture.path, EVIL + "?"]);
    assertPrintable(wrong.stderr);
    const done = await runCli([
      "export",
      fixture.path,
      "--latest",
      "-o",
      `${fixture.folder}/r.html`,
    ]);
    assert.equal(done.code, 0, done.stderr);
    assertPrintable(done.stderr);
  } finally {
    await fixture.remove();
  }
});

Deno.test("printed: paths and options as they were typed", async () => {
  for (
    const args of [
      ["import", EVIL, `${EVIL}.db`],
      ["visualize", `/tmp/${EVIL}`],
      ["hub", "--digest", EVIL],
      ["export", `--${EVIL}`],
      [EVIL],
    ]
  ) {
    const { code, stderr } = await runCli(args);
    assert.ok(code !== 0);
    assertPrintable(stderr);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
});

Deno.test("printed: what a trace says of itself, and what is wrong with one", async () => {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const good = flatTrace([{ name: EVIL, parents: ["nobody"] }], { executedAt: EVIL })
      .replace('"flat"', JSON.stringify(EVIL))
      .replace('"workflow"', '"createdAt":"2024-05-07T09:30:00Z","workflow"');
    const bad = flatTrace([{ name: EVIL, cores: EVIL }]);
    for (const [text, status] of [[good, 0], [bad, 1], [`{"a":${EVIL}`, 1]] as const) {
      await Deno.writeTextFile(`${folder}/t.json`, text);
      const { code, stdout, stderr } = await runCli(
        ["import", `${folder}/t.json`, `${folder}/out.db`, "--force"],
      );
      assert.equal(code, status, stderr);
      assertPrintable(stdout + stderr);
      assert.match(stdout + stderr, /evil/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("printed: what is wrong with a database that is shown", async () => {
  const fixture = await climate();
  const other = `${fixture.folder}/${EVIL.replaceAll("/", "")}.db`;
  await Deno.writeTextFile(other, "no database ".repeat(99));
  const viewer = await startViewer([fixture.path, other]);
  try {
    await (await fetch(viewer.url)).text();
    assertPrintable(viewer.output());
    assert.match(viewer.output(), /evil\\x1b/);
  } finally {
    await viewer.stop();
    await fixture.remove();
  }
});

Deno.test("printed: the line of progress", () => {
  let text = "";
  let now = 0;
  const terminal = {
    isTerminal: () => true,
    writeSync(bytes: Uint8Array) {
      text += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  };
  const line = new ProgressLine(terminal, `Exporting ${EVIL}`, () => now);
  now = 5000;
  line.update(0.5);
  assertPrintable(text.replace("\r\x1b[K", ""));
});
