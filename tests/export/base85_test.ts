// Bytes as text in a document.

import { fromBase85, toBase85 } from "../../export/base85.ts";
import { assert, assertEquals } from "../support/assert.ts";

Deno.test("base 85: bytes of any length come back", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const text = toBase85(bytes);
    assertEquals(text.length, Math.ceil(length * 5 / 4));
    assertEquals(fromBase85(text), bytes);
  }
  for (const value of [0, 1, 84, 85, 127, 128, 254, 255]) {
    for (let length = 1; length < 9; length++) {
      const bytes = new Uint8Array(length).fill(value);
      assertEquals(fromBase85(toBase85(bytes)), bytes);
    }
  }
});

Deno.test("base 85: no markup can begin in the text", () => {
  const text = toBase85(crypto.getRandomValues(new Uint8Array(65_536)));
  assert(/^[#-;=-x]*$/.test(text), "another character");
});
