// All tests, with one command and nothing to prepare: `deno task test`.
//
// Finds what the tests need or installs it, checks format, lint and types, runs the tests, and
// ends with the line `N passed, N failed` (or `N passed, N failed, N skipped`).
//
// CHROMIUM                   the browser to use
// PARSLOSCOPE_PARSL_VENV     a venv with parsl[monitoring,visualization], used as it is; mypy and
//                            ruff in it look over the Python client
// PARSLOSCOPE_OFFLINE=1      install nothing
// PARSLOSCOPE_NO_CHROMIUM=1  skip what needs a browser
// PARSLOSCOPE_NO_PARSL=1     skip what needs Parsl

import { findChromium, onPath } from "./support/chromium.ts";
import { findParsl, parslVenv, venvPython } from "./support/parsl.ts";
import { checkerRequirements, missingCheckers } from "./support/python_checkers.ts";
import { ROOT } from "./support/server.ts";

interface Output {
  code: number;
  text: string;
}

const output = Deno.stdout;
let writing: Promise<void> = Promise.resolve();

function write(bytes: Uint8Array): Promise<void> {
  writing = writing.then(async () => {
    for (let at = 0; at < bytes.length;) at += await output.write(bytes.subarray(at));
  });
  return writing;
}

/**
 * Runs a command, passing its output on and keeping it.
 *
 * @param turn before which nothing of its output is passed on
 */
async function run(
  args: string[],
  env: Record<string, string> = {},
  turn: Promise<unknown> = Promise.resolve(),
): Promise<Output> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const kept: Uint8Array[] = [];
  let isItsTurn = false;
  const pass = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      if (isItsTurn) await write(bytes);
      else kept.push(bytes);
    }
  };
  const passing = turn.then(async () => {
    isItsTurn = true;
    await Promise.all(kept.map(write));
  });
  const [status] = await Promise.all([
    child.status,
    pass(child.stdout),
    pass(child.stderr),
    passing,
  ]);
  return { code: status.code, text };
}

