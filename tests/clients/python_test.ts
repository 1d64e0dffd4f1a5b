// The Python client's own tests, run with a Python that has Parsl; mypy and ruff over it, where
// that Python has them; and what its packaging repeats of the project.

import assert from "node:assert/strict";
import { findParsl, venvPython } from "../support/parsl.ts";
import { missingCheckers } from "../support/python_checkers.ts";
import { ROOT } from "../support/server.ts";

const FOLDER = `${ROOT}clients/python`;
const venv = await findParsl();
const missing = venv === null ? ["mypy", "ruff"] : await missingCheckers(venv);

/** Runs a module of Python in the client's folder; gives what it wrote when all is well. */
async function python(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(venvPython(venv ?? ""), {
    args: ["-B", "-m", ...args],
    cwd: FOLDER,
    env: { PYTHONPATH: FOLDER },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const told = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, `python -m ${args.join(" ")} failed:\n${told}`);
  return told;
}

const MODULES = [
  "test_arguments",
  "test_bundle",
  "test_exact",
  "test_files",
  "test_helper",
  "test_hub",
  "test_lane",
  "test_node",
  "test_notice",
  "test_outbox",
  "test_program",
  "test_radio",
  "test_slot",
  "test_tasks",
  "test_trace",
  "test_workers",
  "test_wrapper",
];

for (const module of MODULES) {
  Deno.test({
    name: `Python client: ${module}`,
    ignore: venv === null,
    fn: async () => {
      const told = await python(["unittest", `tests.${module}`]);
      assert.ok(/Ran [1-9]\d* tests?/.test(told), `tests.${module} ran nothing:\n${told}`);
    },
  });
}

Deno.test("Python client: every file of its tests is run", () => {
  const files = [...Deno.readDirSync(`${FOLDER}/tests`)].map((entry) => entry.name);
  assert.deepEqual(
    files.filter((name) => /^test_.*\.py$/.test(name)).sort(),
    MODULES.map((module) => `${module}.py`),
  );
});

Deno.test({
  name: "Python client: mypy finds nothing in strict mode",
  ignore: missing.includes("mypy"),
  fn: async () => {
    const cache = await Deno.makeTempDir({ prefix: "parsloscope-mypy-" });
    try {
      await python(["mypy", "--cache-dir", cache]);
    } finally {
      await Deno.remove(cache, { recursive: true });
    }
  },
});

Deno.test({
  name: "Python client: ruff finds nothing",
  ignore: missing.includes("ruff"),
  fn: async () => {
    await python(["ruff", "check", "--no-cache", "."]);
  },
});

Deno.test("Python client: it has the project's version and licence", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const init = await Deno.readTextFile(`${FOLDER}/parsloscope/__init__.py`);
  assert.equal(init.match(/^__version__ = "(.*)"$/m)?.[1], version);
  assert.equal(
    await Deno.readTextFile(`${FOLDER}/LICENSE`),
    await Deno.readTextFile(`${ROOT}LICENSE`),
  );
});
