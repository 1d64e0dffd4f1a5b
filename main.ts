import { hostname, userInfo } from "node:os";
import { parseArgs } from "node:util";
import { App, staticFiles } from "fresh";
import { loadProject } from "./fresh/dev.ts";
import type { State } from "./state.ts";
import { Catalog } from "./store/catalog.ts";
import { DatabaseError } from "./store/database.ts";

const USAGE = `Parsloscope: monitoring for Parsl workflows

  parsloscope visualize [DB ...] [-p PORT] [-l ADDRESS] [-d]
      shows monitoring databases; DB is sqlite:////abs/path.db, a path, or a run directory;
      default runinfo/monitoring.db, port 8080, address 127.0.0.1
  parsloscope demo [-p PORT] [-l ADDRESS]
      shows a bundled recording of real runs

  -p, --port PORT       port of the dashboard; 0 picks a free one
  -l, --listen ADDRESS  address to listen on
  -d, --debug           say more about errors
  -h, --help            this text
`;

/** The user's mistake, in one sentence that says what to do. */
class UsageError extends Error {}

interface Options {
  databases: string[];
  port: number;
  listen: string;
  debug: boolean;
}

function options(args: string[]): Options | null {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string", short: "p", default: "8080" },
        listen: { type: "string", short: "l", default: "127.0.0.1" },
        debug: { type: "boolean", short: "d", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const message = (error as Error).message.split(". ")[0];
    throw new UsageError(`${message}; --help lists the options.`);
  }
  const { values, positionals } = parsed;
  if (values.help) return null;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}".`);
  }
  return { databases: positionals, port, listen: values.listen, debug: values.debug };
}

/** Serves the dashboard until Ctrl-C. */
async function visualize({ databases, port, listen, debug }: Options): Promise<void> {
  const catalog = await Catalog.open(
    databases.length > 0 ? databases : ["runinfo/monitoring.db"],
  );
  const app = new App<State>()
    .use((ctx) => {
      ctx.state.catalog = catalog;
      return ctx.next();
    })
    .use(staticFiles())
    .fsRoutes();
  await loadProject(app, { root: new URL(".", import.meta.url) });
  const handler = app.handler();
  let server: Deno.HttpServer;
  try {
    server = Deno.serve({
      port,
      hostname: listen,
      onListen: ({ hostname: host, port }) => announce(host, port),
      onError: (error) => {
        console.error(debug ? error : `error: ${error instanceof Error ? error.message : error}`);
        return new Response("Something went wrong; the terminal says why.", { status: 500 });
      },
    }, handler);
  } catch (error) {
    catalog.close();
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
  const stop = () => {
    catalog.close();
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
  await server.finished;
}

/** Tells where the dashboard is, from here and through ssh. */
function announce(host: string, port: number): void {
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

async function main(args: string[]): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case "visualize":
    case "demo": {
      const parsed = options(rest);
      if (!parsed) return console.log(USAGE);
      if (command === "demo") {
        if (parsed.databases.length > 0) {
          throw new UsageError("demo takes no database; use visualize to open your own.");
        }
        parsed.databases = [
          decodeURIComponent(new URL("tests/fixtures/climate.db", import.meta.url).pathname),
        ];
      }
      return await visualize(parsed);
    }
    case "hub":
    case "export":
      console.error(`parsloscope: "${command}" is not part of this version yet.`);
      Deno.exit(2);
      break;
    case undefined:
    case "help":
    case "-h":
    case "--help":
      console.log(USAGE);
      return;
    default:
      throw new UsageError(`There is no command "${command}"; --help lists them.`);
  }
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (error instanceof UsageError || error instanceof DatabaseError) {
      console.error(`parsloscope: ${error.message}`);
      Deno.exit(error instanceof UsageError ? 2 : 1);
    }
    throw error;
  }
}
