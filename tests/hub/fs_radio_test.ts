import assert from "node:assert/strict";
import { FsRadio, type FsRadioOptions } from "../../hub/radio/fs_radio.ts";
import { eventually } from "../support/eventually.ts";
import { findParsl, venvPython } from "../support/parsl.ts";

/** A radio that keeps what it was given. */
class Station {
  readonly taken: { name: string; text: string }[] = [];
  readonly reports: string[] = [];
  readonly refused: { name: string; reason: string; size: number }[] = [];
  readonly radio: FsRadio;

  constructor(folder: string, options: Partial<FsRadioOptions> = {}) {
    this.radio = new FsRadio({
      folder,
      take: (name, bytes) => this.taken.push({ name, text: new TextDecoder().decode(bytes) }),
      refuse: (name, reason, size) => this.refused.push({ name, reason, size }),
      report: (text) => this.reports.push(text),
      ...options,
    });
  }

  get texts(): string[] {
    return this.taken.map(({ text }) => text);
  }

  async commit(understood = true): Promise<void> {
    for (const { name } of this.taken) this.radio.committed(name, understood);
    await this.radio.settled();
  }
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The `new` of a run's maildir. */
async function maildir(run: string): Promise<string> {
  await Deno.mkdir(`${run}/monitor-fs-radio/tmp`, { recursive: true });
  await Deno.mkdir(`${run}/monitor-fs-radio/new`);
  return `${run}/monitor-fs-radio/new`;
}

/** A UUID as Parsl names files, which is ordered as the name that it stands for, of 6 letters at most. */
function idOf(name: string): string {
  const hex = new TextEncoder().encode(name).toHex().padEnd(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-4000-8000-000000000000`;
}

/** The name that such a UUID stands for; other names as they are. */
function nameOf(file: string): string {
  if (!file.endsWith("-4000-8000-000000000000")) return file;
  const bytes = Uint8Array.fromHex(file.slice(0, 13).replace("-", ""));
  return new TextDecoder().decode(bytes).replaceAll("\0", "");
}

/** Writes a file with a time in seconds, by the UUID that stands for its name. */
async function put(folder: string, name: string, text: string, mtime = 1000): Promise<void> {
  await Deno.writeTextFile(`${folder}/${idOf(name)}`, text);
  await Deno.utime(`${folder}/${idOf(name)}`, mtime, mtime);
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(nameOf(name));
  return found.sort();
}

Deno.test("files are taken by age then name, once, and removed when they are committed", () =>
  inFolder(async (folder) => {
    const mail = await maildir(folder);
    await put(mail, "a", "third", 30);
    await put(mail, "c", "second", 20);
    await put(mail, "b", "first", 20);
    await Deno.writeTextFile(`${folder}/monitor-fs-radio/tmp/d`, "half");
    const station = new Station(folder);
    assert.deepStrictEqual(await station.radio.scan(), 3);
    assert.deepStrictEqual(station.texts, ["first", "second", "third"]);
    assert.deepStrictEqual(station.taken[0].name, `${mail}/${idOf("b")}`);
    assert.deepStrictEqual([await station.radio.scan(), await names(mail)], [0, ["a", "b", "c"]]);
    station.radio.committed(`${mail}/${idOf("c")}`, true);
    station.radio.committed(`${mail}/unknown`, true);
    await station.radio.settled();
    assert.deepStrictEqual(await names(mail), ["a", "b"]);
    await put(mail, "e", "fourth");
    assert.deepStrictEqual([await station.radio.scan(), station.texts.at(-1)], [1, "fourth"]);
    await station.commit();
    assert.deepStrictEqual([await names(mail), station.reports], [[], []]);
    assert.deepStrictEqual(await names(`${folder}/monitor-fs-radio/tmp`), ["d"]);
  }));

Deno.test("what was taken and not committed is taken by the next hub", () =>
  inFolder(async (folder) => {
    const mail = await maildir(folder);
    await put(mail, "a", "one");
    const killed = new Station(folder);
    await killed.radio.scan();
    const next = new Station(folder);
    await next.radio.scan();
    assert.deepStrictEqual(next.texts, ["one"]);
    await next.commit();
    await killed.commit();
    assert.deepStrictEqual([await names(mail), killed.reports], [[], []]);
  }));

Deno.test("the folder may be a run, its radio, or many runs", () =>
  inFolder(async (folder) => {
    for (const run of ["000", "001"]) await put(await maildir(`${folder}/${run}`), "m", run);
    await Deno.mkdir(`${folder}/002`);
    await Deno.writeTextFile(`${folder}/monitoring.db`, "");
    const cases: [string, string[]][] = [
      [`${folder}/000`, ["000"]],
      [`${folder}/000/`, ["000"]],
      [`${folder}/001/monitor-fs-radio`, ["001"]],
      [folder, ["000", "001"]],
    ];
    for (const [place, expected] of cases) {
      const station = new Station(place);
      await station.radio.scan();
      assert.deepStrictEqual([station.texts.sort(), station.reports], [expected, []], place);
    }
  }));

Deno.test("folders that appear later are found", () =>
  inFolder(async (folder) => {
    const station = new Station(`${folder}/runinfo`, { period: 20 });
    station.radio.start();
    try {
      await eventually(
        () => Promise.resolve(station.reports.length > 0),
        "its absence is not said",
      );
      await put(await maildir(`${folder}/runinfo/000`), "m", "first");
      await eventually(() => Promise.resolve(station.texts.length === 1), "not found");
      await put(await maildir(`${folder}/runinfo/001`), "m", "second");
      await eventually(() => Promise.resolve(station.texts.length === 2), "not found");
    } finally {
      await station.radio.stop();
    }
    assert.deepStrictEqual(
      station.reports.length,
      1,
      "it is said more than once that the folder is absent",
    );
    await put(`${folder}/runinfo/001/monitor-fs-radio/new`, "late", "late");
    // One that looks as often finds it.
    const other = new Station(`${folder}/runinfo`, { period: 20 });
    other.radio.start();
    try {
      await eventually(() => Promise.resolve(other.texts.includes("late")), "not found");
    } finally {
      await other.radio.stop();
    }
    assert.deepStrictEqual(station.texts, ["first", "second"], "it looks on after its stop");
  }));

Deno.test("each scan takes a bounded number, the oldest first, and all runs have a share", () =>
  inFolder(async (folder) => {
    const many = await maildir(`${folder}/000`);
    for (let i = 0; i < 50; i++) await put(many, `f${i}`, `many ${i}`, 5000 - i);
    const few = await maildir(`${folder}/001`);
    await put(few, "f", "few", 9000);
    const station = new Station(folder, { perScan: 10 });
    assert.deepStrictEqual(await station.radio.scan(), 10);
    assert.ok(station.texts.includes("few"), "a busy run holds the others up");
    assert.deepStrictEqual(station.texts[0], "many 49");
    while (await station.radio.scan() > 0);
    const order = station.texts.filter((text) => text !== "few");
    assert.deepStrictEqual(order, Array.from({ length: 50 }, (_, i) => `many ${49 - i}`));
  }));

Deno.test("no more is taken while too much waits for its commit, and the order is kept", () =>
  inFolder(async (folder) => {
    const mail = await maildir(folder);
    for (let i = 0; i < 40; i++) await put(mail, `f${i}`, `${i} ${"x".repeat(1000)}`, i);
    const station = new Station(folder, { maxWaiting: 10_000, perScan: 25 });
    const first = await station.radio.scan();
    assert.ok(first >= 10 && first < 20, `${first} are taken`);
    assert.deepStrictEqual(await station.radio.scan(), 0);
    while (station.texts.length < 40) {
      await station.commit();
      assert.ok(await station.radio.scan() > 0, "it does not go on");
    }
    assert.deepStrictEqual(
      station.texts.map((text) => parseInt(text)),
      Array.from({ length: 40 }, (_, i) => i),
    );
  }));

Deno.test("files that are too large are told once and stay", () =>
  inFolder(async (folder) => {
    const mail = await maildir(folder);
    await put(mail, "huge", "x".repeat(101));
    await put(mail, "fits", "y".repeat(100));
    const station = new Station(folder, { maxFile: 100 });
    for (let i = 0; i < 3; i++) await station.radio.scan();
    assert.deepStrictEqual(station.texts, ["y".repeat(100)]);
    assert.deepStrictEqual(station.refused.map(({ name, size }) => [name, size]), [[
      `${mail}/${idOf("huge")}`,
      101,
    ]]);
    await station.commit();
    assert.deepStrictEqual([await names(mail), station.reports.length], [["huge"], 1]);
  }));

Deno.test("an empty file is given time to be filled", () =>
  inFolder(async (folder) => {
    const mail = await maildir(folder);
    await put(mail, "old", "", 1000);
    // Young for the whole of the test.
    await put(mail, "young", "", Date.now() / 1000 + 3600);
    const station = new Station(folder);
    await station.radio.scan();
    assert.deepStrictEqual(station.taken.map(({ name }) => name), [`${mail}/${idOf("old")}`]);
    await Deno.writeTextFile(`${mail}/${idOf("young")}`, "filled");
    await eventually(async () => await station.radio.scan() === 1, "not taken");
    assert.deepStrictEqual(station.texts.at(-1), "filled");
  }));

Deno.test({
  name: "what is not a file is left alone",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const mail = await maildir(folder);
      await Deno.mkdir(`${mail}/${idOf("folder")}`);
      await Deno.symlink("/etc/passwd", `${mail}/${idOf("link")}`);
      const made = await new Deno.Command("mkfifo", { args: [`${mail}/${idOf("pipe")}`] }).output();
      assert.ok(made.success, "there is no mkfifo");
      await put(mail, "good", "good");
      const station = new Station(folder);
      for (let i = 0; i < 3; i++) await station.radio.scan();
      assert.deepStrictEqual([station.texts, station.reports.length], [["good"], 3]);
      await station.commit();
      assert.deepStrictEqual(await names(mail), ["folder", "link", "pipe"]);
    }),
});

Deno.test({
  name: "files that cannot be read or removed are said once, and not taken twice",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    inFolder(async (folder) => {
      const mail = await maildir(folder);
      await put(mail, "secret", "secret");
      await put(mail, "good", "good");
      await Deno.chmod(`${mail}/${idOf("secret")}`, 0);
      await Deno.chmod(mail, 0o500);
      const station = new Station(folder);
      for (let i = 0; i < 3; i++) {
        await station.radio.scan();
        await station.commit();
      }
      await Deno.chmod(mail, 0o700);
      assert.deepStrictEqual([station.texts, station.reports.length], [["good"], 2]);
      assert.deepStrictEqual(await names(mail), ["good", "secret"]);
    }),
});

Deno.test("a whole folder that vanishes does not end the radio", () =>
  inFolder(async (folder) => {
    const mail = await maildir(`${folder}/000`);
    await put(mail, "a", "one");
    const station = new Station(folder);
    await station.radio.scan();
    await Deno.remove(`${folder}/000`, { recursive: true });
    await station.commit();
    assert.deepStrictEqual(await station.radio.scan(), 0);
    await put(await maildir(`${folder}/000`), "b", "two");
    assert.deepStrictEqual([await station.radio.scan(), station.texts], [1, ["one", "two"]]);
  }));

const venv = await findParsl();

Deno.test({
  name: "messages of Parsl's own filesystem radio are found",
  ignore: venv === null,
  fn: () =>
    inFolder(async (folder) => {
      const program = [
        "import sys",
        "from parsl.monitoring.radios.filesystem import FilesystemRadioSender",
        "from parsl.monitoring.message_type import MessageType",
        "sender = FilesystemRadioSender(run_dir=sys.argv[1])",
        "for i in range(3): sender.send((MessageType.TASK_INFO, {'task_func_name': f'app{i}'}))",
      ].join("\n");
      const { success, stderr } = await new Deno.Command(venvPython(venv!), {
        args: ["-c", program, `${folder}/000`],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const station = new Station(folder);
      assert.deepStrictEqual(await station.radio.scan(), 3);
      for (let i = 0; i < 3; i++) {
        assert.ok(station.texts.some((text) => text.includes(`app${i}`)), `app${i} is missing`);
      }
      await station.commit();
      assert.deepStrictEqual(await names(`${folder}/000/monitor-fs-radio/new`), []);
    }),
});
