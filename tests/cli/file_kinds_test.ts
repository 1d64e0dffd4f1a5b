// What is no file, in the place of every file that a command takes: a sentence at once.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { TRACE_PATH } from "../import/helpers.ts";
import { withDirectory } from "../store/helpers.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { pipe } from "../support/pipe.ts";
import { type Finished, ROOT, runCli } from "../support/server.ts";

const ignore = Deno.build.os !== "linux";

/** Makes one of each kind in a folder; gives their paths. */
async function kinds(folder: string): Promise<{ paths: string[]; remove(): void }> {
  const at = (name: string) => join(folder, name);
  const server = createServer().listen(at("socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  await Deno.mkdir(at("folder.d"));
  await Deno.symlink(at("one"), at("two"));
  await Deno.symlink(at("two"), at("one"));
  await Deno.symlink(await pipe(at("pipe")), at("link"));
  await Deno.symlink("/dev/zero", at("zeros"));
  return {
    paths: ["socket", "folder.d", "one", "pipe", "link", "zeros"].map(at).concat("/dev/zero"),
    remove: () => void server.close(),
  };
}

function assertSentence({ code, stdout, stderr }: Finished, of: string): void {
  const said = `${of}: exit ${code}; ${stdout}${stderr}`;
  assert.equal(code, 1, said);
  assert.match(stderr, /^parsloscope: .*\.\n$/, said);
  assert.ok(!/\n\s+at /.test(stderr), said);
}

/** What is in a folder, and what kind it is of. */
function listed(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => JSON.stringify(entry)).sort();
}

Deno.test({
  name: "file kinds: databases to show, to export and to receive into",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const { paths, remove } = await kinds(folder);
      const before = listed(folder);
      for (const path of paths.filter((path) => !path.endsWith("folder.d"))) {
        assertSentence(await runCli(["visualize", path, "-p", "0"]), `visualize ${path}`);
        assertSentence(await runCli(["export", path, "-o", "-"]), `export ${path}`);
        assertSentence(await runCli(["hub", path, "-p", "0"]), `hub ${path}`);
      }
      assert.deepStrictEqual(listed(folder), before);
      remove();
    }),
});

Deno.test({
  name: "file kinds: files to import, and databases to make of them",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const { paths, remove } = await kinds(folder);
      const out = join(folder, "out.db");
      await Deno.writeTextFile(join(folder, "empty"), "");
      await Deno.symlink(join(folder, "nowhere.db"), join(folder, "dangling.db"));
      const before = listed(folder);
      // What the system keeps of itself has no length, and may let who reads it wait.
      const inputs = [
        ...paths,
        join(folder, "empty"),
        join(folder, "no"),
        "/proc/kmsg",
        "/proc/self/mem",
      ];
      for (const path of inputs) assertSentence(await runCli(["import", path, out]), path);
      const outputs = [
        ...paths.filter((path) => !path.endsWith("folder.d")),
        join(folder, "dangling.db"),
      ];
      for (const path of outputs) {
        for (const force of [[], ["--force"]]) {
          assertSentence(await runCli(["import", TRACE_PATH, path, ...force]), path);
        }
      }
      assert.deepStrictEqual(listed(folder), before);
      remove();
    }),
});

Deno.test({
  name: "file kinds: places of reports",
  ignore,
  async fn() {
    const database = await climate();
    const folder = join(database.folder, "kinds");
    await Deno.mkdir(folder);
    const { paths, remove } = await kinds(folder);
    await Deno.symlink(join(folder, "nowhere.html"), join(folder, "dangling.html"));
    const before = listed(folder);
    const outputs = paths.filter((path) => !path.endsWith("folder.d"));
    for (const path of [...outputs, join(folder, "dangling.html")]) {
      const args = ["export", database.path, CLIMATE_RUN, "-o", path];
      assertSentence(await runCli(args), path);
      assertSentence(await runCli([...args, "--force"]), path);
    }
    for (const path of outputs) {
      assertSentence(await runCli(["export", database.path, "--all", "-o", path]), `--all ${path}`);
    }
    assert.deepStrictEqual(listed(folder), before);
    remove();
    await database.remove();
  },
});

Deno.test({
  name: "file kinds: a report that replaces what a link names says so",
  ignore,
  async fn() {
    const database = await climate();
    const path = join(database.folder, "r.html");
    const link = join(database.folder, "l.html");
    await Deno.writeTextFile(path, "<!doctype html>old");
    await Deno.symlink("r.html", link);
    const args = ["export", database.path, CLIMATE_RUN, "-o", link];
    assertSentence(await runCli(args), link);
    const { code, stderr } = await runCli([...args, "--force"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /l\.html is a link; the file that it names, .*r\.html, is replaced\./);
    assert.ok((await Deno.lstat(link)).isSymlink);
    await database.remove();
  },
});

Deno.test({
  name: "file kinds: standard input without an end is read to the limit",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const program =
        `"${Deno.execPath()}" run -q --no-prompt -P=import --config "${ROOT}deno.json" "${ROOT}main.ts"`;
      for (const input of ["</dev/zero", "< <(cat /dev/zero)"]) {
        const line = `${program} import /dev/stdin "${folder}/out.db" --max-unpacked 20 ${input}`;
        const { code, stderr } = await new Deno.Command("bash", { args: ["-c", line] }).output();
        const said = new TextDecoder().decode(stderr);
        assert.equal(code, 1, said);
        assert.match(said, /too large: it has more than 20 MiB; .*--max-unpacked MIB\.\n$/);
      }
    }),
});
