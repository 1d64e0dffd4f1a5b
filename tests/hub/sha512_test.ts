// The hub's own SHA-512 and the runtime's are the same.

import assert from "node:assert/strict";
import { createHmac, hash } from "node:crypto";
import { BLOCK_BYTES, Sha512 } from "../../hub/signing/sha512.ts";
import { Signer } from "../../hub/signing/signer.ts";
import { seeded } from "./random.ts";

const random = seeded(11);
const bytes = (length: number) => new Uint8Array(length).map(() => random(256));

Deno.test("sha512: digests of all lengths around blocks are those of the runtime", () => {
  const sha = Sha512.make();
  assert.ok(sha, "there is no WebAssembly here");
  for (const length of [...Array(400).keys(), 1000, 4096, 8192, 65_535, 65_536]) {
    const all = bytes(BLOCK_BYTES + length);
    const state = sha.stateAfter(all.subarray(0, BLOCK_BYTES));
    const digest = sha.digestFrom(state, all.subarray(BLOCK_BYTES));
    assert.equal(digest.toHex(), hash("sha512", all), `${length} bytes`);
  }
});

Deno.test("sha512: a state is used again and again, and two signers do not mix", () => {
  const keys = [bytes(64), bytes(16), bytes(128), bytes(300)];
  const signers = keys.map((key) => new Signer(key));
  for (let i = 0; i < 500; i++) {
    const body = bytes(random(300));
    for (const [n, signer] of signers.entries()) {
      const right = createHmac("sha512", keys[n]).update(body).digest("hex");
      const signature = signer.sign(body);
      assert.equal(signature.toHex(), right);
      const frame = new Uint8Array([...signature, ...body]);
      assert.equal(signer.open(frame) !== null, body.length > 0);
      assert.equal(signers[(n + 1) % 4].open(frame), null);
    }
  }
});

Deno.test("sha512: short and long bodies are signed alike", () => {
  const key = bytes(64);
  const signer = new Signer(key);
  for (const length of [8191, 8192, 8193, 65_536, 65_537, 200_000]) {
    const body = bytes(length);
    assert.equal(signer.sign(body).toHex(), createHmac("sha512", key).update(body).digest("hex"));
  }
});
