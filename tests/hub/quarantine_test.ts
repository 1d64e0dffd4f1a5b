import assert from "node:assert/strict";
import { Quarantine, quarantineFileOf } from "../../hub/ingest/quarantine.ts";
import { scriptWithLimit } from "../support/limited.ts";

interface Line {
  at: string;
  source: string;
  reason: string;
  bytes: string;
  size: number;
}

async function inFolder(run: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    await run(`${folder}/monitoring.db.quarantine.jsonl`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function lines(path: string): Promise<Line[]> {
  const text = await Deno.readTextFile(path);
  assert.ok(text.endsWith("\n"), "the last line is cut");
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function message(source: string, size = 10) {
  return { source, reason: "bad", bytes: new Uint8Array(size) };
}

Deno.test("a message is in the file after a flush, and the file is made when it is needed", () =>
  inFolder(async (path) => {
    assert.deepStrictEqual(quarantineFileOf("runinfo/m.db"), "runinfo/m.db.quarantine.jsonl");
    const quarantine = new Quarantine(path);
    assert.deepStrictEqual([quarantine.flush(), await exists(path)], [true, false]);
    const at = Date.UTC(2026, 7, 1, 12, 30, 15, 250);
    const bytes = new Uint8Array([0, 1, 254, 255]);
    quarantine.add({ source: "udp 10.0.0.1:4242", reason: "line\nbreak", bytes, at });
    assert.deepStrictEqual([quarantine.waiting, quarantine.flush(), quarantine.waiting], [
      1,
      true,
      0,
    ]);
    assert.deepStrictEqual(await lines(path), [{
      at: "2026-08-01T12:30:15.250Z",
      source: "udp 10.0.0.1:4242",
      reason: "line\nbreak",
      bytes: "AAH+/w==",
      size: 4,
    }]);
    if (Deno.build.os !== "windows") {
      assert.deepStrictEqual((await Deno.stat(path)).mode! & 0o777, 0o600);
    }
    const again = new Quarantine(path);
    again.add(message("file x"));
    again.flush();
    assert.deepStrictEqual((await lines(path)).map(({ source }) => source), [
      "udp 10.0.0.1:4242",
      "file x",
    ]);
  }));

Deno.test("a huge message is cut, and its size told", () =>
  inFolder(async (path) => {
    const quarantine = new Quarantine(path);
    quarantine.add(message("lane a #1", 1_000_000));
    quarantine.add({ ...message("file huge", 0), size: 2 ** 30 });
    quarantine.flush();
    const [first, second] = await lines(path);
    assert.deepStrictEqual([Uint8Array.fromBase64(first.bytes).length, first.size], [
      65_536,
      1_000_000,
    ]);
    assert.deepStrictEqual([second.bytes, second.size], ["", 2 ** 30]);
  }));

Deno.test("the file stays within its bound, keeps the newest, and counts what fell out", () =>
  inFolder(async (path) => {
    const limit = 20_000;
    let quarantine = new Quarantine(path, { limit });
    let dropped = 0;
    const count = 1000;
    for (let i = 0; i < count; i++) {
      // A hub that starts again goes on where the last one was.
      if (i === 700) {
        quarantine.flush();
        dropped = quarantine.dropped;
        quarantine = new Quarantine(path, { limit });
      }
      quarantine.add(message(`udp 10.0.0.1:${i}`, 100));
      if (i % 7 === 0) quarantine.flush();
      if (await exists(path)) assert.ok((await Deno.stat(path)).size <= limit, "it is too large");
    }
    quarantine.flush();
    const kept = [...await lines(`${path}.1`), ...await lines(path)];
    assert.ok((await Deno.stat(`${path}.1`)).size <= limit, "the older one is too large");
    const first = count - kept.length;
    const sources = kept.map(({ source }) => source);
    assert.deepStrictEqual(sources, kept.map((_, i) => `udp 10.0.0.1:${first + i}`));
    assert.ok(kept.length > 60, `only ${kept.length} are kept`);
    assert.deepStrictEqual(dropped + quarantine.dropped, first, "not all that fell out is counted");
  }));

Deno.test("one flush may fill several files", () =>
  inFolder(async (path) => {
    const quarantine = new Quarantine(path, { limit: 2000 });
    for (let i = 0; i < 100; i++) quarantine.add(message(`${i}`, 100));
    quarantine.flush();
    const kept = [...await lines(`${path}.1`), ...await lines(path)];
    assert.deepStrictEqual(kept.at(-1)!.source, "99");
    assert.deepStrictEqual(quarantine.dropped, 100 - kept.length);
  }));

Deno.test("half a line that a killed hub left does not spoil the next one", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path, '{"at":"2026');
    const quarantine = new Quarantine(path);
    quarantine.add(message("new"));
    quarantine.flush();
    const text = await Deno.readTextFile(path);
    const [half, whole, rest] = text.split("\n");
    assert.deepStrictEqual([half, JSON.parse(whole).source, rest], ['{"at":"2026', "new", ""]);
  }));

