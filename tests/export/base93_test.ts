// Bytes as text in a document.

import assert from "node:assert/strict";
import { fromBase93, toBase93 } from "../../export/app/base93.ts";

Deno.test("base 93: bytes of any length come back", () => {
  for (let round = 0; round < 20; round++) {
    for (let length = 0; length < 70; length++) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      assert.deepStrictEqual(fromBase93(toBase93(bytes)), bytes);
    }
  }
  for (let value = 0; value < 256; value++) {
    for (let length = 1; length < 20; length++) {
      const bytes = new Uint8Array(length).fill(value);
      assert.deepStrictEqual(fromBase93(toBase93(bytes)), bytes);
    }
  }
});

Deno.test("base 93: no markup can begin in the text, which is short", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const text = toBase93(bytes);
  assert.ok(/^[!-;=-~]*$/.test(text), "another character");
  assert.ok(text.length < 1.23 * bytes.length, `${text.length} characters`);
});
