/** The two that receive: our hub, and Parsl's own router with its database manager. */
import { setTimeout as sleep } from "node:timers/promises";
import { kernelDrops } from "../../hub/udp/kernel_drops.ts";
import { venvPython } from "../../tests/support/parsl.ts";

const READY_LIMIT = 120_000;
/** Milliseconds in which Parsl's database manager, which does not say so, has made its tables. */
const SETTLE_MS = 3000;

/** A receiver that runs. */
export interface Side {
  port: number;
  /** Process id of the hub; of the router for Parsl. */
  pid: number;
  /** Path of the database that it writes. */
  database: string;
  /** Datagrams that the kernel dropped at its socket so far. */
  drops(): number | null;
  /** What it printed so far. */
  printed(): string;
  /** Stops it as users do. */
  stop(): Promise<void>;
}

/** Starts one that writes into a folder that is empty. */
export type Starter = (folder: string) => Promise<Side>;

/** The hub of this checkout; `flags` are for Deno, `options` for the hub. */
export function hubStarter(key: string, flags: string[] = [], options: string[] = []): Starter {
  return async (folder) => {
    const database = `${folder}/monitoring.db`;
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-q",
        "--no-prompt",
        "-P=hub",
        ...flags,
        main,
        "hub",
        database,
        "--port",
        "0",
        ...options,
      ],
      env: { PARSLOSCOPE_KEY: key, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let printed = "";
    const reading = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (text) => void (printed += text) }),
    );
    const { port, pid } = await announcement(`${database}.hub`, child);
    return {
      port,
      pid,
      database,
      drops: () => kernelDrops("127.0.0.1", port),
      printed: () => printed,
      stop: async () => {
        child.kill("SIGINT");
        await child.status;
        await reading;
      },
    };
  };
}

async function announcement(path: string, child: Deno.ChildProcess) {
  let ended = false;
  child.status.then(() => ended = true);
  for (const end = Date.now() + READY_LIMIT; Date.now() < end && !ended;) {
    try {
      return JSON.parse(await Deno.readTextFile(path)) as { port: number; pid: number };
    } catch {
      await sleep(20);
    }
  }
  if (!ended) child.kill("SIGKILL");
  throw new Error("the hub did not start");
}

/** Parsl's own, of a venv. */
export function parslStarter(venv: string, key: string): Starter {
  return async (folder) => {
    const script = new URL("./parsl_side.py", import.meta.url).pathname;
    const child = new Deno.Command(venvPython(venv), {
      args: [script, folder, key],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const first = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
    if (first.value === undefined) throw new Error("Parsl's router did not start");
    const { port, pids } = JSON.parse(first.value) as { port: number; pids: number[] };
    await sleep(SETTLE_MS);
    return {
      port,
      pid: pids[0],
      database: `${folder}/monitoring.db`,
      drops: () => kernelDrops("0.0.0.0", port),
      printed: () => "",
      stop: async () => {
        await child.stdin.close();
        await child.status;
      },
    };
  };
}
