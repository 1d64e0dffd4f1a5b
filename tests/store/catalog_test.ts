// Several databases: what is wrong with one of them hides nothing of the others.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Catalog } from "../../live/runs/catalog.ts";
import { DatabaseError, type MonitoringDatabase } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { eventually } from "../support/eventually.ts";
import { printable } from "../../printable.ts";
import { namedRuns } from "../support/named_runs.ts";
import { pipe } from "../support/pipe.ts";
import { climateIn, withDirectory } from "./helpers.ts";

const LINUX = Deno.build.os === "linux";

/** What is printed on the terminal while a test runs. */
async function terminal(test: (lines: string[]) => Promise<void>): Promise<void> {
  const { error } = console;
  const lines: string[] = [];
  console.error = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    await test(lines);
  } finally {
    console.error = error;
  }
}

const idsOf = async (catalog: Catalog) =>
  (await catalog.workflows()).map(({ workflow }) => workflow.runId).sort();

/** Ways for a database to be of no use, each with what is said of it. */
const BAD: [name: string, make: (path: string) => Promise<unknown>, why: RegExp][] = [
  ["absent", () => Promise.resolve(), /no file .*absent\.db/],
  ["text", (path) => Deno.writeTextFile(path, "notes, no database\n".repeat(99)), /not an SQLite/],
  ["other", (path) => {
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE birds (name TEXT)");
    other.close();
    return Promise.resolve();
  }, /other\.db is not a Parsl .* only birds/],
  ["cut", async (path) => {
    await climateIn(join(path, ".."), "cut.db");
    await Deno.truncate(path, 300_000);
  }, /cut\.db is cut off/],
  ["damaged", async (path) => {
    await climateIn(join(path, ".."), "damaged.db");
    const file = await Deno.open(path, { write: true });
    await file.seek(100, Deno.SeekMode.Start);
    await file.write(new Uint8Array(8000).fill(0x5a));
    file.close();
  }, /damaged\.db is damaged/],
  ["folder", (path) => Deno.mkdir(path), /folder\.db holds no monitoring\.db/],
  ["loop", (path) => Deno.symlink(path, path), /leads back to itself/],
  ["pipe", (path) => pipe(path), /pipe\.db is a named pipe/],
  ["broken\nline", (path) => Deno.writeTextFile(path, "x".repeat(200)), /not an SQLite file/],
];

Deno.test({
  name: "catalog: databases of no use are named, and the others are shown",
  ignore: !LINUX,
  fn: () =>
    withDirectory((directory) =>
      terminal(async (lines) => {
        const good = [join(directory, "a.db"), join(directory, "z?#%20 é.db")];
        await namedRuns(good[0], [{ id: "run a" }]);
        await namedRuns(good[1], [{ id: "run z" }]);
        const empty = join(directory, "empty.db");
        await Deno.writeFile(empty, new Uint8Array());
        const bad = BAD.map(([name]) => join(directory, `${name}.db`));
        for (const [at, [, make]] of BAD.entries()) await make(bad[at]);
        const catalog = await openCatalog([bad[0], good[0], ...bad.slice(1), empty, good[1]]);
        assert.equal(lines.length, BAD.length, "each is told at the start");
        assert.deepStrictEqual(await idsOf(catalog), ["run a", "run z"]);
        assert.equal(catalog.problems.length, BAD.length);
        for (const [at, [, , why]] of BAD.entries()) {
          const problem = catalog.problems.find(({ database }) => database === bad[at]);
          assert.match(problem?.why ?? `nothing of ${bad[at]}`, why);
          const told = printable(`parsloscope: ${problem!.why}`);
          assert.equal(lines.filter((line) => line === told).length, 1);
        }
        assert.equal((await catalog.run("run z"))?.run.tasks, 1);
        assert.equal(await catalog.run("none"), null);
        for (let n = 0; n < 5; n++) await catalog.workflows();
        assert.equal(lines.length, BAD.length, "and no more after that");
        catalog.close();
      })
    ),
});

