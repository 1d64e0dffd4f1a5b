// Hubs as a user starts them: child processes, with what they print and what they wrote.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createSocket } from "node:dgram";
import { DatagramSender, type HubAddress, type MessageType } from "../../clients/typescript/mod.ts";
import type { Accounts } from "../../hub/accounts.ts";
import { eventually } from "../support/eventually.ts";
import { allowed } from "../support/server.ts";
import { type Recording, recordingPath, unpacked } from "./recorded.ts";
import { ChildOutput } from "../support/child_output.ts";

/** A hub in a process of its own. */
export interface HubProcess {
  child: Deno.ChildProcess;
  database: string;
  /** Where it listens, and its key. */
  place: HubAddress & { address: string };
  /** Where `/hub` and `/metrics` are; null without `--http`. */
  http: string | null;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Ends it by SIGTERM and gives all that it printed. */
  stop(): Promise<string>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
}

export interface HubProcessOptions {
  /** 0 unless given. */
  port?: number;
  /** More arguments. */
  args?: string[];
  /** Serves `/hub` and `/metrics` too. */
  http?: boolean;
  /** `visualize --hub` in the place of `hub`. */
  visualize?: boolean;
  /** What a shell does before, such as `ulimit -n 256`. */
  limits?: string;
}

/** Starts a hub; resolves when it listens. */
export async function startHubProcess(
  database: string,
  options: HubProcessOptions = {},
): Promise<HubProcess> {
  const hub = spawnHub(database, options);
  await hub.listening;
  return hub;
}

/** Starts a hub that is not waited for: `place` and `http` are there once it is `listening`. */
export function spawnHub(
  database: string,
  options: HubProcessOptions = {},
): HubProcess & { listening: Promise<void> } {
  const { port = 0, args = [], http = false, visualize = false, limits } = options;
  const command = visualize
    ? ["visualize", "--hub", database, "--port", "0", "--no-token", "--hub-port", String(port)]
    : ["hub", database, "--port", String(port), ...(http ? ["--http", "0", "--no-token"] : [])];
  const run = [...allowed(command[0]), ...command, ...args];
  const shell = limits === undefined ? [] : ["-c", `${limits}; exec "$0" "$@"`, Deno.execPath()];
  const child = new Deno.Command(limits === undefined ? Deno.execPath() : "sh", {
    args: [...shell, ...run],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = new ChildOutput(child);
  const signal = async (name: Deno.Signal) => {
    if (!output.isOver) child.kill(name);
    await output.over;
  };
  const hub: HubProcess = {
    child,
    database,
    place: { address: "", port: 0, key: "" },
    http: null,
    output: () => output.text,
    stop: async () => {
      await signal("SIGTERM");
      return output.text;
    },
    kill: () => signal("SIGKILL"),
  };
  const pattern = http || visualize
    ? / on ([\d.]+):(\d+), UDP[\s\S]*(http:\/\/127\.0\.0\.1:\d+\/)/
    : / on ([\d.]+):(\d+), UDP[\s\S]*key .*\n/;
  const listen = async () => {
    const printed = () => Promise.resolve(output.isOver || pattern.test(output.text));
    await eventually(printed, "the hub printed no address");
    const match = pattern.exec(output.text);
    if (match === null) {
      await output.over;
      throw new Error(`the hub did not start: ${output.text}`);
    }
    const key = (await Deno.readTextFile(`${database}.key`)).trim();
    hub.place = { address: match[1], port: Number(match[2]), key };
    hub.http = match[3] ?? null;
  };
  const listening = listen();
  listening.catch(() => {});
  return Object.assign(hub, { listening });
}

/** Runs a test with a hub on a new database in a directory of its own. */
export async function withHub(
  options: HubProcessOptions,
  test: (hub: HubProcess, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const hub = await startHubProcess(join(directory, "monitoring.db"), options);
    try {
      await test(hub, directory);
    } finally {
      await hub.kill();
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** A hub's accounts, from its `/api/hub`; asked again where it is too busy to answer. */
export async function accountsOf(hub: HubProcess): Promise<Accounts> {
  for (;;) {
    const response = await fetch(`${hub.http}api/hub`);
    if (response.status === 200) {
      const { accounts } = await response.json() as { accounts: Accounts };
      return accounts;
    }
    const said = await response.text();
    if (response.status !== 503) throw new Error(said);
  }
}

/** The number of a line of what a hub prints when it stops. */
export function printed(output: string, name: string): number {
  const match = new RegExp(`^  ${name} +([\\d,]+)`, "m").exec(output);
  if (match === null) throw new Error(`no "${name}" in: ${output}`);
  return Number(match[1].replaceAll(",", ""));
}

/** Gives the rows of a query, from a connection of its own. */
export function query(database: string, sql: string): Record<string, unknown>[] {
  const connection = new DatabaseSync(database, { readOnly: true, timeout: 5000 });
  try {
    return connection.prepare(sql).all().map((row) => ({ ...row }));
  } finally {
    connection.close();
  }
}

/** How many rows a table has. */
export function rowsIn(database: string, table: string): number {
  return Number(query(database, `SELECT count(*) AS n FROM ${table}`)[0].n);
}

/** What SQLite's own check finds; "ok" when nothing is wrong. */
export function integrity(database: string): string {
  return query(database, "PRAGMA integrity_check").map((row) => Object.values(row)[0]).join("; ");
}

/** A recorded message as it was sent. */
export interface SentMessage {
  body: Uint8Array<ArrayBuffer>;
  /** A worker sent it. */
  fromWorker: boolean;
}

/** The pickles of a recording, in the order of their coming. */
export async function recordedBodies(name: Recording): Promise<SentMessage[]> {
  const lines = (await unpacked(recordingPath(name))).trimEnd().split("\n");
  return lines.map((line) => {
    const { hex, repr } = JSON.parse(line) as { hex: string; repr: string };
    return {
      body: Uint8Array.fromHex(hex),
      fromWorker: /MessageType\.(RESOURCE_INFO|WORKER_TASK_INFO)/.test(repr.slice(0, 80)),
    };
  });
}

/** Sends bytes as one datagram, as they are. */
export async function sendRaw(port: number, ...datagrams: Uint8Array[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, "127.0.0.1", (error) => error ? reject(error) : resolve());
    });
  }
  socket.close();
}

/** Sends messages as datagrams, in the JSON encoding. */
export async function sendDatagrams(
  place: HubAddress,
  messages: readonly [MessageType, unknown][],
): Promise<void> {
  const sender = new DatagramSender(place);
  for (const [type, payload] of messages) await sender.send(type, payload);
  sender.close();
}
