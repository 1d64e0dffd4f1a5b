// Bytes as text in a document.

import { fromBase93, toBase93 } from "../../export/base93.ts";
import { assert, assertEquals } from "../support/assert.ts";

Deno.test("base 93: bytes of any length come back", () => {
  for (let round = 0; round < 20; round++) {
    for (let length = 0; length < 70; length++) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      assertEquals(fromBase93(toBase93(bytes)), bytes);
    }
  }
  for (let value = 0; value < 256; value++) {
    for (let length = 1; length < 20; length++) {
      const bytes = new Uint8Array(length).fill(value);
      assertEquals(fromBase93(toBase93(bytes)), bytes);
    }
  }
});

Deno.test("base 93: no markup can begin in the text, which is short", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const text = toBase93(bytes);
  assert(/^[!-;=-~]*$/.test(text), "another character");
  assert(text.length < 1.23 * bytes.length, `${text.length} characters`);
});
