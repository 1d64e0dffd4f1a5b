/** Serving pages: the whole dashboard, or those of the hub alone. */
import { App, staticFiles } from "fresh";
import { loadPages } from "../installation/pages.ts";
import { exporter } from "../installation/exporter.ts";
import type { State } from "../state.ts";
import { mostConnections } from "../web/connections.ts";
import { type AdmittingAnswer, gated } from "../web/gate.tsx";
import { listen, type Server } from "../web/server.ts";
import { type Access, type Addresses, addressesOf, cookiePlace, whereTokenIs } from "./serving.ts";
import { UsageError } from "./usage.ts";
import { messageOf } from "../errors.ts";
import { complain, say, warn } from "../say.ts";

/** What is served, and to whom. */
export interface Serving {
  access: Access;
  debug: boolean;
  state: State;
  /** The page that the printed addresses lead to. */
  path?: string;
  /** Called with the addresses as soon as requests are answered. */
  listening(addresses: Addresses): void;
}

/** Pages whose modules are loaded, or are being loaded. */
export interface Pages {
  /** Answers requests until the returned server is shut down. */
  serve(serving: Serving): Promise<Server>;
}

/** Begins to load the pages: databases can be opened meanwhile. */
export function beginPages(): Pages {
  let state: State;
  const app = new App<State>()
    .use((ctx) => {
      Object.assign(ctx.state, { exporter }, state);
      return ctx.next();
    })
    .use(staticFiles())
    .fsRoutes();
  const loaded = loadPages(app);
  // Whoever serves them hears of it.
  loaded.catch(() => {});
  return {
    async serve(serving) {
      await loaded;
      state = serving.state;
      return await serve(serving, app.handler());
    },
  };
}

async function serve(
  { access, debug, state, path, listening }: Serving,
  pages: (request: Request) => Promise<Response>,
): Promise<Server> {
  const { place, token, certificate, names, warnings } = access;
  // Which cookies are this server's is known when it has its port.
  const gate = Promise.withResolvers<AdmittingAnswer>();
  const server = await listen({
    place,
    certificate,
    connections: () => mostConnections(state.hub !== null),
    answer: async (request, admit) => await (await gate.promise)(request, admit),
    failed: (error) => debug ? complain(error) : warn(`error: ${messageOf(error)}`),
  }).catch((error) => {
    throw explained(error, access);
  });
  gate.resolve(
    gated((request) => pages(request), {
      token: token?.value ?? null,
      place: cookiePlace(place, server.port),
      names,
      secure: certificate !== null,
      whereItIs: whereTokenIs(token),
    }),
  );
  for (const warning of warnings) warn(`parsloscope: ${warning}`);
  listening(await addressesOf(access, server.port, path));
  return server;
}

/** Why a server cannot listen, for whoever chose where. */
function explained(error: Error & { code?: string }, { place }: Access): Error {
  if (place.kind === "socket") return error;
  const { address, port } = place;
  switch (error.code) {
    case "EADDRINUSE":
      return new UsageError(
        `Port ${port} is in use; choose another with --port, or --port 0 for any free one.`,
      );
    case "EACCES":
    case "EPERM":
      return new UsageError(
        `Port ${port} may not be used by you; choose one above 1023 with --port.`,
      );
    case "EADDRNOTAVAIL":
    case "EINVAL":
    case "ENOTFOUND":
      return new UsageError(
        `This machine has no address ${address}; give one of its own to --listen.`,
      );
    default:
      return error;
  }
}

/** Ends a server that listens on a socket: else that would stay in the file system. */
export async function removeSocket({ place }: Access, server: Server | null): Promise<void> {
  if (place.kind === "socket") await server?.shutdown();
}

/** Tells where the dashboard is, from here and through ssh. */
export function announceAddress({ here, elsewhere: [ssh, open] }: Addresses): void {
  say(`Parsloscope shows your workflows at ${here}`);
  say(`From another machine:  ${ssh}`);
  say(`then open              ${open}`);
  say("Ctrl-C stops.");
}
