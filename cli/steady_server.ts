/**
 * Deno ends a server whose listener cannot accept a connection, as when too many files are open. One
 * who opens many connections would end a hub so. Here the server goes on: what is connected stays,
 * and the port is listened at again as soon as that is possible.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../errors.ts";

/** Milliseconds until a port is listened at again. */
const PAUSE_MS = 200;
/** Servers whose listener broke and that may still be connected to somebody, which are remembered. */
const MOST_REMEMBERED = 16;

type Served = Deno.HttpServer<Deno.NetAddr>;
type Options = Deno.ServeTcpOptions & { onListen: (at: Deno.NetAddr) => void };

/**
 * Serves as `Deno.serve` does, until it is shut down. Throws as that does when it cannot listen at
 * first.
 */
export function serveSteadily(options: Options, handler: Deno.ServeHandler<Deno.NetAddr>): Served {
  const first: Served = Deno.serve(options, handler);
  const { addr } = first;
  /** Those that are still connected to somebody; the last one listens. */
  const all = new Set<Served>([first]);
  let stopped = false;

  /** Begins anew at the same port, however long that takes; null when it is to stop. */
  async function again(): Promise<Served | null> {
    for (;;) {
      await sleep(PAUSE_MS);
      if (stopped) return null;
      try {
        return Deno.serve({ ...options, port: addr.port, onListen: () => {} }, handler);
      } catch {
        // There is still no room for one more file, or somebody else has the port for now.
      }
    }
  }

  async function keep(): Promise<void> {
    for (let server: Served | null = first;;) {
      try {
        await server.finished;
        return;
      } catch (error) {
        if (stopped) return;
        console.error(
          `parsloscope: pages cannot be asked for by anybody new for now: ${messageOf(error)}`,
        );
      }
      server = await again();
      if (server === null) return;
      all.add(server);
      for (const old of all) if (all.size > MOST_REMEMBERED) all.delete(old);
    }
  }

  const finished = keep();
  const shutdown = async () => {
    stopped = true;
    await Promise.allSettled([...all].map((server) => server.shutdown()));
    await finished;
  };
  return {
    addr,
    finished,
    shutdown,
    ref: () => all.forEach((server) => server.ref()),
    unref: () => all.forEach((server) => server.unref()),
    [Symbol.asyncDispose]: shutdown,
  };
}
