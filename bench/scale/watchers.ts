// Many browsers, as the server sees them: connections to the events of a summary, all in one process.
//
//   deno run -P=dev bench/scale/watchers.ts URL CONNECTIONS
//
// Prints a line "watching" when each has the view, and what they saw as JSON when its input ends.

import type { Count } from "./lag.ts";
import { doneOf, follow, Messages } from "./stream.ts";
import { messageOf } from "../../errors.ts";

/** Within which each connection must have the view, in ms. */
const PATIENCE_MS = 120_000;

/** What the connections saw. */
export interface Watched {
  /** For each connection. */
  seen: Count[][];
  /** Bytes to all of them after their first messages. */
  bytes: number;
  /** Connections that were lost. */
  lost: number;
}

async function watch(url: string, connections: number): Promise<Watched> {
  const result: Watched = { seen: [], bytes: 0, lost: 0 };
  const end = new AbortController();
  const messages = new Messages();
  let waiting = connections;
  Array.from({ length: connections }, async () => {
    const seen: Count[] = [];
    result.seen.push(seen);
    try {
      await follow(url, messages, end.signal, (known, bytes) => {
        if (seen.length > 0) result.bytes += bytes;
        else if (--waiting === 0) console.log("watching");
        seen.push([Date.now(), doneOf(known)]);
      });
      if (!end.signal.aborted) result.lost++;
    } catch (error) {
      console.error(messageOf(error));
      result.lost++;
    }
  });
  // Its end is the sign to end. Nothing waits for the aborted connections: some never end in Deno.
  for await (const _ of Deno.stdin.readable);
  end.abort();
  return result;
}

/**
 * Starts the connections; resolves when each has the view.
 *
 * @throws {Error} when they have not within two minutes
 */
export async function startWatchers(url: string, connections: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=dev", import.meta.url, url, String(connections)],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${connections} connections did not all get the view`);
    text += value;
  }
  clearTimeout(late);
  return {
    pid: child.pid,
    /** Ends the connections and tells what they saw. */
    async watched(): Promise<Watched> {
      await child.stdin.close();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
      await child.status;
      return JSON.parse(text.slice(text.indexOf("\n"))) as Watched;
    },
    async stop(): Promise<void> {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    },
  };
}

if (import.meta.main) {
  const watched = await watch(Deno.args[0], Number(Deno.args[1]));
  await new Response(JSON.stringify(watched)).body?.pipeTo(Deno.stdout.writable);
  Deno.exit();
}
