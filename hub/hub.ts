/** The hub as a whole: a thread that receives, a thread that writes, and what is said about them. */
import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveNewTarget } from "../store/new_target.ts";
import { DatabaseError } from "../store/database.ts";
import metadata from "../deno.json" with { type: "json" };
import type { Accounts } from "./accounts.ts";
import { announce, type Announcement, describeRunning, findRunning } from "./discovery.ts";
import { type Digest, DIGESTS, Signer } from "./signing/signer.ts";
import { fail, IngestThread, PortInUse } from "./ingest/ingest_thread.ts";
import type { IngestAccounts } from "./ingest/ledger.ts";
import { KEY_VARIABLE, type LoadedKey, loadKey } from "./signing/key.ts";
import { HubError } from "./signing/hub_error.ts";
import { refuseLinks } from "./beside.ts";
import { holdsKey } from "./lane/knock.ts";
import { UdpCounters } from "./udp/counters.ts";
import { type Receiver, startReceiver } from "./udp/receiver.ts";
import { OpenFailure } from "./udp/transport.ts";

/** What a hub is started with. */
export interface HubOptions {
  /** Path or URL of the database; made when it is not there. */
  database: string;
  /** Address or host name to listen on. */
  address: string;
  /** Port for UDP and TCP; 0 picks one that is free on both. */
  port: number;
  /** The file of the key; null for the one beside the database. */
  keyFile: string | null;
  digest: Digest;
  allowUnsigned: boolean;
  /** Run directories, or directories of runs, whose filesystem radio is read. */
  fsRadio: string[];
  journalMode: "wal" | "delete";
  /** Does not take datagrams through libc. */
  plain: boolean;
  /** Bytes that may wait on disk for which memory was used up. */
  spillLimit: number;
}

/** A running hub. */
export interface Hub {
  address: string;
  port: number;
  /** How datagrams are taken, and the receive buffer that the kernel granted, in bytes. */
  path: Accounts["udp"]["path"];
  buffer: number | null;
  /** Absolute path. */
  database: string;
  /** Where the key came from, for people. */
  keySource: string;
  warnings: string[];
  accounts(): Promise<Accounts>;
  /** Resolves when no client was there and nothing came for `seconds`. */
  idle(seconds: number): Promise<void>;
  /** Takes what still arrives, commits all, acknowledges, and gives the last accounts. */
  stop(): Promise<Accounts>;
}

/** Bytes of datagrams that the writer may be behind before they wait in the receiver. */
const CREDIT_BYTES = 64 * 2 ** 20;
/** How often a free port is looked for that is free on UDP and TCP. */
const PORT_ATTEMPTS = 20;

/** Another hub serves the database. */
class RunsAlready extends HubError {}

