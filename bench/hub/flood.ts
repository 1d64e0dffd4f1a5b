// A flood of datagrams with wrong signatures, and good messages in between.
//
//   deno run -P=dev bench/hub/flood.ts [RATE=100000] [SECONDS=30] [GOOD=1000] [BYTES=450]
//
// RATE wrong and GOOD right datagrams a second, for SECONDS; wrong ones have BYTES. As root nothing
// good may be lost; the memory may grow by half of what an idle hub has, and the files beside the
// database not at all. Exits with 1 when that does not hold. Other users have a smaller buffer in the
// kernel, which drops datagrams of both kinds in bursts: then the table is all there is.

import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { Signer } from "../../hub/signing/signer.ts";
import { makeSender } from "./load.ts";
import { memoryOf } from "./process.ts";
import { hubStarter, type Side } from "./sides.ts";
import { mebibytes, table, whole } from "./table.ts";

/** Different wrong datagrams; they are sent round and round. */
const DIFFERENT = 20_000;
/** Milliseconds in which an idle hub gives back what its start needed, and a busy one what a flood did. */
const SETTLE_MS = 15_000;
/** Milliseconds without a new row after which no more is expected. */
const SILENCE_MS = 20_000;
/** How much more memory than when it is idle a flooded hub may have. */
const MOST_GROWTH = 1.5;
/** Bytes that files beside the database may take. */
const MOST_BESIDE_BYTES = 2 ** 20;

/** Datagrams in a file, each after its length, as `burst` sends them. */
function framed(datagrams: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const parts = [...datagrams];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

function signed(signer: Signer, body: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(signer.size + body.length);
  datagram.set(signer.sign(body));
  datagram.set(body, signer.size);
  return datagram;
}

/** Messages of which each makes one row of `block`. */
function* good(signer: Signer, count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    const payload = {
      run_id: "flood",
      status: "RUNNING",
      timestamp: 1_785_000_000 + i,
      executor_label: "htex",
      job_id: `${i}`,
      block_id: "0",
    };
    const text = JSON.stringify({ type: "BLOCK_INFO", payload });
    yield signed(signer, new TextEncoder().encode(text));
  }
}

/** The same messages, signed with another key and filled up to so many bytes. */
function* wrong(bytes: number): Generator<Uint8Array> {
  const signer = new Signer(crypto.getRandomValues(new Uint8Array(64)));
  for (let i = 0; i < DIFFERENT; i++) {
    const body = new Uint8Array(Math.max(1, bytes - signer.size)).fill(i);
    body[0] = 0x80;
    yield signed(signer, body);
  }
}

interface Peak {
  /** MiB resident. */
  memory: number;
  /** Bytes of the files beside the database: spill and quarantine. */
  beside: number;
}

/** Looks at a hub until it is told to stop; gives the most it had. */
function watch(side: Side, folder: string): () => Peak {
  const peak: Peak = { memory: 0, beside: 0 };
  const timer = setInterval(() => {
    peak.memory = Math.max(peak.memory, memoryOf(side.pid).resident);
    let beside = 0;
    for (const { name } of Deno.readDirSync(folder)) {
      if (!/\.(spill|quarantine\.jsonl(\.1)?)$/.test(name)) continue;
      beside += Deno.statSync(`${folder}/${name}`).size;
    }
    peak.beside = Math.max(peak.beside, beside);
  }, 200);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

interface Sent {
  sent: number;
  seconds: number;
}

async function burst(sender: string, port: number, count: number, rate: number, path: string) {
  const args = ["127.0.0.1", port, count, rate, path].map(String);
  const { stdout } = await new Deno.Command(sender, { args, stderr: "inherit" }).output();
  return JSON.parse(new TextDecoder().decode(stdout)) as Sent;
}

/** Rows of the good messages, once no more come. */
async function committed(database: string): Promise<number> {
  const connection = new DatabaseSync(database, { readOnly: true, timeout: 10_000 });
  const count = connection.prepare("SELECT count(*) AS n FROM block WHERE run_id = 'flood'");
  try {
    let rows = -1;
    for (let last = performance.now(); performance.now() - last < SILENCE_MS;) {
      const now = Number(count.get()?.n);
      if (now > rows) last = performance.now();
      rows = now;
      await sleep(500);
    }
    return rows;
  } finally {
    connection.close();
  }
}

async function main(): Promise<void> {
  const [rate = 100_000, seconds = 30, goodRate = 1000, bytes = 450] = Deno.args.map(Number);
  const key = crypto.getRandomValues(new Uint8Array(64));
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-flood-" });
  let failed = false;
  try {
    const sender = await makeSender(folder);
    await Deno.writeFile(`${folder}/wrong`, framed(wrong(bytes)));
    await Deno.writeFile(`${folder}/good`, framed(good(new Signer(key), goodRate * seconds)));
    const place = `${folder}/hub`;
    await Deno.mkdir(place);
    const hub = await hubStarter(key.toHex())(place);
    await sleep(SETTLE_MS);
    const idle = memoryOf(hub.pid).resident;
    const peakOf = watch(hub, place);
    const [flood, messages] = await Promise.all([
      burst(sender, hub.port, rate * seconds, rate, `${folder}/wrong`),
      burst(sender, hub.port, goodRate * seconds, goodRate, `${folder}/good`),
    ]);
    const rows = await committed(hub.database);
    const peak = peakOf();
    await sleep(SETTLE_MS);
    const after = memoryOf(hub.pid).resident;
    const drops = hub.drops();
    await hub.stop();
    const lost = messages.sent - rows;
    const isRoot = Deno.uid() === 0;
    const told = (name: string) =>
      Number(
        new RegExp(`^  ${name} +([\\d,]+)`, "m").exec(hub.printed())?.[1].replaceAll(",", ""),
      );
    table(["", "figure", "bar"], [
      ["wrong signatures a second", whole(flood.sent / flood.seconds), ""],
      ["wrong signatures in all", whole(flood.sent), ""],
      ["of those counted by the hub", whole(told("bad signature")), ""],
      ["good messages", whole(messages.sent), ""],
      ["of those lost", whole(lost), isRoot ? "0" : ""],
      ["dropped by the kernel", whole(drops), ""],
      ["dropped by the hub", whole(told("dropped")), ""],
      ["resident when idle", mebibytes(idle), ""],
      ["resident at most", mebibytes(peak.memory), mebibytes(idle * MOST_GROWTH)],
      ["resident afterwards", mebibytes(after), ""],
      ["bytes beside the database at most", whole(peak.beside), whole(MOST_BESIDE_BYTES)],
    ]);
    failed = isRoot && lost > 0 || peak.memory > idle * MOST_GROWTH ||
      peak.beside > MOST_BESIDE_BYTES;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (failed) Deno.exit(1);
}

if (import.meta.main) await main();
