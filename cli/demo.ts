/** `parsloscope demo`: recordings of real runs, replayed through a hub and shown live. */
import { join } from "node:path";
import { readAsset } from "../installation/files.ts";
import { type Hub, startHub } from "../hub/hub.ts";
import type { Catalog } from "../live/runs/catalog.ts";
import { openCatalog } from "../live/runs/open_catalog.ts";
import type { Server } from "../web/server.ts";
import { holdTemporary } from "../store/temporary.ts";
import { announceAddress, beginPages, removeSocket } from "./dashboard.ts";
import { hubOptions } from "./hub.ts";
import { readRecording, replay } from "./replay.ts";
import { accessOf, placeOf, SERVING_OPTIONS } from "./serving.ts";
import { onStop } from "./stop.ts";
import { COMMON_OPTIONS, parse, UsageError } from "./usage.ts";

/** In the order of their playing: UDP, threads, HTEX's channel, a killed one, several executors. */
const RECORDINGS = ["udp", "thr", "htex", "die", "mul"] as const;
/** Runs that are played at the same time. */
const AT_ONCE = 2;

/** Shows a finished recording, and others as they happen, until Ctrl-C. */
export async function demo(args: string[]): Promise<"help" | void> {
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    ...SERVING_OPTIONS,
  });
  if (values.help) return "help";
  if (positionals.length > 0) {
    throw new UsageError("demo takes no database; use visualize to open your own.");
  }
  const access = await accessOf(placeOf(values.listen, values.port), values);
  const pages = beginPages();
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-demo-" });
  // Whatever ends the demo, signals while it starts included.
  holdTemporary(directory);
  const leave = () => Deno.remove(directory, { recursive: true });
  let hub: Hub | null = null;
  let catalog: Catalog | null = null;
  let server: Server | null = null;
  const ending = new AbortController();
  const close = async () => {
    ending.abort();
    catalog?.close();
    await hub?.stop();
    await removeSocket(access, server);
    await leave();
  };
  onStop(close);
  hub = await startHub(hubOptions(join(directory, "monitoring.db"), {
    port: "0",
    listen: "127.0.0.1",
    digest: "sha512",
    "allow-unsigned": false,
    "fs-radio": [],
    "yes-public": false,
    "journal-mode": "wal",
    plain: false,
    "spill-limit": "2048",
  })).catch(async (error) => {
    await leave();
    throw error;
  });
  try {
    const finished = join(directory, "climate.db");
    await Deno.writeFile(finished, await readAsset("demo/climate.db"));
    catalog = await openCatalog([hub.database, finished], { writtenHere: hub.database });
    const state = { catalog, hub };
    const { debug } = values;
    server = await pages.serve({ access, debug, state, listening: announceAddress });
    const key = (await Deno.readTextFile(`${hub.database}.key`)).trim();
    await play({ address: hub.address, port: hub.port, key }, ending.signal);
    await server.finished;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Plays the recordings round and round. */
async function play(hub: { address: string; port: number; key: string }, signal: AbortSignal) {
  const recordings = await Promise.all(
    RECORDINGS.map(async (name) => readRecording(await readAsset(`demo/${name}.jsonl.gz`))),
  );
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (!signal.aborted) {
      await replay(recordings[next++ % recordings.length], hub, signal);
    }
  }));
}
