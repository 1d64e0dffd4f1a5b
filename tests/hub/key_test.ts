import { PATIENCE } from "../support/eventually.ts";
import assert from "node:assert/strict";
import { KeyProblem, loadKey } from "../../hub/signing/key.ts";

const UNIX = Deno.build.os !== "windows";
const EMPTY = { get: () => undefined };

function environment(hex: string) {
  return { get: (name: string) => name === "PARSLOSCOPE_KEY" ? hex : undefined };
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The sentence that a load fails with. */
async function problem(options: Parameters<typeof loadKey>[0]): Promise<string> {
  try {
    await loadKey(options);
  } catch (error) {
    assert.ok(error instanceof KeyProblem, `it throws ${error}`);
    return error.message;
  }
  throw new Error("a key is loaded");
}

Deno.test("a key is made beside the database when there is none, and found again", () =>
  inFolder(async (folder) => {
    const database = `${folder}/monitoring.db`;
    const first = await loadKey({ database, env: EMPTY });
    assert.deepStrictEqual([first.key.length, first.made, first.warning], [64, true, null]);
    assert.deepStrictEqual(first.file, `${database}.key`);
    assert.deepStrictEqual(await Deno.readTextFile(`${database}.key`), `${first.key.toHex()}\n`);
    if (UNIX) assert.deepStrictEqual((await Deno.stat(`${database}.key`)).mode! & 0o777, 0o600);
    const second = await loadKey({ database, env: EMPTY });
    assert.deepStrictEqual([second.key.toHex(), second.made], [first.key.toHex(), false]);
    const other = await loadKey({ database: `${folder}/other.db`, env: EMPTY, size: 32 });
    assert.deepStrictEqual(other.key.length, 32);
    assert.ok(other.key.toHex() !== first.key.toHex().slice(0, 64), "two keys are the same");
  }));

Deno.test("a key file that the user names is used, whatever the spaces and case", () =>
  inFolder(async (folder) => {
    const keyFile = `${folder}/mine`;
    await Deno.writeTextFile(keyFile, "  00112233445566778899AABBccddeeff \r\n", { mode: 0o600 });
    const { key, file } = await loadKey({ database: `${folder}/db`, keyFile, env: EMPTY });
    assert.deepStrictEqual([key.toHex(), file], ["00112233445566778899aabbccddeeff", keyFile]);
  }));

Deno.test("a key of the environment needs no file", () =>
  inFolder(async (folder) => {
    const hex = "ab".repeat(20);
    const loaded = await loadKey({ database: `${folder}/db`, env: environment(hex) });
    assert.deepStrictEqual([loaded.key.toHex(), loaded.file, loaded.made], [hex, null, false]);
    assert.deepStrictEqual([...Deno.readDirSync(folder)].length, 0);
    const made = await loadKey({ database: `${folder}/db`, env: environment("") });
    assert.deepStrictEqual(made.made, true, "an empty variable is taken for a key");
  }));

Deno.test("a key of the environment and a named file have to agree", () =>
  inFolder(async (folder) => {
    const keyFile = `${folder}/mine`;
    const database = `${folder}/db`;
    await Deno.writeTextFile(keyFile, "ab".repeat(20), { mode: 0o600 });
    const said = await problem({ database, keyFile, env: environment("cd".repeat(20)) });
    assert.ok(said.includes("different keys"), said);
    const same = await loadKey({ database, keyFile, env: environment("AB".repeat(20)) });
    assert.deepStrictEqual(same.file, keyFile);
  }));

Deno.test("what is not a key is told in a sentence with its place", () =>
  inFolder(async (folder) => {
    const database = `${folder}/db`;
    const keyFile = `${folder}/mine`;
    const cases: [string, string][] = [
      ["not hex at all", "hex text"],
      ["abc", "hex text"],
      ["ab".repeat(15), "15 bytes"],
      ["\u0000".repeat(40), "hex text"],
      ["ab".repeat(40_000), "too long"],
    ];
    for (const [content, part] of cases) {
      await Deno.writeTextFile(keyFile, content);
      const said = await problem({ database, keyFile, env: EMPTY });
      assert.ok(said.includes(part) && said.includes(keyFile), said);
    }
    const said = await problem({ database, env: environment("xyz") });
    assert.ok(said.includes("PARSLOSCOPE_KEY") && said.includes("hex text"), said);
    assert.ok((await problem({ database, keyFile: folder, env: EMPTY })).includes("a folder"), "");
    const nowhere = await problem({ database, keyFile: `${folder}/no/key`, env: EMPTY });
    assert.ok(nowhere.includes("folder does not exist"), nowhere);
    assert.deepStrictEqual(await Deno.stat(`${folder}/no`).then(() => true, () => false), false);
  }));

Deno.test({
  name: "a key file that others can read is used with a warning",
  ignore: !UNIX,
  fn: () =>
    inFolder(async (folder) => {
      const keyFile = `${folder}/mine`;
      await Deno.writeTextFile(keyFile, "ab".repeat(20));
      for (const [mode, warns] of [[0o644, true], [0o640, true], [0o600, false], [0o400, false]]) {
        await Deno.chmod(keyFile, Number(mode));
        const { warning } = await loadKey({ database: `${folder}/db`, keyFile, env: EMPTY });
        assert.deepStrictEqual(warning !== null, warns, `mode ${Number(mode).toString(8)}`);
        if (warns) assert.ok(warning!.includes(`chmod 600 ${keyFile}`), warning!);
      }
    }),
});

Deno.test({
  name: "a key file that cannot be read is told, and not replaced",
  ignore: !UNIX || Deno.uid() === 0,
  fn: () =>
    inFolder(async (folder) => {
      const keyFile = `${folder}/mine`;
      await Deno.writeTextFile(keyFile, "ab".repeat(20), { mode: 0o000 });
      const said = await problem({ database: `${folder}/db`, keyFile, env: EMPTY });
      assert.ok(said.includes("cannot be read"), said);
      await Deno.chmod(keyFile, 0o600);
      assert.deepStrictEqual(await Deno.readTextFile(keyFile), "ab".repeat(20));
    }),
});

Deno.test("hubs that start together end with one key", () =>
  inFolder(async (folder) => {
    const database = `${folder}/db`;
    const loads = Array.from({ length: 20 }, () => loadKey({ database, env: EMPTY }));
    const loaded = await Promise.all(loads);
    assert.deepStrictEqual(new Set(loaded.map(({ key }) => key.toHex())).size, 1);
    assert.deepStrictEqual(loaded.filter(({ made }) => made).length, 1);
  }));

Deno.test("an empty key file is another hub's that is about to write it", () =>
  inFolder(async (folder) => {
    const keyFile = `${folder}/mine`;
    await Deno.writeTextFile(keyFile, "", { mode: 0o600 });
    const loading = loadKey({ database: `${folder}/db`, keyFile, env: EMPTY, patience: PATIENCE });
    setTimeout(() => Deno.writeTextFileSync(keyFile, "ab".repeat(20)), 60);
    assert.deepStrictEqual((await loading).key.toHex(), "ab".repeat(20));
    await Deno.writeTextFile(keyFile, "");
    const said = await problem({ database: `${folder}/db`, keyFile, env: EMPTY, patience: 60 });
    assert.ok(said.includes("is empty: remove it"), said);
  }));
