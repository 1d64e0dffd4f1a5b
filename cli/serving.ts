/** Where and for whom pages are served: the options that say it, and what is printed of it. */
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { hostname, networkInterfaces, userInfo } from "node:os";
import { resolve } from "node:path";
import { inUrl, isEverywhere, isLoopback, type Machine, ServedNames } from "../web/served_names.ts";
import type { Certificate, Place } from "../web/server.ts";
import { type Token, userToken } from "../web/token.ts";
import { readCertificate } from "./certificate.ts";
import { portOf, UsageError } from "./usage.ts";

/** The options of every command that serves pages, for `parse`. */
export const ACCESS_OPTIONS = {
  "no-token": { type: "boolean", default: false },
  "yes-public": { type: "boolean", default: false },
  host: { type: "string", multiple: true, default: [] as string[] },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
} as const;

/** Those, and where to listen. */
export const SERVING_OPTIONS = {
  ...ACCESS_OPTIONS,
  port: { type: "string", short: "p", default: "8080" },
  listen: { type: "string", short: "l", default: "127.0.0.1" },
} as const;

/** The values of `ACCESS_OPTIONS`. */
export interface AccessValues {
  "no-token": boolean;
  "yes-public": boolean;
  host: string[];
  "tls-cert"?: string;
  "tls-key"?: string;
}

/** Where pages are served, and who may look at them. */
export interface Access {
  place: Place;
  token: Token | null;
  names: ServedNames;
  certificate: Certificate | null;
  /** What a server is not to be begun without saying. */
  warnings: string[];
}

const SOCKET = "unix:";

/** Where to listen, as the options say. */
export function placeOf(listen: string, port: string): Place {
  if (listen.startsWith(SOCKET)) {
    const path = listen.slice(SOCKET.length);
    if (path === "") throw new UsageError("--listen unix:PATH takes the path of a socket.");
    return { kind: "socket", path: resolve(path) };
  }
  if (listen.trim() === "") throw new UsageError("--listen takes an address, or unix:PATH.");
  return { kind: "address", address: spelledOut(listen), port: portOf("port", port) };
}

/** An address as it is known: `0` and `[::]` are all addresses, `127.1` is this machine. */
function spelledOut(address: string): string {
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  // A name is what it is; what is no address after all, the system will say.
  const url = /^[\d.:a-fx]+$/i.test(bare) ? URL.parse(`http://${inUrl(bare)}`) : null;
  return url === null ? address : url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * Who may look.
 *
 * @throws {UsageError} when everybody on the network could, and that was not said to be meant
 */
export async function accessOf(place: Place, values: AccessValues): Promise<Access> {
  const address = place.kind === "address" ? place.address : null;
  const isPublic = address !== null && !isLoopback(address);
  if (values["no-token"] && isPublic && !values["yes-public"]) {
    throw new UsageError(
      `Everybody who reaches ${address} could look: leave --no-token out, or add --yes-public ` +
        "if that is meant.",
    );
  }
  for (const name of values.host) {
    if (/^[\w.-]{1,255}$|^\[[\da-f:.]+\]$/i.test(name)) continue;
    throw new UsageError(`--host takes a name without port and slashes, not "${name}".`);
  }
  const certificate = await certificateOf(values);
  const warnings: string[] = [];
  if (isPublic && !certificate) {
    warnings.push(
      `What goes between ${address} and a browser can be read on the network, the token too: ` +
        "give --tls-cert and --tls-key, or listen on 127.0.0.1 and come through ssh.",
    );
  }
  const token = values["no-token"]
    ? null
    : await userToken({ env: (name) => Deno.env.get(name), uid: Deno.uid() });
  if (token?.keptIn === null) {
    warnings.push(
      "The token cannot be kept in your home, so each start has another; PARSLOSCOPE_TOKEN may " +
        "hold one.",
    );
  }
  return {
    place,
    token,
    names: new ServedNames(address, machine(), values.host),
    certificate,
    warnings,
  };
}

async function certificateOf(values: AccessValues): Promise<Certificate | null> {
  const { "tls-cert": cert, "tls-key": key } = values;
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined || key === undefined) {
    throw new UsageError("--tls-cert and --tls-key go together: give both.");
  }
  return await readCertificate(cert, key);
}

function machine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return { hostname: hostname(), addresses: addresses.map(({ address }) => address) };
}

/** What tells the cookies of a server from those of others of the same host. */
export function cookiePlace(place: Place, port: number | null): string {
  return place.kind === "address"
    ? String(port)
    : createHash("sha256").update(place.path).digest("hex").slice(0, 12);
}

/** Where a token is found, in one sentence for people. */
export function whereTokenIs(token: Token | null): string {
  const printed = "It is at the end of the address that was printed where Parsloscope was started";
  if (token === null) return "";
  if (token.keptIn === null) return `${printed}.`;
  return token.keptIn.includes("/")
    ? `${printed}, and in the file ~/.local/share/parsloscope/token there.`
    : `${printed}.`;
}

/** Where pages are, for whoever reads it on the terminal. */
export interface Addresses {
  /** The address to open here, with its token. */
  here: string;
  /** How to come from another machine, and what to open then. */
  elsewhere: [ssh: string, open: string];
}

/** The addresses of a server that listens. */
export async function addressesOf(
  { place, token, certificate }: Access,
  port: number | null,
  path = "/",
): Promise<Addresses> {
  const scheme = certificate ? "https" : "http";
  const end = token === null ? path : `${path}?token=${token.value}`;
  const login = `${userName()}@${hostname()}`;
  if (place.kind === "socket") {
    const at = await realpath(place.path).catch(() => place.path);
    return {
      here: `${place.path} (a socket)`,
      elsewhere: [`ssh -L 8080:${at} ${login}`, `${scheme}://localhost:8080${end}`],
    };
  }
  const everywhere = isEverywhere(place.address);
  const name = everywhere ? hostname() : place.address;
  const far = everywhere ? "localhost" : inUrl(place.address);
  return {
    here: `${scheme}://${inUrl(name)}:${port}${end}`,
    elsewhere: [`ssh -L ${port}:${far}:${port} ${login}`, `${scheme}://localhost:${port}${end}`],
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name: containers have those.
    return "you";
  }
}
