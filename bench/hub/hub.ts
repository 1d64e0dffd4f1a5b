// The hub beside Parsl's own router and database manager: what they can take, and what it costs.
//
//   deno run -P=dev bench/hub/hub.ts [--seconds 60] [--only throughput|sustained|burst|idle|growth]
//
// Both get the same datagrams from one sender in C, on this machine. Wants Linux, a C compiler and a
// Python with Parsl (PARSLOSCOPE_PARSL_VENV names a venv; `deno task test` makes one). --seconds is
// the time of the steady load; the other parts are scaled with it.

import { parseArgs } from "node:util";
import { findParsl } from "../../tests/support/parsl.ts";
import { growth, idle, sustain } from "./endurance.ts";
import { type Load, makeLoad, makeSender, type Outcome, send } from "./load.ts";
import { findPace, type Pace, PATIENCE_S, withFresh } from "./pace.ts";
import { total } from "./process.ts";
import { hubStarter, parslStarter, type Starter } from "./sides.ts";
import { mebibytes, ratio, seconds, table, whole } from "./table.ts";

/** Datagrams per second of the steady load. */
const RATE = 20_000;
const BURST = 100_000;
/** Messages per load when growth is looked for, at 60 seconds. */
const GROWTH = 1_000_000;
const OURS = { name: "parsloscope", from: 32_000, most: 128_000 };
const THEIRS = { name: "Parsl", from: 2_000, most: 24_000 };

/** What all parts share. */
interface Scene {
  /** Seconds of the steady load. */
  length: number;
  venv: string;
  folder: string;
  key: string;
  sender: string;
  ours: Starter;
  theirs: Starter;
}

async function scene(folder: string, length: number): Promise<Scene> {
  const venv = await findParsl();
  if (venv === null) throw new Error("There is no Python with Parsl; `deno task test` makes one.");
  const bytes = crypto.getRandomValues(new Uint8Array(64));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const sender = await makeSender(folder);
  return {
    length,
    venv,
    folder,
    key,
    sender,
    ours: hubStarter(key),
    theirs: parslStarter(venv, key),
  };
}

/** A load in a file that is removed when it was used. */
async function withLoad<T>(scene: Scene, count: number, use: (load: Load) => Promise<T>) {
  const path = `${scene.folder}/load`;
  try {
    return await use(await makeLoad(scene.venv, path, count, scene.key));
  } finally {
    await Deno.remove(path);
  }
}

async function throughput(scene: Scene): Promise<void> {
  const { length } = scene;
  const step = Math.min(10, Math.max(2, length / 6));
  const search = ({ name, from, most }: typeof OURS, start: Starter) =>
    withLoad(
      scene,
      most * step,
      (load) => findPace({ name, start, sender: scene.sender, load, from, seconds: step }),
    );
  const theirs = await search(THEIRS, scene.theirs);
  const ours = await search(OURS, scene.ours);
  console.log(
    `Throughput: ${step} s at each rate; a rate holds when none is lost and all is committed ` +
      `${PATIENCE_S} s after the last datagram at most\n`,
  );
  const row = (name: string, of: (pace: Pace) => number) => {
    const [a, b] = [of(ours), of(theirs)];
    return [name, whole(a), whole(b), ratio(a, b)];
  };
  table(["datagrams per second", OURS.name, THEIRS.name, "ratio"], [
    row("highest rate that holds", (pace) => pace.rate),
    row("committed per second at it", (pace) => pace.held?.pace ?? 0),
    row("most committed per second at any rate", (pace) => pace.best),
    ["lowest rate tried that does not", ...[ours, theirs].map(brokenAt), ""],
  ]);
}

function brokenAt({ broke }: Pace): string {
  if (broke === null) return "none";
  const { rate, outcome } = broke;
  return `${whole(rate)} (${whole(outcome.lost)} lost, ${seconds(outcome.lag)} late)`;
}

