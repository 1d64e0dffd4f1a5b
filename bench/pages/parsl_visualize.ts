/** parsl-visualize, one process, started again whenever it did not answer in time. */
import { setTimeout as sleep } from "node:timers/promises";
import { venvScript } from "../../tests/support/parsl.ts";
import { type Measure, request } from "./requests.ts";

const START = 60_000;
const GIB = 2 ** 30;
/** It is stopped when it and the programs it called hold more, so that the machine survives. */
const MOST_MEMORY = 12 * GIB;
const LOOK = 500;

interface Running {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** How it is run. */
export interface ParslVisualizeOptions {
  /** Opens the database for reading only; else it creates what tables it misses. */
  readOnly?: boolean;
}

/** parsl-visualize on one database. */
export class ParslVisualize {
  readonly #venv: string;
  readonly #address: string;
  readonly #folder: string;
  #running: Running | null = null;
  /** The most that the server held in memory, in bytes, as seen twice a second. */
  peak = 0;

  /** @param folder its working directory, which it may write to */
  constructor(venv: string, path: string, folder: string, options: ParslVisualizeOptions = {}) {
    this.#venv = venv;
    this.#address = options.readOnly
      ? `sqlite:///file:${path}?mode=ro&uri=true`
      : `sqlite:///${path}`;
    this.#folder = folder;
  }

  /** Starts it, unless it runs; false when it does not answer within a minute. */
  async start(): Promise<boolean> {
    this.#running ??= await launch(this.#venv, this.#address, this.#folder);
    return this.#running !== null;
  }

  /**
   * One request of a page, `cap` in milliseconds. It would work on at a page that nobody awaits any
   * more, at the cost of the next: then it is stopped.
   */
  async request(page: string, cap: number): Promise<Measure> {
    if (!await this.start()) return { time: null, status: 0, bytes: 0, failure: "did not start" };
    const { url, pid } = this.#running!;
    const began = performance.now();
    let failure: string | undefined;
    const watch = setInterval(() => {
      const held = memoryWithChildren(pid);
      this.peak = Math.max(this.peak, held);
      if (held > MOST_MEMORY) {
        const after = Math.round((performance.now() - began) / 1000);
        failure = `stopped at ${MOST_MEMORY / GIB} GiB after ${after} s`;
        this.#end();
      }
    }, LOOK);
    const result = await request(`${url}${page}`, cap);
    clearInterval(watch);
    this.peak = Math.max(this.peak, memoryWithChildren(pid));
    if (result.time === null) await this.#end();
    return failure === undefined ? result : { ...result, time: null, failure };
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.#end();
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function launch(venv: string, address: string, folder: string): Promise<Running | null> {
  const port = freePort();
  const child = new Deno.Command(venvScript(venv, "parsl-visualize"), {
    args: [address, "-p", String(port), "-l", "127.0.0.1"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // A group of its own, which is stopped with the programs that it called.
    detached: true,
  }).spawn();
  let ended = false;
  child.status.then(() => ended = true);
  const stop = async () => {
    try {
      Deno.kill(-child.pid, "SIGKILL");
    } catch {
      // It ended on its own.
    }
    await child.status;
  };
  const url = `http://127.0.0.1:${port}/`;
  const end = Date.now() + START;
  while ((await request(url, 5_000)).status !== 200) {
    if (ended || Date.now() > end) {
      await stop();
      return null;
    }
    await sleep(50);
  }
  return { url, pid: child.pid, stop };
}

/** Resident bytes of a process and of those it started; 0 when it has ended. */
function memoryWithChildren(pid: number): number {
  try {
    const resident = Deno.readTextFileSync(`/proc/${pid}/status`).match(/^VmRSS:\s+(\d+) kB/m);
    let sum = Number(resident?.[1] ?? 0) * 1024;
    for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
      const children = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).trim();
      if (children === "") continue;
      for (const child of children.split(" ")) sum += memoryWithChildren(Number(child));
    }
    return sum;
  } catch {
    return 0;
  }
}
