/** `parsloscope hub`: receives messages and writes them. */
import type { Accounts } from "../hub/accounts.ts";
import { type Digest, DIGESTS } from "../hub/signing/signer.ts";
import { type Hub, type HubOptions, startHub } from "../hub/hub.ts";
import type { Place } from "../web/server.ts";
import { isLoopback } from "../web/served_names.ts";
import { ACCESS_OPTIONS, accessOf, placeOf } from "./serving.ts";
import { onStop } from "./stop.ts";
import { choiceOf, COMMON_OPTIONS, countOf, parse, portOf, UsageError } from "./usage.ts";
import { say, warn } from "../say.ts";

/** The options of a hub, for `parse`. */
export const HUB_OPTIONS = {
  port: { type: "string", short: "p", default: "55055" },
  listen: { type: "string", short: "l", default: "127.0.0.1" },
  "key-file": { type: "string" },
  digest: { type: "string", default: "sha512" },
  "allow-unsigned": { type: "boolean", default: false },
  "fs-radio": { type: "string", multiple: true, default: [] as string[] },
  "journal-mode": { type: "string", default: "wal" },
  plain: { type: "boolean", default: false },
  "spill-limit": { type: "string", default: "2048" },
} as const;

/** The values of `HUB_OPTIONS`. */
export interface HubValues {
  port: string;
  listen: string;
  "key-file"?: string;
  digest: string;
  "allow-unsigned": boolean;
  "fs-radio": string[];
  "journal-mode": string;
  plain: boolean;
  "yes-public": boolean;
  "spill-limit": string;
}

/** Checks the values of a hub's options. */
export function hubOptions(database: string, values: HubValues, portOption = "port"): HubOptions {
  if (values.listen.trim() === "") {
    const option = portOption.replace("port", "listen");
    throw new UsageError(`--${option} takes an address, such as 127.0.0.1.`);
  }
  if (values["allow-unsigned"] && !isLoopback(values.listen) && !values["yes-public"]) {
    throw new UsageError(
      `Everybody who reaches ${values.listen} could write into the database: leave ` +
        "--allow-unsigned out, or add --yes-public if that is meant.",
    );
  }
  return {
    database,
    address: values.listen,
    port: portOf(portOption, values.port),
    keyFile: values["key-file"] ?? null,
    digest: choiceOf("digest", values.digest, Object.keys(DIGESTS) as Digest[]),
    allowUnsigned: values["allow-unsigned"],
    fsRadio: values["fs-radio"],
    journalMode: choiceOf("journal-mode", values["journal-mode"], ["wal", "delete"]),
    plain: values.plain,
    spillLimit: countOf("spill-limit", values["spill-limit"]) * 2 ** 20,
  };
}

/** Receives until Ctrl-C, or until it was idle for as long as asked. */
export async function hub(args: string[]): Promise<"help" | void> {
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    ...HUB_OPTIONS,
    ...ACCESS_OPTIONS,
    http: { type: "string" },
    "stop-when-idle": { type: "string" },
  });
  if (values.help) return "help";
  if (positionals.length > 1) {
    throw new UsageError("A hub writes one database; start another hub for another one.");
  }
  const http = values.http === undefined
    ? null
    : await accessOf(httpPlace(values.http), { ...values, "yes-public": false });
  const idle = values["stop-when-idle"] === undefined ? null : Number(values["stop-when-idle"]);
  if (idle !== null && !(idle > 0)) {
    throw new UsageError("--stop-when-idle takes a number of seconds above 0.");
  }
  const starting = startHub(hubOptions(positionals[0] ?? "runinfo/monitoring.db", values));
  // What is received while it starts is written, too.
  let endPages: () => Promise<void> = async () => {};
  const stop = async () => {
    await stopHub(await starting);
    await endPages();
  };
  onStop(stop);
  const running = await starting;
  describeStart(running);
  if (http !== null) {
    // Pages need a good deal of memory that a hub alone does without.
    const { beginPages, removeSocket } = await import("./dashboard.ts");
    const { Catalog } = await import("../live/runs/catalog.ts");
    const server = await beginPages().serve({
      access: http,
      debug: values.debug,
      state: { catalog: new Catalog([]), hub: running },
      path: "/hub",
      listening: ({ here, elsewhere: [ssh, open] }) => {
        say(`  accounts   ${here}`);
        say(`             for Prometheus at /metrics; from another machine ${ssh}`);
        say(`             and open ${open}`);
      },
    }).catch(async (error) => {
      await running.stop();
      throw error;
    });
    endPages = () => removeSocket(http, server);
  }
  if (idle !== null) {
    await running.idle(idle);
    say(`Nobody was there for ${idle} s.`);
    // Nobody will press Ctrl-C either, should the database never come back.
    setTimeout(() => Deno.exit(1), LONGEST_IDLE_STOP_MS);
    await stop();
    Deno.exit(0);
  }
}