/** Runs a program quietly; null when it cannot be started. */
async function quiet(command: string, args: string[], env: Record<string, string> = {}) {
  try {
    return await new Deno.Command(command, {
      args,
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  } catch {
    return null;
  }
}

/** Only what needs neither a browser nor Parsl, and installs nothing: `deno task test:quick`. */
const quick = Deno.args.includes("--quick");
const offline = quick || Deno.env.get("PARSLOSCOPE_OFFLINE") === "1";
/** What a quick run leaves out besides, so that it takes less than two minutes. */
const SLOW = [
  // These run whole programs.
  "tests/browser",
  "tests/bundle",
  "tests/clients",
  "tests/bench",
  "tests/cli",
  "tests/hub/hub_faults_test.ts",
  "tests/hub/hub_test.ts",
  // These do something with whole runs, again and again, or wait for what takes time.
  "tests/components/dag_layout_cost_test.ts",
  "tests/export/blocks_test.ts",
  "tests/export/elk_script_test.ts",
  "tests/export/format_run_test.ts",
  "tests/export/paper_test.ts",
  "tests/export/redact_test.ts",
  "tests/export/report_test.ts",
  "tests/export/text_search_test.ts",
  "tests/hub/differential_test.ts",
  "tests/hub/frames_test.ts",
  "tests/hub/fs_radio_test.ts",
  "tests/hub/fuzz_test.ts",
  "tests/hub/lane_test.ts",
  "tests/hub/pickle_test.ts",
  "tests/hub/udp_test.ts",
  "tests/hub/unreadable_test.ts",
  "tests/import/report_test.ts",
  "tests/model/blocks_test.ts",
  "tests/model/columns_test.ts",
  "tests/model/large_run_test.ts",
  "tests/model/recorded_failures_test.ts",
  "tests/routes/hostile_cells_test.ts",
  "tests/routes/names_test.ts",
  "tests/routes/report_route_test.ts",
  "tests/routes/trouble_test.ts",
  "tests/store/catalog_test.ts",
  "tests/store/concurrency_test.ts",
  "tests/store/file_kind_test.ts",
  "tests/store/follow_test.ts",
  "tests/store/hostile_old_cells_test.ts",
  "tests/store/locked_test.ts",
  "tests/store/own_tables_test.ts",
];
// A path that is not there any more would be left out no longer, and nobody would notice.
for (const path of SLOW) Deno.statSync(`${ROOT}${path}`);

async function chromium(): Promise<string | null> {
  if (quick) return null;
  const found = findChromium();
  if (found !== null || offline || Deno.env.get("PARSLOSCOPE_NO_CHROMIUM") === "1") return found;
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return null;
  const apt = onPath("apt-get");
  if (apt === null) return null;
  console.log("installing Chromium with apt-get …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await quiet(apt, ["update", "-q"], env);
  await quiet(apt, ["install", "-y", "-q", "--no-install-recommends", "chromium"], env);
  return findChromium();
}

/** The venv with Parsl, made when it is missing; or why there is none. */
async function parsl(): Promise<{ venv: string } | { why: string }> {
  if (quick) return { why: "a quick run" };
  const given = await findParsl();
  if (given !== null) return { venv: given };
  if (Deno.env.get("PARSLOSCOPE_NO_PARSL") === "1") return { why: "PARSLOSCOPE_NO_PARSL is set" };
  if (offline) return { why: "nothing may be installed" };
  const python = onPath("python3");
  if (python === null) return { why: "no python3 on PATH" };
  const venv = parslVenv();
  console.log(`installing Parsl into ${venv} …`);
  // What a broken attempt left behind would break this one.
  const made = await quiet(python, ["-m", "venv", "--clear", venv]);
  if (!made?.success) return { why: "python3 -m venv failed" };
  const packages = "parsl[monitoring,visualization]";
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", packages];
  const installed = await quiet(venvPython(venv), pip);
  if (!installed?.success) return { why: "pip could not install parsl" };
  return await findParsl() === null ? { why: "the installed parsl does not start" } : { venv };
}

/** Why mypy and ruff cannot look over the Python client, or null; installed where they may be. */
async function withoutCheckers(venv: string): Promise<string | null> {
  const missing = await missingCheckers(venv);
  if (missing.length === 0) return null;
  const why = `${missing.join(" and ")} missing in ${venv}`;
  if (offline) return `${why}, and nothing may be installed`;
  if (venv !== parslVenv()) return `${why}, which is used as it is`;
  console.log(`installing ${missing.join(" and ")} into ${venv} …`);
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1"];
  await quiet(venvPython(venv), [...pip, ...checkerRequirements()]);
  const still = await missingCheckers(venv);
  return still.length === 0 ? null : `pip could not install ${still.join(" and ")}`;
}

// What an ANSI terminal paints with: ESC [ … letter.
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The last summary line of `deno test`: `ok | 3 passed (2 steps) | 0 failed | 1 ignored (5s)`. */
function summary(text: string): Count | null {
  let count: Count | null = null;
  for (const line of text.replace(ANSI, "").split("\n")) {
    const match = line.match(/^(?:ok|FAILED) \| (\d+) passed\b.*?\| (\d+) failed\b(.*)$/);
    if (match === null) continue;
    const skipped = match[3].match(/(\d+) ignored/);
    count = {
      passed: Number(match[1]),
      failed: Number(match[2]),
      skipped: skipped === null ? 0 : Number(skipped[1]),
    };
  }
  return count;
}

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const notes: string[] = [];
const env: Record<string, string> = {};

const browser = await chromium();
if (browser === null) {
  env.PARSLOSCOPE_NO_CHROMIUM = "1";
  notes.push(
    `skipped: browser tests (${
      quick ? "a quick run" : "no Chromium found or installed; set CHROMIUM to its path"
    })`,
  );
} else {
  env.PARSLOSCOPE_CHROMIUM = browser;
}
const python = await parsl();
if ("venv" in python) {
  env.PARSLOSCOPE_PARSL_VENV = python.venv;
  const why = await withoutCheckers(python.venv);
  if (why !== null) notes.push(`skipped: mypy and ruff over the Python client (${why})`);
} else {
  env.PARSLOSCOPE_NO_PARSL = "1";
  notes.push(`skipped: tests with a live Parsl (${python.why})`);
}

for (const args of [["fmt", "--check"], ["lint"], ["check"]]) {
  console.log(`--- deno ${args.join(" ")}`);
  const result = await run(args);
  if (result.code === 0) total.passed++;
  else total.failed++;
}

/** What runs beside the other tests, which take about as long and wait as often. */
const BESIDE = ["browser", "bench", "bundle", "components", "export", "import"]
  .map((folder) => `tests/${folder}`);

// Arguments of the task choose tests: `deno task test tests/cli`.
const named = Deno.args.filter((arg) => arg !== "--quick");
const parts = named.length > 0
  ? [named]
  : quick
  ? [[`--ignore=${SLOW.join()}`, "tests/"]]
  : [BESIDE, [`--ignore=${BESIDE.join()}`, "tests/"]];
if (quick && named.length === 0) {
  notes.push(`skipped: ${SLOW.length} folders and files that take long (a quick run)`);
}
for (const part of parts) console.log(`--- deno test -P=dev ${part.join(" ")}`);
const running: Promise<Output>[] = [];
for (const part of parts) running.push(run(["test", "-P=dev", ...part], env, running.at(-1)));
for (const tests of await Promise.all(running)) {
  const count = summary(tests.text);
  if (count !== null) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  // Failures outside of any test (a module that does not load, a leak) have no place in it.
  if (tests.code !== 0 && (count === null || count.failed === 0)) total.failed++;
}

for (const note of notes) console.log(note);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
Deno.exit(total.failed > 0 ? 1 : 0);
