// Progress is one line of a terminal, and nothing elsewhere.

import assert from "node:assert/strict";
import { ProgressLine } from "../../cli/progress_line.ts";

function written(terminal: boolean, steps: [time: number, share: number][]): string {
  let text = "";
  let now = 0;
  const line = new ProgressLine(
    {
      isTerminal: () => terminal,
      writeSync(bytes) {
        text += new TextDecoder().decode(bytes);
        return bytes.length;
      },
    },
    "Exporting a",
    () => now,
  );
  for (const [time, share] of steps) {
    now = time;
    line.update(share);
  }
  line.clear();
  return text;
}

Deno.test("progress: after a second the line is rewritten, at the end it is taken away", () => {
  assert.deepStrictEqual(
    written(true, [[500, 0.1], [1200, 0.25], [1210, 0.26], [1400, 0.999]]),
    "\r\x1b[KExporting a: 25 %\r\x1b[KExporting a: 99 %\r\x1b[K",
  );
});

Deno.test("progress: short work and what is no terminal hear nothing", () => {
  assert.deepStrictEqual(written(true, [[10, 0.1], [900, 0.9]]), "");
  assert.deepStrictEqual(written(false, [[500, 0.1], [5000, 0.9]]), "");
});
