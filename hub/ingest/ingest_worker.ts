/// <reference lib="deno.worker" />
/** The thread that decodes and writes. It also serves the reliable lane and reads radios' files. */
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "../../store/database.ts";
import { openWriter } from "../../store/open_writer.ts";
import type { Digest } from "../signing/signer.ts";
import { Signer } from "../signing/signer.ts";
import { FsRadio } from "../radio/fs_radio.ts";
import { Ingest } from "./ingest.ts";
import { startLane } from "../lane/server.ts";
import { type IngestAccounts, Ledger } from "./ledger.ts";
import { Quarantine, quarantineFileOf } from "./quarantine.ts";
import { trimWhenQuiet } from "./trim.ts";
import { UdpCounters } from "../udp/counters.ts";
import type { DatagramBatch } from "../udp/pipeline.ts";

/** What the thread is told first. */
export interface IngestStart {
  kind: "start";
  database: string;
  journalMode: "wal" | "delete";
  address: string;
  port: number;
  key: Uint8Array;
  digest: Digest;
  version: string;
  fsRadio: string[];
  /** Brings batches of datagrams from the receiver's thread. */
  datagrams: MessagePort;
  /** The receiver's counters, which are told what is done. */
  counters: SharedArrayBuffer;
}
export type IngestRequest = IngestStart | { kind: "accounts"; id: number } | { kind: "stop" };
export type IngestAnswer =
  | { kind: "ready" }
  | { kind: "failed"; reason: StartFailure; message: string }
  | { kind: "accounts"; id: number; accounts: IngestAccounts }
  | { kind: "warning"; message: string }
  | { kind: "stopped"; accounts: IngestAccounts };

/** What kept the thread from starting: the database cannot be written, the port is taken, or else. */
export type StartFailure = "database" | "in-use" | "other";

function failureOf(error: unknown): StartFailure {
  if (error instanceof DatabaseError) return "database";
  return error instanceof Deno.errors.AddrInUse ? "in-use" : "other";
}

interface Running {
  accounts(): Promise<IngestAccounts>;
  /** Writes all that was taken in; gives the last accounts. */
  stop(): Promise<IngestAccounts>;
}

async function start(options: IngestStart): Promise<Running> {
  const { database, journalMode, address, port } = options;
  const writer = await openWriter(database, { journalMode });
  const ledger = new Ledger(await writer.names());
  const quarantine = new Quarantine(quarantineFileOf(database), { report });
  const counters = new UdpCounters(options.counters);
  const ingest = new Ingest(writer, quarantine, ledger, ({ clients, files, datagramBytes }) => {
    counters.consume(datagramBytes);
    for (const [client, sequence] of clients) lane.committed(client, sequence);
    for (const { radio, name, understood } of files) radio.committed(name, understood);
  }, report);
  const lane = await Promise.resolve().then(() =>
    startLane({
      address,
      port,
      signer: new Signer(options.key, options.digest),
      hello: { hub: options.version, database },
      counters: ledger.lane,
      acknowledged: (client) => writer.acknowledged(client),
      take: (client, sequence, body, at) => ingest.takeFrame(client, sequence, body, at),
      report,
    })
  ).catch(async (error) => {
    await writer.close();
    throw error;
  });
  const radios = options.fsRadio.map((folder) => {
    const radio: FsRadio = new FsRadio({
      folder,
      take: (name, bytes) => ingest.takeFile(radio, name, bytes),
      refuse: (name, reason, size) => ingest.refuseFile(name, reason, size),
      report,
    });
    radio.start();
    return radio;
  });
  options.datagrams.onmessage = ({ data }: MessageEvent<DatagramBatch>) => {
    ingest.takeDatagrams(data.buffer, data.count, data.at);
  };
  const stopTrimming = trimWhenQuiet(() => ledger.writer.commits);
  let deferred = new Map<string, number>();
  const accounts = async () => {
    // While the database cannot be read, what was known last has to do.
    deferred = await writer.deferred().catch(() => deferred);
    return ledger.accounts(deferred, ingest.queue, ingest.oldest);
  };
  return {
    accounts,
    async stop() {
      lane.stop();
      await Promise.all(radios.map((radio) => radio.stop()));
      // The receiver has posted all it had: wait until it has come here too.
      while (counters.get("posted") > counters.get("consumed")) {
        await ingest.drain();
        await sleep(5);
      }
      await ingest.drain();
      await lane.finish();
      await Promise.all(radios.map((radio) => radio.settled()));
      quarantine.flush();
      options.datagrams.close();
      const last = await accounts();
      stopTrimming();
      await writer.close();
      return last;
    },
  };
}

const answer = (message: IngestAnswer) => self.postMessage(message);
const report = (message: string) => answer({ kind: "warning", message });
let running: Running | null = null;

self.onmessage = async ({ data }: MessageEvent<IngestRequest>) => {
  switch (data.kind) {
    case "start":
      try {
        running = await start(data);
        answer({ kind: "ready" });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        answer({ kind: "failed", reason: failureOf(error), message });
      }
      break;
    case "accounts":
      answer({ kind: "accounts", id: data.id, accounts: await running!.accounts() });
      break;
    case "stop":
      answer({ kind: "stopped", accounts: await running!.stop() });
      self.close();
      break;
    default:
      data satisfies never;
  }
};
