/** Listens for requests: on an address, with TLS or without, or on a socket of the file system. */
import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  createServer as createListener,
  type Server as Listener,
  type Socket,
} from "node:net";
import type { Duplex } from "node:stream";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { Connections } from "./connections.ts";
import type { AdmittingAnswer } from "./gate.tsx";
import { Door, type Spot } from "./door.ts";
import { CLOSED_HEADERS, secured } from "./headers.ts";
import { isEverywhere } from "./served_names.ts";
import { type SocketFile, socketFile } from "./socket_file.ts";

/** A certificate and its key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Where to listen. */
export type Place =
  | { kind: "address"; address: string; port: number }
  | { kind: "socket"; path: string };

/** What a server is made of. */
export interface Serving {
  place: Place;
  /** Null for plain text. */
  certificate: Certificate | null;
  /** Gives how many connections are held at most; asked when there are a few. */
  connections(): number;
  answer: AdmittingAnswer;
  /** Told of what went wrong in making an answer, which then is one sentence. */
  failed(error: unknown): void;
  /** Milliseconds between looks whether connections still come in. */
  lookMs?: number;
}

/** A server that answers. */
export interface Server {
  /** The port, with an address. */
  readonly port: number | null;
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
  /** Ends it: what is being answered has a moment. */
  shutdown(): Promise<void>;
}

/** Limits of what a request may take, before anything of it is looked at. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 1000,
  // It is asked below, and refused with our headers.
  requireHostHeader: false,
};
/** Milliseconds that answers under way have when a server ends. */
const LAST_MS = 500;

/**
 * Begins to listen.
 *
 * @throws {Error} of Node, with a `code`, when it cannot
 */
export async function listen(serving: Serving): Promise<Server> {
  const { certificate, lookMs } = serving;
  let { place } = serving;
  const connections = new Connections(serving.connections);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // Whole addresses are for proxies, and of two hosts either could be meant.
    if (!request.url?.startsWith("/") || !isAddressed(request)) return refuse(new Error(), socket);
    if (!connections.asked(socket)) return;
    response.once("finish", () => connections.answered(socket));
    const admit = () => connections.busy(socket);
    createRequestListener((request) => answered(request, serving, admit), {
      onError: (error) => broken(error, serving),
    })(request, response);
  };
  const server = certificate
    ? createTlsServer({ ...LIMITS, ...certificate }, listener)
    : createServer(LIMITS, listener);
  // With TLS a connection counts from its first byte on, not from its handshake.
  server.on("connection", (socket: Socket) => connections.take(socket));
  server.on("clientError", refuse);
  // What this server has nothing to say to, Node would answer by itself, without our headers.
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => refuse(new Error(), socket));
  server.on("checkExpectation", ({ socket }: IncomingMessage) => refuse(new Error(), socket));
  let file: SocketFile | null = null;
  const finished = Promise.withResolvers<void>();
  const begin = async (listener: Listener) => {
    if (place.kind === "address") return await begun(listener, place.port, place.address);
    file = await socketFile(place.path);
    try {
      await begun(listener, file.madeAt);
      await file.publish();
    } catch (error) {
      await file.remove();
      throw error;
    }
  };
  await begin(server);
  server.on("error", serving.failed);
  const port = place.kind === "socket" ? null : (server.address() as AddressInfo).port;
  if (place.kind === "address") place = { ...place, port: port! };
  const door = new Door(server, spotOf(place), async () => {
    const next = createListener((socket) => server.emit("connection", socket));
    await begin(next);
    // It counts the time of requests while it listens, or thinks so.
    server.emit("listening");
    return next;
  }, lookMs);
  return {
    port,
    finished: finished.promise,
    async shutdown() {
      door.close();
      server.closeIdleConnections();
      await connections.ended(LAST_MS);
      await file?.remove();
      finished.resolve();
    },
  };
}

/** Resolves when it listens. */
function begun(listener: Listener, ...where: [path: string] | [port: number, address: string]) {
  return new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    const listening = () => {
      listener.off("error", reject);
      resolve();
    };
    if (where.length === 1) listener.listen(where[0], listening);
    else listener.listen(where[0], where[1], listening);
  });
}

/** Where a server is reached from its own machine. */
function spotOf(place: Place): Spot {
  if (place.kind === "socket") return { path: place.path };
  const { address, port } = place;
  return { host: isEverywhere(address) ? "localhost" : address, port };
}

async function answered(
  request: Request,
  { answer }: Serving,
  admit: () => void,
): Promise<Response> {
  return secured(await answer(request, admit));
}

/** Whether a request names one host; of HTTP/1.0, none either. */
function isAddressed({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host").length;
  return hosts === 1 || hosts === 0 && httpVersion !== "1.1";
}

/** What is answered when no answer could be made. */
function broken(error: unknown, { failed }: Serving): Response {
  // Fresh throws a URIError when bytes of a path are no text.
  if (
    error instanceof URIError ||
    error instanceof TypeError && /url|method/i.test(error.message)
  ) {
    return secured(plain(400, "The request cannot be understood.\n"));
  }
  failed(error);
  return secured(plain(500, "Something went wrong; the terminal says why.\n"));
}

function plain(status: number, body: string): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}

/** What is no request: an answer of one line to whoever sent it, and none on the terminal. */
function refuse(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [status, why] = error.code === "HPE_HEADER_OVERFLOW"
    ? ["431 Request Header Fields Too Large", "The headers of the request are too long.\n"]
    : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
    ? ["408 Request Timeout", "The request took too long.\n"]
    : ["400 Bad Request", "The request cannot be understood.\n"];
  const headers = [
    ...CLOSED_HEADERS,
    ["content-type", "text/plain; charset=utf-8"],
    ["content-length", String(why.length)],
    ["connection", "close"],
  ].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n${why}`);
  // Whoever does not read this is not waited for.
  setTimeout(() => socket.destroy(), LAST_MS).unref();
}
