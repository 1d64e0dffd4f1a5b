// What the hub does not keep, or does not list any more, it says.
import assert from "node:assert/strict";
import { changeOf } from "../../hub/decode/changes.ts";
import { FsRadio } from "../../hub/radio/fs_radio.ts";
import { Ledger } from "../../hub/ingest/ledger.ts";
import { Quarantine } from "../../hub/ingest/quarantine.ts";
import type { Value } from "../../hub/decode/value.ts";
import { prometheus } from "../../model/hub/prometheus.ts";
import { withDirectory } from "../store/helpers.ts";
import { healthy } from "../support/hub_accounts.ts";

Deno.test("hub: runs that are not counted one by one any more are counted together", () => {
  const ledger = new Ledger(new Map());
  const accounts = () => ledger.accounts(new Map(), { messages: 0, bytes: 0 }, null);
  for (let n = 0; n < 1000; n++) ledger.run(`run-${n}`).lastMessage = n;
  assert.deepStrictEqual([accounts().runs.length, accounts().runsForgotten], [1000, 0]);
  for (let n = 1000; n < 1500; n++) ledger.run(`run-${n}`).lastMessage = n;
  assert.deepStrictEqual([accounts().runs.length, accounts().runsForgotten], [1000, 500]);
  // One that comes back is listed again, and another is not.
  for (let again = 0; again < 3; again++) ledger.run("run-7").lastMessage = 5000 + again;
  assert.deepStrictEqual([accounts().runs.length, accounts().runsForgotten], [1000, 500]);
  for (let n = 0; n < 30_000; n++) ledger.run(`other-${n}`).lastMessage = 9000 + n;
  assert.equal(accounts().runs.length + accounts().runsForgotten, 31_500);
  const metrics = prometheus({ ...healthy(0), ...accounts() });
  assert.match(metrics, /^parsloscope_runs_forgotten 30500$/m);
});

Deno.test("hub: a radio's faults are said one by one until it says that further ones are not", () =>
  withDirectory(async (folder) => {
    const reports: string[] = [];
    const radio = new FsRadio({
      folder,
      take: () => {},
      refuse: () => {},
      report: (text) => reports.push(text),
      maxFile: 1,
      perScan: 5000,
    });
    const inbox = `${folder}/monitor-fs-radio/new`;
    await Deno.mkdir(inbox, { recursive: true });
    for (let n = 0; n < 1100; n++) {
      const name = crypto.randomUUID();
      await Deno.writeTextFile(`${inbox}/${name}`, "too large");
    }
    while (await radio.scan() > 0);
    assert.equal(reports.length, 1001);
    assert.match(reports[999], /is not taken/);
    assert.match(reports[1000], /^More than 1000 such things .*: further ones are not\.$/);
    await radio.stop();
  }));

Deno.test("hub: a text that is cut ends in an ellipsis", () =>
  withDirectory(async (folder) => {
    const quarantine = new Quarantine(`${folder}/q.jsonl`);
    const bytes = new Uint8Array(1);
    quarantine.add({ source: "s".repeat(2000), reason: "r".repeat(2001), bytes });
    quarantine.flush();
    const kept = JSON.parse(await Deno.readTextFile(`${folder}/q.jsonl`));
    assert.equal(kept.source, "s".repeat(2000));
    assert.equal(kept.reason, `${"r".repeat(2000)}…`);
    for (const [value, said] of [["x".repeat(41), `"${"x".repeat(40)}…"`], ["x", '"x"']]) {
      const fields = new Map<Value, Value>([["run_id", "r"], ["task_id", value]]);
      assert.throws(
        () => changeOf({ kind: "resource", fields, runId: "r" }),
        new RegExp(`is the text ${said} where`),
      );
    }
  }));