/** Where a hub's pages are: a port of this machine, or a socket. */
function httpPlace(text: string): Place {
  if (text.startsWith("unix:")) return placeOf(text, "0");
  return { kind: "address", address: "127.0.0.1", port: portOf("http", text) };
}

/** Milliseconds that a hub which stops by itself waits for its database. */
const LONGEST_IDLE_STOP_MS = 60_000;

/** Says where the hub listens and what it writes. */
export function describeStart(hub: Hub): void {
  const path = hub.path === "recvmmsg"
    ? "recvmmsg through libc"
    : "Deno's own receiver, so bursts may be lost in the kernel";
  const buffer = hub.buffer === null ? "" : `, receive buffer ${size(hub.buffer)}`;
  say(`Parsloscope's hub listens on ${hub.address}:${hub.port}, UDP and TCP`);
  say(`  datagrams  by ${path}${buffer}`);
  say(`  database   ${hub.database}`);
  say(`  key        ${hub.keySource}`);
  for (const warning of hub.warnings) warn(`parsloscope: ${warning}`);
}

/** Milliseconds after which a stop says what it waits for. */
const LONG_STOP_MS = 3000;

/** Stops a hub and says what became of everything; while that takes long, says why. */
export async function stopHub(hub: Hub): Promise<void> {
  const timer = setTimeout(async () => {
    const { writer, queue } = await hub.accounts();
    const why = writer.problem || "The database is slow.";
    warn(
      `parsloscope: ${why} ${queue.messages.toLocaleString("en")} messages wait for it; a second ` +
        "Ctrl-C leaves at once, and datagrams among them are lost.",
    );
  }, LONG_STOP_MS);
  const last = await hub.stop();
  clearTimeout(timer);
  describeStop(last);
}

/** Says what became of everything that reached the hub. */
export function describeStop(accounts: Accounts): void {
  const { udp, lane, files, messages, queue } = accounts;
  const count = (value: number) => value.toLocaleString("en");
  say(
    `The hub has stopped. Received ${count(udp.received)} datagrams, ${
      count(lane.received)
    } messages on the reliable lane, ${count(files.received)} files.`,
  );
  const runs = accounts.runs.length + accounts.runsForgotten;
  say(
    `  written         ${count(messages.written)} in ${count(runs)} runs`,
  );
  const troubles: [string, number | null][] = [
    ["bad signature", udp.badSignature + lane.badSignature],
    ["malformed", messages.malformed],
    ["quarantined", messages.quarantined],
    ["deferred", messages.deferred],
    ["truncated", udp.truncated],
    ["kernel drops", udp.kernelDrops],
    ["dropped", queue.dropped],
    ["turned away", lane.turnedAway],
    ["unfinished", lane.unfinished],
    ["not written", queue.messages],
  ];
  for (const [name, value] of troubles) {
    say(`  ${name.padEnd(15)} ${value === null ? "unknown" : count(value)}`);
  }
}

/** Bytes for people. */
function size(bytes: number): string {
  return bytes >= 1 << 20
    ? `${Math.round(bytes / (1 << 20))} MiB`
    : `${Math.round(bytes / 1024)} KiB`;
}
