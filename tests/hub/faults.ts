// Faults that a hub has to live through, each as one scenario that gives its figures.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Accounts } from "../../hub/accounts.ts";
import { PATIENCE } from "../support/eventually.ts";
import { type HubProcess, rowsIn, spawnHub, startHubProcess } from "./support.ts";
import { type Balance, balance, Load, quietPort } from "./load.ts";
import { Watch } from "./watch.ts";

export interface LoadOptions {
  clients: number;
  /** Messages per second on the lane, by all clients together. */
  rate: number;
  /** Datagrams per second beside them. */
  datagramRate: number;
  /** Messages on the lane that may be without an acknowledgement; default any number. */
  ahead?: number;
}

function loadOn(hub: HubProcess, { clients, rate, datagramRate, ahead }: LoadOptions): Load {
  return new Load(hub.place, clients, rate, datagramRate, ahead);
}

/** What every scenario tells. */
export interface Outcome extends Balance {
  /** Messages given to the lane; all of them were acknowledged in the end. */
  sent: number;
  datagrams: number;
  /** Rows of datagrams in the database. */
  datagramRows: number;
  integrity: string;
}

/** Looks at a copy of a database whose hub was killed, so that the hub itself has to repair it. */
async function inspectCopy(
  database: string,
  acknowledged: Map<string, number>,
): Promise<Balance & { integrity: string }> {
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const copy = join(directory, "copy.db");
    await Deno.copyFile(database, copy);
    await Deno.copyFile(`${database}-wal`, `${copy}-wal`).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    const connection = new DatabaseSync(copy);
    try {
      const [row] = connection.prepare("PRAGMA integrity_check").all();
      return {
        ...balance(connection, acknowledged),
        integrity: String(row.integrity_check),
      };
    } finally {
      connection.close();
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Waits until all is acknowledged, stops the hub, and counts. */
async function settle(load: Load, hub: HubProcess): Promise<Outcome> {
  await load.finish(PATIENCE);
  await hub.stop();
  const found = await inspectCopy(hub.database, load.acknowledged());
  const connection = new DatabaseSync(hub.database, { readOnly: true });
  try {
    const { n } = connection.prepare("SELECT count(*) AS n FROM resource WHERE run_id = ?")
      .get(load.datagramRun) as { n: number };
    return { ...found, sent: load.sent, datagrams: load.datagrams, datagramRows: n };
  } finally {
    connection.close();
  }
}

export interface KillOutcome extends Outcome {
  kills: number;
  /** Of those, while the hub was starting. */
  early: number;
  /** Acknowledged rows that were not there after a kill, over all kills. */
  lostAtKill: number;
  /** Milliseconds from the start of the process to its listening, on average. */
  start: number;
}

/** Kills the hub by SIGKILL again and again under load; each time it is started anew. */
export async function kills(
  database: string,
  count: number,
  options: LoadOptions,
): Promise<KillOutcome> {
  const port = await quietPort();
  let hub: HubProcess = await startHubProcess(database, { port });
  const load = loadOn(hub, options);
  let lostAtKill = 0;
  let early = 0;
  let starts = 0;
  try {
    for (let i = 1; i <= count; i++) {
      await sleep(Math.random() * 1500);
      await hub.kill();
      const acknowledged = load.acknowledged();
      const found = await inspectCopy(database, acknowledged);
      if (found.integrity !== "ok") throw new Error(`after kill ${i}: ${found.integrity}`);
      lostAtKill += found.lost + found.doubled;
      if (i % 4 === 2 && i < count) {
        // While it starts, it has the tables, the log and the spill file in its hands.
        const starting = spawnHub(database, { port });
        await sleep(Math.random() * 250);
        await starting.kill();
        early++;
        i++;
      }
      const began = performance.now();
      hub = await startHubProcess(database, { port });
      starts += performance.now() - began;
    }
    const outcome = await settle(load, hub);
    return { ...outcome, kills: count, early, lostAtKill, start: starts / (count - early) };
  } finally {
    load.close();
    await hub.kill();
  }
}

export interface HoldOutcome extends Outcome {
  /** States of the writer that the accounts told of meanwhile. */
  states: string[];
  /** Milliseconds of the oldest message's wait, at most. */
  lag: number;
  /** Milliseconds from the end of the fault until all was written that had waited then. */
  recovery: number;
  /** Datagrams that the kernel or the hub dropped. */
  dropped: number;
}

async function held(watch: Watch, load: Load, hub: HubProcess, recovery: number) {
  await load.stopped();
  // What the last datagrams need to get from the kernel to the accounts.
  await watch.until(({ queue, udp }) =>
    queue.messages === 0 && udp.received + (udp.kernelDrops ?? 0) >= load.datagrams
  );
  const { udp, queue } = await watch.look();
  const dropped = (udp.kernelDrops ?? 0) + queue.dropped;
  const outcome = await settle(load, hub);
  return { ...outcome, states: [...watch.states], lag: watch.lag, recovery, dropped };
}

/**
 * Another process holds the database, exclusively or in a reading transaction: for a time, and
 * until the accounts tell of the lock, or of rows that were written in spite of it.
 */
export async function lock(
  database: string,
  kind: "writer" | "reader",
  seconds: number,
  options: LoadOptions,
): Promise<HoldOutcome> {
  const hub = await startHubProcess(database, { port: await quietPort(), http: true });
  const load = loadOn(hub, options);
  try {
    const watch = new Watch(hub);
    await watch.until(({ messages }) => messages.written > 100);
    const program = `
      import { DatabaseSync } from "node:sqlite";
      const database = new DatabaseSync(${JSON.stringify(database)}, { timeout: 60000 });
      database.exec(${kind === "writer" ? '"BEGIN EXCLUSIVE"' : '"BEGIN"'});
      database.prepare("SELECT count(*) FROM status").get();
      console.log("held");
      for await (const _ of Deno.stdin.readable);
      database.exec("COMMIT");
      database.close();
    `;
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["eval", program],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = holder.stdout.getReader();
    const { value } = await reader.read();
    if (!value) throw new Error("the database could not be held");
    const end = performance.now() + seconds * 1000;
    const { messages } = await watch.look();
    const isFelt = ({ writer, messages: now }: Accounts) =>
      kind === "writer"
        ? writer.state === "locked" && writer.lag > 0
        : now.written > messages.written + 100;
    await watch.until((accounts) => performance.now() > end && isFelt(accounts));
    const atEnd = await watch.look();
    const waited = atEnd.messages.written + atEnd.queue.messages;
    await holder.stdin.close();
    await holder.status;
    await reader.cancel();
    const recovery = await watch.until(({ writer, messages }) =>
      writer.state === "writing" && messages.written >= waited
    );
    return await held(watch, load, hub, recovery);
  } finally {
    load.close();
    await hub.kill();
  }
}

/** Whether a file system of its own can be mounted here. */
export async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  const mounted = await command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory);
  if (mounted) await command("umount", directory);
  await Deno.remove(directory);
  return mounted;
}

