// Short versions of what bench/hub/faults.ts measures at length.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { withDirectory } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { canMount, fullDisk, kills, late, type LoadOptions, lock, type Outcome } from "./faults.ts";
import { nodeMessage } from "./generated.ts";
import { accountsOf, printed, rowsIn, sendDatagrams, startHubProcess, withHub } from "./support.ts";

const LOAD: LoadOptions = { clients: 3, rate: 600, datagramRate: 100, ahead: 2000 };

function nothingLost(outcome: Outcome): void {
  const { lost, doubled, integrity, sent } = outcome;
  assert.ok(sent > 300, `too little was sent to tell anything: ${sent}`);
  assert.deepStrictEqual({ lost, doubled, integrity }, { lost: 0, doubled: 0, integrity: "ok" });
}

Deno.test("faults: killed five times under load, nothing acknowledged is lost or doubled", () =>
  withDirectory(async (directory) => {
    const outcome = await kills(join(directory, "monitoring.db"), 5, LOAD);
    nothingLost(outcome);
    assert.deepStrictEqual(outcome.lostAtKill, 0, "acknowledged rows missing right after a kill");
    assert.deepStrictEqual(outcome.early, 1, "kills during the start");
  }));

Deno.test("faults: an exclusive lock holds up, is told of, and costs nothing", () =>
  withDirectory(async (directory) => {
    const outcome = await lock(join(directory, "monitoring.db"), "writer", 1.5, LOAD);
    nothingLost(outcome);
    assert.ok(outcome.states.includes("locked"), `states: ${outcome.states}`);
    assert.ok(outcome.lag > 0, "no wait is told of");
    assert.deepStrictEqual(outcome.dropped, 0, "datagrams dropped");
    assert.deepStrictEqual(outcome.datagramRows, outcome.datagrams, "rows of datagrams");
  }));

Deno.test("faults: a reader in a long transaction holds nothing up", () =>
  withDirectory(async (directory) => {
    const outcome = await lock(join(directory, "monitoring.db"), "reader", 1, LOAD);
    nothingLost(outcome);
    assert.deepStrictEqual(outcome.states, ["writing"]);
    assert.deepStrictEqual(outcome.datagramRows + outcome.dropped, outcome.datagrams, "datagrams");
  }));

const mountable = await canMount();
if (!mountable) console.log("skipped: the full disk, for no tmpfs can be mounted here");

Deno.test({
  name: "faults: a full disk is told of, and costs nothing once there is room",
  ignore: !mountable,
  fn: async () => {
    // Many times of what fills the disk, and less than the room that there is afterwards.
    const outcome = await fullDisk(0.5, { ...LOAD, rate: 3000, ahead: 10_000 });
    nothingLost(outcome);
    assert.ok(outcome.states.includes("full"), `states: ${outcome.states}`);
    assert.deepStrictEqual(outcome.datagramRows + outcome.dropped, outcome.datagrams, "datagrams");
  },
});

Deno.test("faults: a hub that starts late and is restarted in the middle loses nothing", () =>
  withDirectory(async (directory) => {
    nothingLost(await late(join(directory, "monitoring.db"), 0.3, { ...LOAD, datagramRate: 0 }));
  }));

/** Holds a database exclusively. */
function holder(database: string): DatabaseSync {
  const connection = new DatabaseSync(database, { timeout: 5000 });
  connection.exec("BEGIN EXCLUSIVE");
  return connection;
}