Deno.test("catalog: a database that comes to be one appears, and one that goes is told", () =>
  withDirectory((directory) =>
    terminal(async (lines) => {
      const paths = [join(directory, "a.db"), join(directory, "b.db")];
      await namedRuns(paths[0], [{ id: "run a" }]);
      const catalog = await openCatalog(paths);
      let told = 0;
      const unwatch = catalog.watch(() => told++);
      assert.deepStrictEqual(await idsOf(catalog), ["run a"]);
      await namedRuns(paths[1], [{ id: "run b" }]);
      await eventually(() => Promise.resolve(told > 0), "nobody was told of the new one");
      await eventually(async () => (await idsOf(catalog)).length === 2, "it does not appear");
      assert.equal(catalog.problems.length, 0);
      told = 0;
      await Deno.remove(paths[0]);
      await eventually(() => Promise.resolve(told > 0), "nobody was told of the one that went");
      assert.deepStrictEqual(await idsOf(catalog), ["run b"]);
      assert.match(catalog.problems[0].why, /a\.db is not there any more/);
      await namedRuns(paths[0], [{ id: "run c" }]);
      await eventually(
        async () => String(await idsOf(catalog)) === "run b,run c",
        "it is not back",
      );
      unwatch();
      catalog.close();
      assert.deepStrictEqual(lines.map((line) => /no file|read again|not there/.exec(line)?.[0]), [
        ...["no file", "read again", "not there", "read again"],
      ]);
    })
  ));

Deno.test("catalog: a database that is being copied is told once, and appears when it is whole", () =>
  withDirectory((directory) =>
    terminal(async (lines) => {
      const [good, copy] = [join(directory, "good.db"), join(directory, "copy.db")];
      await namedRuns(good, [{ id: "run" }]);
      const bytes = await Deno.readFile(await climateIn(directory));
      await Deno.writeFile(copy, bytes.subarray(0, 100_000));
      const catalog = await openCatalog([good, copy]);
      const said = new Set<string>();
      for (let size = 200_000; size < bytes.length; size += 200_000) {
        await Deno.writeFile(copy, bytes.subarray(0, size));
        await eventually(async () => {
          await catalog.workflows();
          return new RegExp(`cut off \\(${size} of`).test(catalog.problems[0].why);
        }, "the page does not say how far it is");
        said.add(catalog.problems[0].why);
      }
      assert.ok(said.size > 2);
      assert.equal(lines.length, 1, lines.join("\n"));
      await Deno.writeFile(copy, bytes);
      await eventually(async () => (await idsOf(catalog)).length === 8, "it does not appear");
      assert.match(lines[1], /copy\.db can be read again\.$/);
      assert.equal(lines.length, 2);
      catalog.close();
    })
  ));

Deno.test("catalog: without one that can be opened there is nothing, and each says why", () =>
  withDirectory(async (directory) => {
    const text = join(directory, "text.db");
    await Deno.writeTextFile(text, "no database ".repeat(99));
    const none = join(directory, "none.db");
    await assert.rejects(openCatalog([none]), (error: unknown) => {
      assert.ok(error instanceof DatabaseError);
      assert.match(error.message, /^There is no file [^\n]+$/);
      return true;
    });
    await assert.rejects(openCatalog([none, text]), (error: unknown) => {
      assert.ok(error instanceof DatabaseError);
      assert.match(
        error.message,
        /^No database can be opened:\n {2}There is no .*\n {2}.*not an SQ/,
      );
      return true;
    });
  }));

Deno.test({
  name: "catalog: a file that was given twice, by whatever name, is shown once",
  ignore: !LINUX,
  fn: () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const names = [`${directory}/link.db`, `${directory}/hard.db`];
      await Deno.symlink(path, names[0]);
      await Deno.link(path, names[1]);
      const targets = [path, path, directory, `sqlite:///${path}`, ...names];
      const catalog = await openCatalog(targets);
      assert.equal(catalog.databases.length, 1);
      assert.equal((await catalog.workflows()).length, 7);
      catalog.close();
      // One that comes to be a name of another is no second one either.
      const later = join(directory, "later.db");
      await terminal(async () => {
        const two = await openCatalog([path, later]);
        await Deno.symlink(path, later);
        await eventually(async () => {
          await two.workflows();
          return /is the same file as/.test(two.problems[0]?.why ?? "");
        }, "it is not recognised");
        assert.equal((await two.workflows()).length, 7);
        two.close();
      });
    }),
});