async function command(name: string, ...args: string[]): Promise<boolean> {
  try {
    const output = { stdin: "null", stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(name, { args, ...output }).output()).success;
  } catch {
    return false;
  }
}

/** The disk gets full under load, stays so for a time, and gets room again. */
export async function fullDisk(seconds: number, options: LoadOptions): Promise<HoldOutcome> {
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  if (!await command("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", directory)) {
    throw new Error("no tmpfs could be mounted");
  }
  let hub: HubProcess | null = null;
  let load: Load | null = null;
  try {
    const filler = join(directory, "filler");
    await Deno.writeFile(filler, new Uint8Array(126 << 20));
    const database = join(directory, "monitoring.db");
    hub = await startHubProcess(database, { port: await quietPort(), http: true });
    load = loadOn(hub, options);
    const watch = new Watch(hub);
    await watch.until(({ writer }) => writer.state !== "writing" && writer.lag > 500);
    const rows = rowsIn(database, "node");
    const end = performance.now() + seconds * 1000;
    await watch.until(() => performance.now() > end);
    load.stop();
    if (rowsIn(database, "node") < rows) throw new Error("rows vanished on the full disk");
    await Deno.remove(filler);
    const recovery = await watch.until(({ writer }) =>
      writer.state === "writing" && writer.lag === 0
    );
    return await held(watch, load, hub, recovery);
  } finally {
    load?.close();
    await hub?.kill();
    await command("umount", directory);
    await Deno.remove(directory, { recursive: true });
  }
}

/** The hub starts after its clients, and is stopped and started again in the middle. */
export async function late(
  database: string,
  seconds: number,
  options: LoadOptions,
): Promise<Outcome> {
  const port = await quietPort();
  // A first start makes the key, which clients have to know.
  const first = await startHubProcess(database, { port });
  await first.stop();
  const load = loadOn(first, options);
  let hub: HubProcess | null = null;
  try {
    await sleep(seconds * 1000);
    hub = await startHubProcess(database, { port });
    await sleep(seconds * 1000);
    await hub.stop();
    const found = await inspectCopy(database, load.acknowledged());
    if (found.lost + found.doubled > 0) throw new Error(`after a clean stop: ${found.lost} lost`);
    await sleep(seconds * 1000);
    hub = await startHubProcess(database, { port });
    await sleep(seconds * 1000);
    return await settle(load, hub);
  } finally {
    load.close();
    await hub?.kill();
  }
}