Deno.test("faults: a stop during a lock waits for it and commits all", () =>
  withHub({ http: true }, async (hub) => {
    const lane = new LaneClient(hub.place);
    const held = holder(hub.database);
    try {
      for (let n = 1; n <= 50; n++) lane.send(...nodeMessage("waits", n));
      await sendDatagrams(hub.place, [51, 52, 53].map((n) => nodeMessage("waits", n)));
      await eventually(async () => {
        const { writer, queue } = await accountsOf(hub);
        return writer.state === "locked" && queue.messages === 53;
      }, "the lock does not show");
      const stopped = hub.stop();
      await eventually(
        () => Promise.resolve(/locked by another program[^]*53 messages/.test(hub.output())),
        "the stop does not say what it waits for",
      );
      held.exec("ROLLBACK");
      held.close();
      const output = await stopped;
      assert.deepStrictEqual(printed(output, "written"), 53);
      assert.deepStrictEqual(printed(output, "not written"), 0);
      assert.deepStrictEqual(rowsIn(hub.database, "node"), 53);
      await lane.flush();
    } finally {
      if (held.isOpen) held.close();
      lane.abandon();
    }
  }));

Deno.test("faults: a Ctrl-C while it stops leaves at once; the lane's messages come again", () =>
  withHub({ http: true }, async (hub) => {
    const lane = new LaneClient(hub.place);
    const held = holder(hub.database);
    try {
      for (let n = 1; n <= 50; n++) lane.send(...nodeMessage("again", n));
      await eventually(
        async () => (await accountsOf(hub)).queue.messages === 50,
        "the messages did not come",
      );
      hub.child.kill("SIGTERM");
      // Its stop has begun seconds ago: an earlier Ctrl-C could be the same one, given twice.
      await eventually(
        () => Promise.resolve(/a second Ctrl-C leaves at once/.test(hub.output())),
        "the stop does not say what it waits for",
      );
      assert.deepStrictEqual(lane.acknowledged, 0, "acknowledged during the lock");
      hub.child.kill("SIGINT");
      assert.deepStrictEqual((await hub.child.status).code, 130);
      held.exec("ROLLBACK");
      held.close();
      const next = await startHubProcess(hub.database, { port: hub.place.port });
      try {
        await lane.flush();
        assert.deepStrictEqual(rowsIn(hub.database, "node"), 50);
      } finally {
        await next.kill();
      }
    } finally {
      if (held.isOpen) held.close();
      lane.abandon();
    }
  }));

Deno.test("faults: a frame of 60 MB, and thousands of runs at once", () =>
  withHub({ http: true }, async (hub) => {
    const lane = new LaneClient(hub.place);
    try {
      const [type, payload] = nodeMessage("large", 1);
      lane.send(type, { ...payload, python_v: "3".repeat(60_000_000) });
      for (let n = 1; n <= 3000; n++) lane.send(...nodeMessage(`run-${n}`, n));
      await lane.flush();
      const { messages, runs, runsForgotten } = await accountsOf(hub);
      assert.deepStrictEqual(messages.written, 3001);
      // The oldest are forgotten, so that the accounts stay small.
      assert.deepStrictEqual([runs.length, runsForgotten], [1000, 2001]);
      assert.ok(runs.every((run) => run.received === 1 && run.written <= 1), "counts of runs");
      assert.deepStrictEqual(rowsIn(hub.database, "workflow"), 3001);
      assert.deepStrictEqual(rowsIn(hub.database, "node WHERE length(python_v) = 60000000"), 1);
    } finally {
      lane.abandon();
    }
  }));

Deno.test("faults: without a write-ahead log, a lock does not silence the accounts", () =>
  withHub({ http: true, args: ["--journal-mode", "delete"] }, async (hub) => {
    const lane = new LaneClient(hub.place);
    lane.send(...nodeMessage("delete", 1));
    await lane.flush();
    const held = holder(hub.database);
    try {
      for (let n = 2; n <= 20; n++) lane.send(...nodeMessage("delete", n));
      await eventually(
        async () => (await accountsOf(hub)).writer.state === "locked",
        "the lock does not show",
      );
      held.exec("ROLLBACK");
      held.close();
      await lane.flush();
      const { writer, messages } = await accountsOf(hub);
      assert.deepStrictEqual([writer.state, messages.written], ["writing", 20]);
    } finally {
      if (held.isOpen) held.close();
      lane.abandon();
    }
  }));
