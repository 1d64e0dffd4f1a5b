/** `parsloscope visualize`: the dashboard, and with `--hub` a hub in the same process. */
import { Catalog, MEMORY_MIB } from "../live/runs/catalog.ts";
import { openCatalog } from "../live/runs/open_catalog.ts";
import { announceAddress, beginPages, removeSocket } from "./dashboard.ts";
import { describeStart, HUB_OPTIONS, hubOptions, stopHub } from "./hub.ts";
import { startHub } from "../hub/hub.ts";
import type { Server } from "../web/server.ts";
import { beginReading } from "../store/open.ts";
import { accessOf, placeOf, SERVING_OPTIONS } from "./serving.ts";
import { onStop } from "./stop.ts";
import { COMMON_OPTIONS, countOf, parse, UsageError } from "./usage.ts";

const DEFAULT = "runinfo/monitoring.db";

/** Gives up permissions that are needed no more: what comes now comes from the network. */
async function giveUp(...names: ("write" | "ffi")[]): Promise<void> {
  for (const name of names) await Deno.permissions.revoke({ name });
}

/** Serves the dashboard until Ctrl-C. */
export async function visualize(args: string[]): Promise<"help" | void> {
  const { port: _port, listen: _listen, ...shared } = HUB_OPTIONS;
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    ...shared,
    ...SERVING_OPTIONS,
    memory: { type: "string", default: String(MEMORY_MIB) },
    hub: { type: "boolean", default: false },
    "hub-port": { type: "string", default: "55055" },
    "hub-listen": { type: "string", default: "127.0.0.1" },
  });
  if (values.help) return "help";
  const access = await accessOf(placeOf(values.listen, values.port), values);
  const memory = countOf("memory", values.memory);
  const databases = positionals.length > 0 ? positionals : [DEFAULT];
  if (!values.hub && values["fs-radio"].length > 0) {
    throw new UsageError("--fs-radio is for a hub; add --hub.");
  }
  beginReading();
  const pages = beginPages();
  const starting = values.hub
    ? startHub(
      hubOptions(databases[0], {
        ...values,
        port: values["hub-port"],
        listen: values["hub-listen"],
      }, "hub-port"),
    )
    : null;
  let catalog: Catalog | null = null;
  let server: Server | null = null;
  onStop(async () => {
    catalog?.close();
    if (starting) await stopHub(await starting);
    await removeSocket(access, server);
  });
  const hub = await starting;
  try {
    if (hub) {
      describeStart(hub);
      databases[0] = hub.database;
    }
    catalog = await openCatalog(databases, { writtenHere: hub?.database, memory });
    const state = { catalog, hub };
    const { debug } = values;
    server = await pages.serve({ access, debug, state, listening: announceAddress });
    if (!hub && access.place.kind === "address") await giveUp("write", "ffi");
    await server.finished;
  } catch (error) {
    catalog?.close();
    await hub?.stop();
    throw error;
  }
}
