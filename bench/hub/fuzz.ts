// Does anything but MalformedMessage come out of the decoders, and does memory stay?
//
//   deno run -P=dev --v8-flags=--expose-gc bench/hub/fuzz.ts [COUNT=1000000] [SEED=1]
//
// Exits with 1 when a damaged message made anything else happen.

import { decodeMessage, readMessages } from "../../hub/decode/message.ts";
import { MalformedMessage } from "../../hub/decode/value.ts";
import { Mutator } from "../../tests/hub/mutator.ts";

/** Bytes of the heap in MiB, after a collection where one can be asked for. */
function heap(): string {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const { heapUsed, rss } = Deno.memoryUsage();
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return `${mib(heapUsed)} MiB${gc === undefined ? " (no gc)" : ""}, rss ${mib(rss)} MiB`;
}

/** Decodes damaged messages, and prints what came of it. */
function main(): void {
  const count = Number(Deno.args[0] ?? 1_000_000);
  const mutator = new Mutator(Number(Deno.args[1] ?? 1));
  const counts = { accepted: 0, malformed: 0, refused: 0, crashes: 0 };
  let slowest = 0;
  let slowestBody = new Uint8Array();
  let decoding = 0;

  /** Some damaged messages through the decoders. */
  function run(messages: number): void {
    for (let i = 0; i < messages; i++) {
      const body = mutator.next();
      const started = performance.now();
      try {
        readMessages(decodeMessage(body));
        counts.accepted++;
      } catch (error) {
        if (error instanceof MalformedMessage) {
          counts[error.refused ? "refused" : "malformed"]++;
        } else {
          counts.crashes++;
          console.error(`crash: ${error} at ${body.toHex()}`);
        }
      }
      const took = performance.now() - started;
      decoding += took;
      if (took > slowest) {
        slowest = took;
        slowestBody = body.slice();
      }
    }
  }

  // Compiled code and caches are in place after these.
  run(Math.min(count, 20_000));
  const before = heap();
  run(count - Math.min(count, 20_000));
  const after = heap();

  // The slowest once more: what does not come again was the machine's doing.
  let again = Infinity;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    try {
      decodeMessage(slowestBody);
    } catch {
      // Only its time is of interest.
    }
    again = Math.min(again, performance.now() - started);
  }

  console.log(`messages   ${count}`);
  for (const [name, value] of Object.entries(counts)) console.log(`${name.padEnd(10)} ${value}`);
  console.log(`mean       ${(decoding / count * 1000).toFixed(1)} µs`);
  console.log(
    `slowest    ${slowest.toFixed(2)} ms (the same message again: ${again.toFixed(2)} ms)`,
  );
  console.log(`heap       before ${before}; after ${after}`);
  if (counts.crashes > 0) Deno.exit(1);
}

if (import.meta.main) main();
