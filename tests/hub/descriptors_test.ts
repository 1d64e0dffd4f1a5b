// A hub that may open few files: whoever opens many connections neither ends it nor stops its commits.

import assert from "node:assert/strict";
import { DatagramSender, LaneClient } from "../../clients/typescript/mod.ts";
import { descriptorLimit } from "../../hub/descriptors.ts";
import { mostConnections } from "../../hub/lane/crowd.ts";
import { eventually } from "../support/eventually.ts";
import { scriptWithLimit } from "../support/limited.ts";
import { accountsOf, type HubProcess, rowsIn, withHub } from "./support.ts";

const ignore = Deno.build.os !== "linux";

/** Opens so many connections, or fewer where no more are taken. */
async function crowd(port: number, count: number): Promise<Deno.TcpConn[]> {
  const open: Deno.TcpConn[] = [];
  while (open.length < count) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => null);
    if (conn === null) break;
    open.push(conn);
  }
  return open;
}

/** The end of a run: a row for each number. */
function note(number: number): unknown {
  return {
    run_id: `run-${number}`,
    time_completed: 1e9 + number,
    tasks_completed_count: 0,
    tasks_failed_count: 0,
  };
}

Deno.test({
  name: "descriptors: the lane keeps below the limit on open files",
  ignore,
  fn: async () => {
    const said = await scriptWithLimit("ulimit -n 300", import.meta.url, [
      'import { descriptorLimit } from "../../hub/descriptors.ts";',
      'import { mostConnections } from "../../hub/lane/crowd.ts";',
      "console.log(descriptorLimit(), mostConnections());",
    ]);
    assert.equal(said.trim(), "300 102");
    assert.ok(mostConnections() <= Math.max(8, descriptorLimit() / 2));
  },
});

/** Has crowds at both doors of a hub, and looks whether it commits and takes connections after. */
async function survives(hub: HubProcess): Promise<void> {
  const web = Number(new URL(hub.http!).port);
  const lane = new LaneClient(hub.place);
  const datagrams = new DatagramSender(hub.place);
  lane.send("WORKFLOW_INFO", note(0));
  await lane.flush();
  const [atLane, atWeb] = [await crowd(hub.place.port, 320), await crowd(web, 320)];
  for (let i = 1; i <= 20; i++) {
    lane.send("WORKFLOW_INFO", note(i));
    await datagrams.send("WORKFLOW_INFO", note(100 + i));
    await lane.flush();
  }
  await eventually(
    () => Promise.resolve(rowsIn(hub.database, "workflow") === 41),
    `not all is committed: ${hub.output()}`,
  );
  for (const conn of [...atLane, ...atWeb]) conn.close();
  await eventually(
    () => accountsOf(hub).then(() => true, () => false),
    `pages are not served again: ${hub.output()}`,
  );
  const later = new LaneClient(hub.place);
  later.send("WORKFLOW_INFO", note(50));
  await later.close();
  await lane.close();
  datagrams.close();
  const { lane: counts } = await accountsOf(hub);
  assert.ok(counts.turnedAway > 0, JSON.stringify(counts));
}

for (const visualize of [false, true]) {
  const command = visualize ? "visualize --hub" : "hub";
  Deno.test({
    name: `descriptors: ${command} outlives 640 connections with ulimit -n 256`,
    ignore,
    fn: () => withHub({ http: true, visualize, limits: "ulimit -n 256" }, survives),
  });
}
