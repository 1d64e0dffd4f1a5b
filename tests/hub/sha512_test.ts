// Signatures of short and long bodies are those of the runtime.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Signer } from "../../hub/signing/signer.ts";
import { seeded } from "./random.ts";

const random = seeded(11);
const bytes = (length: number) => new Uint8Array(length).map(() => random(256));

Deno.test("sha512: bodies of all lengths around blocks are signed as by the runtime", () => {
  const key = bytes(64);
  const signer = new Signer(key);
  for (const length of [...Array(400).keys(), 1000, 4096, 8192, 65_535, 65_536]) {
    const body = bytes(length);
    const right = createHmac("sha512", key).update(body).digest("hex");
    assert.equal(signer.sign(body).toHex(), right, `${length} bytes`);
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
