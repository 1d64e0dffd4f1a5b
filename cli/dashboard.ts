/** Serving pages: the whole dashboard, or those of the hub alone. */
import { hostname, userInfo } from "node:os";
import { App, staticFiles } from "fresh";
import { loadPages } from "../installation/pages.ts";
import { exporter } from "../installation/exporter.ts";
import type { State } from "../state.ts";
import { serveSteadily } from "./steady_server.ts";
import { UsageError } from "./usage.ts";
import { messageOf } from "../errors.ts";

/** Where and for whom pages are served. */
export interface Serving {
  port: number;
  listen: string;
  debug: boolean;
  state: State;
  /** Called with the address as soon as requests are answered. */
  listening(host: string, port: number): void;
}

/** Answers requests until the returned server is shut down. */
export async function serve(serving: Serving): Promise<Deno.HttpServer> {
  const { port, listen, debug, state } = serving;
  const app = new App<State>()
    .use((ctx) => {
      Object.assign(ctx.state, { exporter }, state);
      return ctx.next();
    })
    .use(staticFiles())
    .fsRoutes();
  await loadPages(app);
  const handler = app.handler();
  try {
    return serveSteadily({
      port,
      hostname: listen,
      onListen: ({ hostname: host, port }) => serving.listening(host, port),
      onError: (error) => {
        console.error(debug ? error : `error: ${messageOf(error)}`);
        return new Response("Something went wrong; the terminal says why.", { status: 500 });
      },
    }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UsageError(
        `Port ${port} is in use; choose another with --port, or --port 0 for any free one.`,
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UsageError(
        `Port ${port} may not be used by you; choose one above 1023 with --port.`,
      );
    }
    if (error instanceof Deno.errors.AddrNotAvailable) {
      throw new UsageError(
        `This machine has no address ${listen}; give one of its own to --listen.`,
      );
    }
    throw error;
  }
}

/** Tells where the dashboard is, from here and through ssh. */
export function announceAddress(host: string, port: number): void {
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}/`;
  let user = "you";
  try {
    user = userInfo().username;
  } catch {
    // A user id without a name: containers have those.
  }
  console.log(`Parsloscope shows your workflows at ${url}`);
  console.log(`From another machine:  ssh -L ${port}:${shown}:${port} ${user}@${hostname()}`);
  console.log(`then open              http://localhost:${port}/`);
  console.log("Ctrl-C stops.");
}
