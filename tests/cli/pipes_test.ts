// Imports and exports read and write files; a shell's pipes are taken where they are open already.

import assert from "node:assert/strict";
import { withDirectory } from "../store/helpers.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { TRACE_PATH } from "../import/helpers.ts";
import { pipe } from "../support/pipe.ts";
import { ROOT, runCli } from "../support/server.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "pipes: an import neither reads one that nobody writes nor waits for a reader",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const path = await pipe(`${folder}/a.db`);
      const cases: [string[], RegExp][] = [
        [[path, `${folder}/out.db`], /a\.db is a named pipe; give the path/],
        [["/dev/zero", `${folder}/out.db`], /\/dev\/zero is a device; give the path/],
        [[TRACE_PATH, path], /a\.db is a named pipe; name a file/],
        [[TRACE_PATH, path, "--force"], /a\.db is a named pipe; name a file/],
      ];
      for (const [args, sentence] of cases) {
        const { code, stderr } = await runCli(["import", ...args]);
        assert.equal(code, 1, stderr);
        assert.match(stderr, sentence);
      }
    }),
});

Deno.test({
  name: "pipes: an import reads what a shell hands over",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const program =
        `"${Deno.execPath()}" run -q --no-prompt -P=import --config "${ROOT}deno.json" "${ROOT}main.ts"`;
      const out = `${folder}/out.db`;
      const bash = async (line: string) => {
        const { code, stderr } = await new Deno.Command("bash", { args: ["-c", line] }).output();
        return { code, said: new TextDecoder().decode(stderr) };
      };
      for (
        const line of [
          `${program} import <(cat "${TRACE_PATH}") "${out}" --force`,
          `cat "${TRACE_PATH}" | ${program} import - "${out}" --force`,
          `cat "${TRACE_PATH}" | ${program} import /dev/stdin "${out}" --force`,
        ]
      ) {
        const { code, said } = await bash(line);
        assert.equal(code, 0, said);
        assert.ok((await Deno.stat(out)).size > 0);
      }
    }),
});

Deno.test({
  name: "pipes: a report is written to files alone",
  ignore,
  async fn() {
    const database = await climate();
    try {
      const path = await pipe(`${database.folder}/report.html`);
      for (const more of [[], ["--force"]]) {
        const args = ["export", database.path, CLIMATE_RUN, "-o", path, ...more];
        const { code, stderr } = await runCli(args);
        assert.equal(code, 1, stderr);
        assert.match(stderr, /report\.html is no file; name another/);
      }
    } finally {
      await database.remove();
    }
  },
});
