// Only files are opened as databases: a pipe would hold up all that is served.

import assert from "node:assert/strict";
import { join } from "node:path";
import { createServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { openWriter } from "../../store/open_writer.ts";
import { runCli } from "../support/server.ts";
import { eventually } from "../support/eventually.ts";
import { climateIn, withDirectory } from "./helpers.ts";
import { pipe } from "../support/pipe.ts";
import { change } from "./writer_helpers.ts";

const LINUX = Deno.build.os === "linux";

async function refusal(work: () => Promise<{ close(): unknown }>): Promise<string> {
  try {
    await (await work()).close();
  } catch (error) {
    assert.ok(error instanceof DatabaseError, `${error}`);
    return error.message;
  }
  assert.fail("it was opened");
}

Deno.test({
  name: "file kind: what is no file is neither read nor written as a database",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const socket = join(directory, "socket.db");
      const server = createServer().listen(socket);
      await new Promise((resolve) => server.once("listening", resolve));
      const folder = join(directory, "folder.db");
      await Deno.mkdir(folder);
      await Deno.symlink(await pipe(join(directory, "pipe.db")), join(directory, "link.db"));
      const cases: [string, RegExp][] = [
        [join(directory, "pipe.db"), /pipe\.db is a named pipe; /],
        [join(directory, "link.db"), /link\.db is a named pipe; /],
        [socket, /socket\.db is a socket; /],
        ["/dev/zero", /\/dev\/zero is a device; /],
      ];
      for (const [path, sentence] of cases) {
        assert.match(await refusal(() => openDatabase(path)), sentence);
        assert.match(await refusal(() => openDatabase(`sqlite:///${path}`)), sentence);
        assert.match(await refusal(() => openWriter(path)), sentence);
      }
      await pipe(join(folder, "monitoring.db"));
      assert.match(await refusal(() => openDatabase(folder)), /monitoring\.db is a named pipe; /);
      server.close();
    }),
});

Deno.test({
  name: "file kind: links that lead nowhere, or round and round, are the user's to mend",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const [one, two] = [join(directory, "one.db"), join(directory, "two.db")];
      await Deno.symlink(one, two);
      await Deno.symlink(two, one);
      assert.match(await refusal(() => openDatabase(one)), /leads back to itself/);
      await Deno.symlink(join(directory, "gone.db"), join(directory, "dangling.db"));
      assert.match(await refusal(() => openDatabase(join(directory, "dangling.db"))), /no file/);
      const long = join(directory, "x".repeat(300));
      assert.match(await refusal(() => openDatabase(long)), /cannot be looked at .*name too long/i);
      assert.match(await refusal(() => openDatabase("a\0b.db")), /cannot be looked at|no file/);
      assert.match(await refusal(() => openDatabase("file:///%zz")), /no address of a file/);
    }),
});

Deno.test({
  name: "file kind: a database with a pipe, a folder or a device beside it is read nevertheless",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      for (const suffix of ["-journal", "-wal", "-shm"]) {
        const path = await climateIn(directory, `x${suffix}.db`);
        for (
          const put of [
            () => pipe(path + suffix),
            () => Deno.mkdir(path + suffix),
            () => Deno.symlink("/dev/zero", path + suffix),
          ]
        ) {
          await put();
          const database = await openDatabase(path);
          assert.equal((await database.workflows()).length, 7);
          database.close();
          const said = await refusal(() => openWriter(path));
          assert.ok(said.includes(`${path}${suffix} is a `), said);
          await Deno.remove(path + suffix);
        }
        await (await openWriter(path)).close();
      }
    }),
});

Deno.test({
  name: "file kind: a database that a pipe takes the place of is said to be one, and is no end",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const database = await openDatabase(path);
      const places: [() => Promise<unknown>, RegExp][] = [
        [() => pipe(path), /is a named pipe/],
        [() => Deno.mkdir(path), /is a directory/],
        [() => Promise.resolve(), /not there any more/],
        [() => Deno.writeTextFile(path, "no database ".repeat(99)), /not an SQLite file/],
      ];
      for (const [put, sentence] of places) {
        await Deno.remove(path).catch(() => {});
        await put();
        await assert.rejects(database.workflows(), sentence);
        await assert.rejects(database.task("r", 1), sentence);
      }
      await Deno.remove(path);
      await climateIn(directory);
      assert.equal((await database.workflows()).length, 7, "and it goes on when it is back");
      database.close();
    }),
});

Deno.test({
  name: "file kind: a writer whose database gives way to a pipe waits for it, and says why",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const path = join(directory, "monitoring.db");
      const writer = await openWriter(path);
      await writer.write([change("workflow-start")]);
      await Deno.rename(path, `${path}.old`);
      await pipe(path);
      await eventually(async () => {
        const said = await writer.write([change("task")]).then(() => "", (e: Error) => e.message);
        return /is a named pipe/.test(said);
      }, "the writer does not say what is there instead");
      await Deno.remove(path);
      await writer.write([change("task")]);
      await writer.close();
      assert.ok((await Deno.stat(path)).isFile);
    }),
});

Deno.test({
  name: "file kind: what SQLite cannot make out, or may not look at, is said in a sentence",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const format = await climateIn(directory);
      const bytes = await Deno.readFile(format);
      // The number of the schema's format, of which there are four.
      bytes[47] = 9;
      await Deno.writeFile(format, bytes);
      assert.match(
        await refusal(() => openDatabase(format)),
        /is damaged .*unsupported file format/,
      );
      const module = join(directory, "module.db");
      const database = new DatabaseSync(module);
      database.exec("CREATE TABLE workflow (run_id TEXT); CREATE VIRTUAL TABLE x USING fts5(y)");
      database.close();
      const text = (await Deno.readFile(module)).toHex();
      const [known, unknown] = ["USING fts5", "USING ftsX"].map((t) => new TextEncoder().encode(t));
      await Deno.writeFile(
        module,
        Uint8Array.fromHex(text.replaceAll(known.toHex(), unknown.toHex())),
      );
      assert.match(await refusal(() => openDatabase(module)), /no such module: ftsX/);
      const link = join(directory, "link.db");
      await Deno.symlink("/proc/self/mem", link);
      const { code, stderr } = await runCli(["export", link, "--latest", "-o", `${link}.html`]);
      assert.equal(code, 1);
      assert.match(stderr, /^parsloscope: .* may not be read; ask its owner.*\n$/);
    }),
});