/**
 * Starts a hub.
 *
 * @throws {HubError} when it cannot listen, has no usable key, or the database has a hub already
 * @throws {DatabaseError} when the database cannot be opened for writing
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const database = await resolveNewTarget(options.database);
  await refuseLinks(database);
  const address = await resolveAddress(options.address);
  const key = await loadKey({
    keyFile: options.keyFile ?? undefined,
    database,
    env: Deno.env,
    size: DIGESTS[options.digest],
  });
  try {
    const other = await findRunning(
      database,
      (place, digest, timeout) => holdsKey(place, new Signer(key.key, digest), timeout),
    );
    if (other) {
      throw new RunsAlready(`${capital(describeRunning(other))}; use it, or stop it first.`);
    }
    return await start(options, database, address, key);
  } catch (error) {
    // Nothing is left beside a file that is no database, or where there is another hub.
    const isLeft = error instanceof DatabaseError || error instanceof RunsAlready;
    if (isLeft && key.made && key.file !== null) {
      await Deno.remove(key.file).catch(() => {});
    }
    throw error;
  }
}

async function start(
  options: HubOptions,
  database: string,
  address: string,
  key: LoadedKey,
): Promise<Hub> {
  const { digest, journalMode, fsRadio } = options;
  const started = Date.now();
  for (let attempt = 1;; attempt++) {
    const channel = new MessageChannel();
    const ingest = new IngestThread();
    // Without credit nothing leaves the receiver and its spill file for a writer that may not start.
    const counters = new UdpCounters();
    counters.consume(-CREDIT_BYTES);
    const receiver = await startReceiver({
      address,
      port: options.port,
      key: key.key,
      digest,
      allowUnsigned: options.allowUnsigned,
      spillPath: `${database}.spill`,
      spillLimit: options.spillLimit,
      to: channel.port1,
      counters,
      creditLimit: CREDIT_BYTES,
      tuning: { forcePlain: options.plain },
      onFailure: fail,
      onProblem: (problem) => problem && ingest.warn(problem),
    }).catch((error) => {
      ingest.terminate();
      throw error instanceof OpenFailure ? new HubError(error.message) : error;
    });
    try {
      await ingest.start({
        kind: "start",
        database,
        journalMode,
        address,
        port: receiver.port,
        key: key.key,
        digest,
        version: metadata.version,
        fsRadio,
        datagrams: channel.port2,
        counters: counters.shared,
      });
      counters.consume(CREDIT_BYTES);
    } catch (error) {
      await receiver.stop();
      // Free on UDP does not mean free on TCP.
      if (options.port === 0 && attempt < PORT_ATTEMPTS && error instanceof PortInUse) continue;
      throw error;
    }
    const place = { address, port: receiver.port, digest, started };
    const announcement = await announce(database, place).catch(async (error) => {
      await receiver.stop();
      await ingest.stop();
      throw new HubError(`The file ${database}.hub cannot be written: ${error.message}`);
    });
    return new RunningHub(database, started, receiver, ingest, announcement, key);
  }
}

class RunningHub implements Hub {
  readonly #receiver: Receiver;
  readonly #ingest: IngestThread;
  readonly #announcement: Announcement;
  readonly #started: number;
  #stopping: Promise<Accounts> | null = null;
  readonly database: string;
  readonly keySource: string;
  readonly warnings: string[];

  constructor(
    database: string,
    started: number,
    receiver: Receiver,
    ingest: IngestThread,
    announcement: Announcement,
    key: LoadedKey,
  ) {
    this.database = database;
    this.#started = started;
    this.#receiver = receiver;
    this.#ingest = ingest;
    this.#announcement = announcement;
    this.keySource = key.file ?? KEY_VARIABLE;
    if (key.made) this.keySource += " (new)";
    this.warnings = [key.warning, announcement.problem].filter((one) => one !== null);
  }

  get address(): string {
    return this.#receiver.address;
  }

  get port(): number {
    return this.#receiver.port;
  }

  get path() {
    return this.#receiver.path;
  }

  get buffer() {
    return this.#receiver.buffer;
  }

  async accounts(): Promise<Accounts> {
    return this.#compose(await this.#ingest.accounts(), this.#drops());
  }

  async idle(seconds: number): Promise<void> {
    let before = -1;
    for (let silent = 0; silent < seconds;) {
      const step = Math.min(5, seconds - silent);
      await sleep(step * 1000);
      const { udp, lane, files } = await this.accounts();
      const now = udp.received + lane.received + files.received;
      silent = lane.connections > 0 || now !== before ? 0 : silent + step;
      before = now;
    }
  }

  stop(): Promise<Accounts> {
    this.#stopping ??= (async () => {
      const drops = this.#drops();
      await this.#receiver.stop();
      const last = await this.#ingest.stop();
      await this.#announcement.withdraw();
      return this.#compose(last, drops);
    })();
    return this.#stopping;
  }

  #drops(): number | null {
    return this.#receiver.drops();
  }

  #compose(ingest: IngestAccounts, drops: number | null): Accounts {
    const counters = this.#receiver.counters();
    return {
      version: metadata.version,
      pid: Deno.pid,
      database: this.database,
      started: this.#started,
      udp: {
        address: this.#receiver.address,
        port: this.#receiver.port,
        path: this.#receiver.path,
        buffer: this.#receiver.buffer,
        received: counters.received,
        bytes: counters.bytes,
        badSignature: counters.badSignature,
        truncated: counters.truncated,
        kernelDrops: drops,
      },
      ...ingest,
      queue: {
        messages: ingest.queue.messages + counters.pendingRaw,
        bytes: ingest.queue.bytes + counters.pendingBytes,
        spilled: counters.spilledBytes,
        dropped: counters.dropped,
      },
    };
  }
}

function capital(sentence: string): string {
  return sentence[0].toUpperCase() + sentence.slice(1);
}

/** The numeric address of a host name, as the system resolves it. */
async function resolveAddress(name: string): Promise<string> {
  try {
    return (await lookup(name)).address;
  } catch {
    throw new HubError(
      `The name ${name} has no address here; give --listen an address of this machine.`,
    );
  }
}