async function sustained(scene: Scene): Promise<void> {
  const { length } = scene;
  const result = await withLoad(
    scene,
    RATE * length,
    (load) => sustain(scene.ours, scene.sender, load, RATE),
  );
  const { outcome, received, times, memory, wrong } = result;
  console.log(`Steady load: ${whole(RATE)} datagrams per second for ${length} s\n`);
  table(["", OURS.name], [
    ["sent", whole(outcome.sent)],
    ["received", whole(received)],
    ["dropped by the kernel", whole(outcome.drops)],
    ["committed", whole(outcome.committed)],
    ["lost", whole(outcome.lost)],
    ["tables with wrong rows", whole(wrong.length)],
    ["not committed when the last was sent", whole(outcome.behind)],
    ["all committed after", seconds(outcome.lag)],
    ["sending took", seconds(outcome.sending)],
    ["processor time", seconds(total(times))],
    ["of the writer's thread", seconds(times.writer)],
    ["of the receiver's thread", seconds(times.receiver)],
    ["of the main thread", seconds(times.main)],
    ["of V8's helpers and others", seconds(times.others)],
    ["most resident memory", mebibytes(memory.peak)],
  ]);
  for (const complaint of wrong) console.log(`- ${complaint}`);
  if (outcome.lost > 0 || wrong.length > 0) Deno.exitCode = 1;
}

async function burst(scene: Scene): Promise<void> {
  await withLoad(scene, BURST, async (load) => {
    const once = (start: Starter) =>
      withFresh(start, (side) => send(scene.sender, side, load, BURST, 0));
    const outcomes = [await once(scene.ours), await once(scene.theirs)];
    console.log(`Burst: ${whole(BURST)} datagrams as fast as one sender can\n`);
    const row = (name: string, of: (outcome: Outcome) => string) => [name, ...outcomes.map(of)];
    table(["", OURS.name, THEIRS.name], [
      row("sent in", (outcome) => seconds(outcome.sending)),
      row("dropped by the kernel", (outcome) => whole(outcome.drops)),
      row("committed", (outcome) => whole(outcome.committed)),
      row("lost", (outcome) => whole(outcome.lost)),
      row("last commit after", (outcome) => seconds(outcome.lag)),
    ]);
  });
}

async function idleness(scene: Scene): Promise<void> {
  const { length } = scene;
  const time = Math.min(30, length);
  const { percent, memory } = await idle(scene.ours, time);
  console.log(`Idle for ${time} s\n`);
  table(["", OURS.name, "at most"], [
    ["processor", `${percent.toFixed(2)} %`, "1 %"],
    ["resident memory", mebibytes(memory.resident), "100 MiB"],
    ["the same, shared pages in proportion", mebibytes(memory.proportional), "–"],
    ["of it anonymous", mebibytes(memory.anonymous), "–"],
  ]);
}

async function memory(scene: Scene): Promise<void> {
  const { length } = scene;
  const count = Math.round(GROWTH * length / 60);
  const path = `${scene.folder}/load`;
  async function* loads() {
    for (let n = 0; n < 2; n++) yield await makeLoad(scene.venv, path, count, scene.key);
  }
  const start = hubStarter(scene.key, ["--v8-flags=--trace-gc"]);
  const stages = await growth(start, scene.sender, loads, RATE);
  await Deno.remove(path);
  console.log(`Growth: loads of ${whole(count)} messages; memory 10 s after the last commit\n`);
  table(
    ["", "messages", "lost", "resident", "anonymous", "V8 heaps", "most resident"],
    stages.map(({ name, messages, lost, memory, heap }) => [
      name,
      whole(messages),
      whole(lost),
      mebibytes(memory.resident),
      mebibytes(memory.anonymous),
      `${heap.toFixed(1)} MiB`,
      mebibytes(memory.peak),
    ]),
  );
}

const PARTS = { throughput, sustained, burst, idle: idleness, growth: memory };

/** Measures the parts that are asked for. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: "string", default: "60" }, only: { type: "string" } },
  });
  const length = Number(values.seconds);
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-bench-" });
  try {
    const shared = await scene(folder, length);
    const parts = Object.entries(PARTS).filter(([name]) => (values.only ?? name) === name);
    if (parts.length === 0) throw new Error(`There is no part ${values.only}.`);
    for (const [, part] of parts) await part(shared);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
