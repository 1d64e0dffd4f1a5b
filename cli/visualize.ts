/** `parsloscope visualize`: the dashboard, and with `--hub` a hub in the same process. */
import { Catalog, MEMORY_MIB } from "../live/runs/catalog.ts";
import { openCatalog } from "../live/runs/open_catalog.ts";
import { announceAddress, serve } from "./dashboard.ts";
import { describeStart, HUB_OPTIONS, hubOptions, stopHub } from "./hub.ts";
import { startHub } from "../hub/hub.ts";
import { onStop } from "./stop.ts";
import { COMMON_OPTIONS, countOf, parse, portOf, UsageError } from "./usage.ts";

const DEFAULT = "runinfo/monitoring.db";

/** Serves the dashboard until Ctrl-C. */
export async function visualize(args: string[]): Promise<"help" | void> {
  const { port: _port, listen: _listen, ...shared } = HUB_OPTIONS;
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    ...shared,
    port: { type: "string", short: "p", default: "8080" },
    listen: { type: "string", short: "l", default: "127.0.0.1" },
    memory: { type: "string", default: String(MEMORY_MIB) },
    hub: { type: "boolean", default: false },
    "hub-port": { type: "string", default: "55055" },
    "hub-listen": { type: "string", default: "127.0.0.1" },
  });
  if (values.help) return "help";
  const port = portOf("port", values.port);
  const memory = countOf("memory", values.memory);
  const databases = positionals.length > 0 ? positionals : [DEFAULT];
  if (!values.hub && values["fs-radio"].length > 0) {
    throw new UsageError("--fs-radio is for a hub; add --hub.");
  }
  const hub = values.hub
    ? await startHub(
      hubOptions(databases[0], {
        ...values,
        port: values["hub-port"],
        listen: values["hub-listen"],
      }, "hub-port"),
    )
    : null;
  let catalog: Catalog | null = null;
  onStop(async () => {
    catalog?.close();
    if (hub) await stopHub(hub);
  });
  try {
    if (hub) {
      describeStart(hub);
      databases[0] = hub.database;
    }
    catalog = await openCatalog(databases, { writtenHere: hub?.database, memory });
    const state = { catalog, hub };
    const { listen, debug } = values;
    const server = await serve({ port, listen, debug, state, listening: announceAddress });
    await server.finished;
  } catch (error) {
    catalog?.close();
    await hub?.stop();
    throw error;
  }
}
