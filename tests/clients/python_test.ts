// The Python client's own tests, run with a Python that has Parsl.

import assert from "node:assert/strict";
import { findParsl, venvPython } from "../support/parsl.ts";

const venv = await findParsl();
const folder = new URL("../../clients/python/", import.meta.url);

async function unittests(module: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(venvPython(venv ?? ""), {
    args: ["-B", "-m", "unittest", `tests.${module}`],
    cwd: folder,
    env: { PYTHONPATH: decodeURIComponent(folder.pathname) },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const told = new TextDecoder().decode(stderr);
  assert.ok(success, `tests.${module} failed:\n${told}`);
  assert.ok(/Ran [1-9]\d* tests?/.test(told), `tests.${module} ran nothing:\n${told}`);
}

for (const module of ["test_lane", "test_hub", "test_radio", "test_program"]) {
  Deno.test({
    name: `Python client: ${module}`,
    ignore: venv === null,
    fn: () => unittests(module),
  });
}
