/** The file beside the database that tells where its hub is. */
import { hostname } from "node:os";
import process from "node:process";
import { type Digest, DIGESTS } from "./signing/signer.ts";

/** Where a hub is, as its file tells. */
export interface HubPlace {
  /** What it listens on; may be a wildcard such as `0.0.0.0`. */
  address: string;
  port: number;
  /** Name of the machine it runs on. */
  host: string;
  pid: number;
  digest: Digest;
  /** Epoch milliseconds. */
  started: number;
}

/** The file that tells where the hub of a database is. */
export function hubFileOf(database: string): string {
  return `${database}.hub`;
}

/** A hub's own file, as long as no other hub has put its own in its place. */
export class Announcement {
  readonly path: string;
  readonly place: HubPlace;

  constructor(path: string, place: HubPlace) {
    this.path = path;
    this.place = place;
  }

  /** Whether the file is there and tells of this hub. */
  async isOurs(): Promise<boolean> {
    const found = await readPlace(this.path);
    return found !== null && found.pid === this.place.pid && found.host === this.place.host &&
      found.started === this.place.started;
  }

  /** Removes the file, if it is still this hub's. */
  async withdraw(): Promise<void> {
    if (!await this.isOurs()) return;
    try {
      await Deno.remove(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Writes the file of a database's hub; whoever reads it sees it whole. */
export async function announce(
  database: string,
  place: Pick<HubPlace, "address" | "port" | "digest" | "started">,
): Promise<Announcement> {
  const { address, port, digest, started } = place;
  const whole: HubPlace = { address, port, host: hostname(), pid: Deno.pid, digest, started };
  const path = hubFileOf(database);
  const draft = `${path}.${Deno.pid}.tmp`;
  try {
    await Deno.writeTextFile(draft, `${JSON.stringify(whole)}\n`, { mode: 0o644 });
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
  return new Announcement(path, whole);
}

/**
 * The hub that serves a database now; null when there is none, when its file was left by one that
 * has ended, or when it cannot be reached from here.
 *
 * @param timeout milliseconds to wait for its answer
 */
export async function findRunning(database: string, timeout = 2000): Promise<HubPlace | null> {
  const place = await readPlace(hubFileOf(database));
  if (place === null) return null;
  const here = place.host === hostname();
  if (here && !isAlive(place.pid)) return null;
  const address = reachable(place, here);
  return address !== null && await answers(address, place.port, timeout) ? place : null;
}

/** Says that a hub runs already, as a sentence. */
export function describeRunning({ address, port, host, pid }: HubPlace): string {
  const name = address.includes(":") ? `[${address}]` : address;
  return `a hub (pid ${pid} on ${host}) already serves this database at ${name}:${port}`;
}

/** What a file tells; null when there is none, or when it is not a hub's. */
async function readPlace(path: string): Promise<HubPlace | null> {
  let place: Partial<Record<keyof HubPlace, unknown>> | null;
  try {
    const info = await Deno.stat(path);
    if (!info.isFile || info.size > 65_536) return null;
    place = JSON.parse(await Deno.readTextFile(path));
  } catch {
    return null;
  }
  if (typeof place !== "object" || place === null) return null;
  const { address, port, host, pid, digest, started } = place;
  if (typeof address !== "string" || typeof host !== "string") return null;
  if (!isCount(port, 65_535) || !isCount(pid, 2 ** 32)) return null;
  if (typeof digest !== "string" || !Object.hasOwn(DIGESTS, digest)) return null;
  if (typeof started !== "number") return null;
  return { address, port, host, pid, digest: digest as Digest, started };
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}

/**
 * An address to connect to: a wildcard is this machine, or that one by its name; null when it can
 * be reached from that machine only.
 */
function reachable({ address, host }: HubPlace, here: boolean): string | null {
  if (address === "0.0.0.0" || address === "") return here ? "127.0.0.1" : host;
  if (address === "::") return here ? "::1" : host;
  if (!here && /^(127\.|::1$|localhost$)/.test(address)) return null;
  return address;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, but another user's.
    return (error as { code?: string }).code === "EPERM";
  }
}

async function answers(hostname: string, port: number, timeout: number): Promise<boolean> {
  try {
    const conn = await Deno.connect({ hostname, port, signal: AbortSignal.timeout(timeout) });
    conn.close();
    return true;
  } catch {
    return false;
  }
}