Deno.test("a file that is moved away is made anew", () =>
  inFolder(async (path, folder) => {
    const quarantine = new Quarantine(path);
    quarantine.add(message("one"));
    quarantine.flush();
    await Deno.rename(path, `${folder}/away`);
    quarantine.add(message("two"));
    quarantine.flush();
    assert.deepStrictEqual((await lines(path)).map(({ source }) => source), ["two"]);
  }));

Deno.test("many messages do not fill memory when the file can be written", () =>
  inFolder(async (path) => {
    const quarantine = new Quarantine(path, { memory: 100_000 });
    for (let i = 0; i < 200; i++) quarantine.add(message(`${i}`, 10_000));
    assert.ok(quarantine.waiting < 20, `${quarantine.waiting} wait`);
    quarantine.flush();
    assert.deepStrictEqual([(await lines(path)).length, quarantine.dropped], [200, 0]);
  }));

Deno.test("what cannot be written waits in memory within its bound, and the rest is counted", () =>
  inFolder(async (_, folder) => {
    const path = `${folder}/absent/q.jsonl`;
    const quarantine = new Quarantine(path, { memory: 10_000 });
    for (let i = 0; i < 500; i++) {
      quarantine.add(message(`${i}`, 100));
      if (i === 0) assert.deepStrictEqual(quarantine.flush(), false);
    }
    assert.ok(quarantine.problem.includes(path), `it says "${quarantine.problem}"`);
    assert.ok(quarantine.waiting > 10 && quarantine.waiting < 100, `${quarantine.waiting} wait`);
    assert.deepStrictEqual(quarantine.waiting + quarantine.dropped, 500);
    const waiting = quarantine.waiting;
    await Deno.mkdir(`${folder}/absent`);
    assert.deepStrictEqual([quarantine.flush(), quarantine.problem], [true, ""]);
    const sources = (await lines(path)).map(({ source }) => source);
    assert.deepStrictEqual(sources, Array.from({ length: waiting }, (_, i) => `${i}`));
  }));

Deno.test({
  name: "a full disk leaves no half line behind",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const said = await scriptWithLimit("ulimit -f 1; trap '' XFSZ", import.meta.url, [
      'import { Quarantine } from "../../hub/ingest/quarantine.ts";',
      "const [path] = Deno.args;",
      "const quarantine = new Quarantine(path);",
      "const flushed = [];",
      "for (const size of [100, 2000, 50]) {",
      '  quarantine.add({ source: `${size}`, reason: "bad", bytes: new Uint8Array(size) });',
      "  flushed.push(quarantine.flush());",
      "}",
      "const lines = Deno.readTextFileSync(path).split('\\n');",
      "console.log(JSON.stringify({ flushed, lines, problem: quarantine.problem }));",
    ]);
    const { flushed, lines: kept, problem } = JSON.parse(said);
    assert.deepStrictEqual(flushed, [true, false, false]);
    assert.deepStrictEqual([JSON.parse(kept[0]).source, kept.length, kept[1]], ["100", 2, ""]);
    assert.match(problem, /cannot be written: .*large/i);
  },
});
