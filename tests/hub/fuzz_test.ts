import assert from "node:assert/strict";
import { Signer } from "../../hub/signing/signer.ts";
import { decodeMessage, readMessages } from "../../hub/decode/message.ts";
import { MalformedMessage } from "../../hub/decode/value.ts";
import { Mutator } from "./mutator.ts";
import { seeded } from "./random.ts";

type Outcome = "accepted" | "malformed" | "refused";

/** What becomes of a message; throws with the message when it is anything unforeseen. */
function outcome(body: Uint8Array): Outcome {
  try {
    readMessages(decodeMessage(body));
    return "accepted";
  } catch (error) {
    if (error instanceof MalformedMessage) return error.refused ? "refused" : "malformed";
    throw new Error(`${error} at ${body.toHex()}`, { cause: error });
  }
}

Deno.test("fuzz: damaged messages are malformed and nothing else, and hold nothing up", () => {
  const mutator = new Mutator(1);
  const counts = { accepted: 0, malformed: 0, refused: 0 };
  for (let i = 0; i < 27_000; i++) {
    const body = mutator.next();
    const started = performance.now();
    counts[outcome(body)]++;
    const took = performance.now() - started;
    // It takes a fraction of a millisecond; what has no end in sight takes minutes anywhere.
    assert.ok(took < 60_000, `${took} ms for ${body.toHex()}`);
  }
  for (const [name, count] of Object.entries(counts)) assert.ok(count > 500, `${count} ${name}`);
});

Deno.test("fuzz: no frame that was changed passes for a signed one", () => {
  const mutator = new Mutator(2);
  const below = seeded(3);
  const signer = new Signer(new Uint8Array(64).fill(7));
  const counts = { accepted: 0, malformed: 0, refused: 0 };
  for (let i = 0; i < 3_000; i++) {
    const body = mutator.intact();
    const frame = new Uint8Array([...signer.sign(body), ...body]);
    assert.ok(signer.open(frame) !== null, "an intact frame");
    const changed = below(2) === 0
      ? frame.with(below(frame.length), below(256))
      : frame.slice(0, below(frame.length));
    const same = changed.length === frame.length && changed.every((byte, at) => byte === frame[at]);
    assert.ok(same === (signer.open(changed) !== null), changed.toHex());
    // A hub that takes unsigned messages decodes such frames.
    counts[outcome(changed)]++;
  }
  assert.ok(counts.malformed > 2_900, `${counts.malformed} malformed`);
});
