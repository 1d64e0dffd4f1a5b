// What workers tell of themselves goes through a hub as all messages do: by every way, once, and what
// is wrong with some of it costs nothing else.

import assert from "node:assert/strict";
import { LaneClient, type MessageType } from "../../clients/typescript/mod.ts";
import { eventually } from "../support/eventually.ts";
import * as own from "../support/own_messages.ts";
import { accountsOf, query, sendDatagrams, withHub } from "./support.ts";

Deno.test("own parts: a hub writes those that come, and keeps apart what is wrong with some", () =>
  withHub({ http: true }, async (hub) => {
    const lane = new LaneClient(hub.place);
    for (const [type, payload] of [own.workflow(), own.task("launched", 0)]) {
      lane.send(type as MessageType, payload);
    }
    const bundle = own.bundle([
      own.began(1),
      own.ended(2, { task_id: 1 }, { began: own.at(1) }),
      own.ended(3, { task_id: 2 }, { totals: { cpu_user_s: "much" } }),
      own.node(4, "c1", {}, [own.gpu(0)]),
    ]);
    const raised = own.ended(5, {}, { ended: "raised", traceback: { text: "E: é\nf", cut: 0 } });
    lane.send(bundle[0] as MessageType, bundle[1]);
    const datagrams = [bundle, raised, raised] as unknown as [MessageType, unknown][];
    await sendDatagrams(hub.place, datagrams);
    await lane.close();
    await eventually(
      async () => (await accountsOf(hub)).messages.decoded === 6,
      "not all messages came",
    );
    await eventually(
      async () => (await accountsOf(hub)).queue.messages === 0,
      "what came is not written",
    );
    const { messages } = await accountsOf(hub);
    assert.deepStrictEqual(
      [messages.malformed, messages.quarantined],
      [2, 2],
      "once for each body",
    );
    await hub.stop();
    const rows = (sql: string) => query(hub.database, sql).map((row) => Object.values(row));
    const totals = "SELECT task_id, ended, cpu_user_s FROM parsloscope_try_totals ORDER BY 1";
    assert.deepStrictEqual(rows(totals), [[0, "raised", 1.25], [1, "returned", 1.25]]);
    assert.deepStrictEqual(rows("SELECT text FROM parsloscope_traceback"), [["E: é\nf"]]);
    assert.deepStrictEqual(rows("SELECT count(*) FROM parsloscope_node_sample"), [[1]]);
    assert.deepStrictEqual(rows("SELECT count(*) FROM parsloscope_gpu_sample"), [[1]]);
    // The end whose totals are wrong is an end all the same.
    const states = "SELECT task_id, task_status_name FROM status WHERE task_id > 0 ORDER BY 1, 2";
    assert.deepStrictEqual(rows(states), [
      ...[[1, "running"], [1, "running_ended"], [2, "running_ended"]],
    ]);
    const quarantine = await Deno.readTextFile(`${hub.database}.quarantine.jsonl`);
    assert.match(quarantine, /1 of 4 messages in one: cpu_user_s of a try-totals message/);
  }));
