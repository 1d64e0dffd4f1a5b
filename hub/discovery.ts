/** The file beside the database that tells where its hub is. */
import { existsSync } from "node:fs";
import { getPriority, hostname } from "node:os";
import { messageOf } from "../errors.ts";
import { isAnothers, makeDraft, objectionTo, readShort } from "./own_file.ts";
import { type Digest, DIGESTS } from "./signing/signer.ts";

/** Bytes of the longest file that is looked at; a hub's own has a few hundred. */
const LONGEST_FILE_BYTES = 65_536;

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
  /** Why there is no file, as a sentence; null when there is. */
  readonly problem: string | null;

  constructor(path: string, place: HubPlace, problem: string | null) {
    this.path = path;
    this.place = place;
    this.problem = problem;
  }

  /** Whether the file is there and tells of this hub. */
  isOurs(): boolean {
    const found = readPlace(this.path)?.place;
    return found !== undefined && found.pid === this.place.pid && found.host === this.place.host &&
      found.started === this.place.started;
  }

  /** Removes the file, if it is still this hub's. */
  async withdraw(): Promise<void> {
    if (!this.isOurs()) return;
    try {
      await Deno.remove(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/**
 * Writes the file of a database's hub; whoever reads it sees it whole. What is there and no hub's
 * stays there: the hub goes on without a file, as its `problem` says.
 */
export async function announce(
  database: string,
  place: Pick<HubPlace, "address" | "port" | "digest" | "started">,
): Promise<Announcement> {
  const { address, port, digest, started } = place;
  const whole: HubPlace = { address, port, host: hostname(), pid: Deno.pid, digest, started };
  const path = hubFileOf(database);
  const obstacle = obstacleAt(path);
  if (obstacle !== null) {
    const problem = `The file ${path} ${obstacle}, and is left alone: until it is taken away and ` +
      `the hub started again, programs find the hub only if they are told its port, ${port}.`;
    return new Announcement(path, whole, problem);
  }
  const draft = makeDraft(path, `${JSON.stringify(whole)}\n`);
  try {
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
  return new Announcement(path, whole, null);
}

/** Why what is at a path cannot be replaced, as half a sentence; null when it can. */
function obstacleAt(path: string): string | null {
  const objection = objectionTo(path);
  if (objection !== null) return objection;
  const found = readShort(path, LONGEST_FILE_BYTES);
  // A power cut may leave an empty one of ours.
  if (found?.text === "" || readPlace(path) !== null) return null;
  return existsSync(path) ? "was not made by a hub" : null;
}

/**
 * The hub that serves a database now; null when there is none, when its file was left by one that
 * has ended, or when it cannot be reached from here.
 *
 * @param holdsKey asked about a file of another user: whether what is there holds the hub's key.
 *   Anybody can write where something listens
 * @param timeout milliseconds to wait for its answer
 */
export async function findRunning(
  database: string,
  holdsKey: KeyCheck,
  timeout = 2000,
): Promise<HubPlace | null> {
  const found = readPlace(hubFileOf(database));
  if (found === null) return null;
  const { place, isAnothers } = found;
  const here = place.host === hostname();
  if (here && !isAlive(place.pid)) return null;
  const address = reachable(place, here);
  if (address === null) return null;
  const { port, digest } = place;
  const answered = isAnothers
    ? holdsKey({ hostname: address, port }, digest, timeout)
    : answers(address, port, timeout);
  return await answered ? place : null;
}

/** Whether what listens at a place holds a key; waits for its answer so many milliseconds. */
export type KeyCheck = (
  place: { hostname: string; port: number },
  digest: Digest,
  timeout: number,
) => Promise<boolean>;

/** Says that a hub runs already, as a sentence. */
export function describeRunning({ address, port, host, pid }: HubPlace): string {
  const name = address.includes(":") ? `[${address}]` : address;
  return `a hub (pid ${pid} on ${host}) already serves this database at ${name}:${port}`;
}

/** What a file tells, and whether it is another user's; null when it is no hub's. */
function readPlace(path: string): { place: HubPlace; isAnothers: boolean } | null {
  const found = readShort(path, LONGEST_FILE_BYTES);
  if (found === null) return null;
  let told: Partial<Record<keyof HubPlace, unknown>> | null;
  try {
    told = JSON.parse(found.text);
  } catch {
    return null;
  }
  if (typeof told !== "object" || told === null) return null;
  const { address, port, host, pid, digest, started } = told;
  if (typeof address !== "string" || typeof host !== "string") return null;
  if (!isCount(port, 65_535) || !isCount(pid, 2 ** 32)) return null;
  if (typeof digest !== "string" || !Object.hasOwn(DIGESTS, digest)) return null;
  if (typeof started !== "number") return null;
  const place = { address, port, host, pid, digest: digest as Digest, started };
  return { place, isAnothers: isAnothers(found.uid) };
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

/**
 * Whether there is a process with this number, whoever owns it. Its priority is asked for, as that
 * needs no permission to signal others; without permission to ask, who answers is believed.
 */
function isAlive(pid: number): boolean {
  try {
    getPriority(pid);
    return true;
  } catch (error) {
    return !messageOf(error).includes("ESRCH");
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