/** A database whose answers wait until they are let go. */
function slow(database: MonitoringDatabase) {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const proxy: MonitoringDatabase = {
    name: database.name,
    taken: null,
    stamp: () => database.stamp(),
    lastWritten: () => database.lastWritten(),
    async workflows() {
      await gate.promise;
      return await database.workflows();
    },
    read: (run, since) => database.read(run, since),
    task: (run, task) => database.task(run, task),
    lacking: {},
    searchTexts: (...asked) => database.searchTexts(...asked),
    details: (...asked) => database.details(...asked),
    tables: (run) => database.tables(run),
    glance: (runs) => database.glance(runs),
    close: () => database.close(),
  };
  return {
    database: proxy,
    hold: () => void (gate = Promise.withResolvers<void>()),
    letGo: () => gate.resolve(),
  };
}

Deno.test("catalog: a database that does not answer keeps nobody from the others", () =>
  withDirectory(async (directory) => {
    const paths = [join(directory, "a.db"), join(directory, "b.db")];
    await namedRuns(paths[0], [{ id: "run a" }]);
    await namedRuns(paths[1], [{ id: "run b" }]);
    const held = slow(await openDatabase(paths[0]));
    const catalog = new Catalog([held.database, await openDatabase(paths[1])]);
    let told = 0;
    const unwatch = catalog.watch(() => told++);
    assert.deepStrictEqual(await idsOf(catalog), ["run a", "run b"]);
    assert.equal(catalog.problems.length, 0);
    held.hold();
    assert.deepStrictEqual(await idsOf(catalog), ["run a", "run b"], "as known before");
    assert.match(catalog.problems[0].why, /a\.db has not answered yet/);
    assert.equal((await catalog.run("run b"))?.run.tasks, 1);
    assert.equal((await catalog.find("run a"))?.run.runId, "run a");
    held.letGo();
    await eventually(() => Promise.resolve(told > 0), "nobody was told of the answer");
    assert.deepStrictEqual(await idsOf(catalog), ["run a", "run b"]);
    assert.equal(catalog.problems.length, 0);
    unwatch();
    catalog.close();
  }));

Deno.test("catalog: a run whose database goes away stays as it was read, says so, and goes on", () =>
  withDirectory((directory) =>
    terminal(async (lines) => {
      const path = await climateIn(directory);
      const catalog = await openCatalog([path]);
      const [{ key }] = await catalog.workflows();
      const followed = (await catalog.run(key))!;
      const { tasks } = followed.run;
      assert.equal(followed.problem, null);
      let told = 0;
      const unwatch = followed.watch(() => told++);
      await Deno.rename(path, `${path}.away`);
      await eventually(() => Promise.resolve(followed.problem !== null), "it does not notice");
      assert.match(followed.problem!, /not there any more/);
      assert.ok(told > 0, "nobody was told");
      assert.equal((await catalog.run(key))?.run.tasks, tasks, "what was read stays");
      await eventually(() => Promise.resolve(lines.length > 0), "the terminal does not say it");
      const said = lines.length;
      for (let looks = 0; looks < 5; looks++) await followed.refresh().catch(() => {});
      assert.equal(lines.length, said, "and says it once");
      await Deno.rename(`${path}.away`, path);
      await eventually(() => Promise.resolve(followed.problem === null), "it does not go on");
      unwatch();
      catalog.close();
    })
  ));

Deno.test("catalog: a run that its file no longer has is not shown in another's name", () =>
  withDirectory((directory) =>
    terminal(async () => {
      const path = join(directory, "monitoring.db");
      await namedRuns(path, [{ id: "old", apps: ["f", "g"] }]);
      const catalog = await openCatalog([path]);
      assert.equal((await catalog.run("old"))?.run.tasks, 2);
      await Deno.remove(path);
      await namedRuns(path, [{ id: "new" }]);
      await eventually(async () => await catalog.run("old") === null, "it is still there");
      assert.equal((await catalog.run("new"))?.run.tasks, 1);
      await Deno.remove(path);
      const other = new DatabaseSync(path);
      other.exec("CREATE TABLE birds (name TEXT)");
      other.close();
      await eventually(async () => (await idsOf(catalog)).length === 0, "it is still listed");
      assert.match(catalog.problems[0].why, /is not a Parsl monitoring database/);
      catalog.close();
    })
  ));
