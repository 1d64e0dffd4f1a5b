// A running hub under damaged datagrams: does it stay up, answer quickly, and keep its memory?
//
//   deno run -P=dev bench/hub/fuzz_wire.ts [COUNT=1000000] [RATE=20000]
//
// Half of the datagrams are damaged before they are signed, so that they reach the decoder; half
// after it. Exits with 1 when the hub ended, lost count, or does not take a good message afterwards.

import { setTimeout as sleep } from "node:timers/promises";
import { DatagramSender } from "../../clients/typescript/mod.ts";
import { Signer } from "../../hub/signing/signer.ts";
import { Mutator } from "../../tests/hub/mutator.ts";
import { makeSender } from "./load.ts";
import { memoryOf } from "./process.ts";
import { hubStarter } from "./sides.ts";

/** Different datagrams; they are sent round and round. */
const DIFFERENT = 50_000;

/** The datagrams in a file, each after its length. */
async function write(path: string, signer: Signer): Promise<void> {
  const mutator = new Mutator(7);
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  for (let i = 0; i < DIFFERENT; i++) {
    const body = mutator.next().slice(0, 65_000);
    const datagram = new Uint8Array(64 + body.length);
    datagram.set(signer.sign(body));
    datagram.set(body, 64);
    if (i % 2 === 1) datagram[Math.floor(i / 2) % datagram.length] ^= 1 << i % 8;
    const framed = new Uint8Array(4 + datagram.length);
    new DataView(framed.buffer).setUint32(0, datagram.length, true);
    framed.set(datagram, 4);
    await writer.write(framed);
  }
  await writer.close();
}

async function metrics(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return new Map(
    [...text.matchAll(/^parsloscope_(\w+) (\S+)$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
}

/** Sends damaged datagrams to a hub, and prints what came of it. */
async function main(): Promise<void> {
  const count = Number(Deno.args[0] ?? 1_000_000);
  const rate = Number(Deno.args[1] ?? 20_000);
  const key = crypto.getRandomValues(new Uint8Array(64));
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-fuzz-" });
  let failed = false;
  try {
    const sender = await makeSender(folder);
    await write(`${folder}/load`, new Signer(key));
    const hub = await hubStarter(key.toHex(), [], ["--http", "0", "--no-token"])(folder);
    const address = await new Promise<number>((resolve) => {
      const timer = setInterval(() => {
        const match = hub.printed().match(/:(\d+)\/hub /);
        if (match === null) return;
        clearInterval(timer);
        resolve(Number(match[1]));
      }, 50);
    });
    const before = memoryOf(hub.pid);
    let slowest = 0;
    const looking = setInterval(async () => {
      const began = performance.now();
      await metrics(address);
      slowest = Math.max(slowest, performance.now() - began);
    }, 100);
    const half = Math.floor(count / 2);
    const resident: number[] = [];
    for (let i = 0; i < 2; i++) {
      const args = ["127.0.0.1", hub.port, half, rate, `${folder}/load`].map(String);
      await new Deno.Command(sender, { args, stdout: "null" }).output();
      for (;;) {
        const now = await metrics(address);
        if (now.get("queue_messages") === 0) break;
        await sleep(200);
      }
      await sleep(12_000);
      resident.push(memoryOf(hub.pid).resident);
    }
    clearInterval(looking);
    const end = await metrics(address);
    const of = (name: string) => end.get(name) ?? NaN;
    const written = of("messages_written_total");
    const last = new DatagramSender({ port: hub.port, key: key.toHex() });
    await last.send("WORKFLOW_INFO", {
      run_id: "after",
      time_completed: 1,
      tasks_completed_count: 0,
      tasks_failed_count: 0,
    });
    last.close();
    await sleep(1000);
    const took = (await metrics(address)).get("messages_written_total") === written + 1;
    const mib = (value: number) => `${Math.round(value)} MiB`;
    const accounted = of("udp_bad_signatures_total") + of("messages_malformed_total");
    console.log(`sent                ${2 * half}`);
    console.log(`received            ${of("udp_datagrams_total")}`);
    console.log(`kernel drops        ${of("udp_kernel_drops_total")}`);
    console.log(`bad signatures      ${of("udp_bad_signatures_total")}`);
    console.log(
      `malformed           ${of("messages_malformed_total")}, of which refused ${
        of("messages_refused_total")
      }`,
    );
    console.log(`written             ${written}`);
    console.log(`slowest /metrics    ${slowest.toFixed(0)} ms`);
    console.log(
      `resident            ${mib(before.resident)}, after each half ${
        resident.map(mib).join(", ")
      }`,
    );
    console.log(`a good one after it ${took ? "taken" : "NOT TAKEN"}`);
    failed = !took || of("udp_datagrams_total") !== 2 * half || !(accounted > half);
    await hub.stop();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (failed) Deno.exit(1);
}

if (import.meta.main) await main();
