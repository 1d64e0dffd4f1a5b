import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { climateIn, readAll, withDirectory } from "./helpers.ts";

async function refusal(target: string): Promise<string> {
  try {
    (await openDatabase(target)).close();
  } catch (error) {
    assert.ok(error instanceof DatabaseError, `${target}: ${error}`);
    return error.message;
  }
  assert.fail(`${target} was opened`);
}

Deno.test("a database opens by path, by URL and by directory", () =>
  withDirectory(async (directory) => {
    const runinfo = join(directory, "runinfo");
    await Deno.mkdir(join(runinfo, "000"), { recursive: true });
    const path = await climateIn(runinfo);
    for (
      const target of [path, `sqlite:///${path}`, runinfo, join(runinfo, "000") + "/", directory]
    ) {
      const database = await openDatabase(target);
      assert.equal(database.name, target);
      assert.equal((await database.workflows()).length, 7);
      database.close();
    }
  }));

Deno.test("names that mean something in URIs open", () =>
  withDirectory(async (directory) => {
    const database = await openDatabase(await climateIn(directory, "a?b#c%20 d&e=ü.db"));
    assert.equal((await database.workflows()).length, 7);
    database.close();
  }));

Deno.test("what is no monitoring database is refused with a reason", () =>
  withDirectory(async (directory) => {
    assert.match(await refusal(join(directory, "none.db")), /no file .*none\.db/);
    assert.match(await refusal(directory), /holds no monitoring\.db/);
    assert.match(await refusal("postgresql://user@host/db"), /PostgreSQL/);
    assert.match(await refusal("mysql://host/db"), /mysql/);
    assert.match(await refusal("sqlite://"), /names no file/);
    assert.match(await refusal(""), /No database was named/);

    const text = join(directory, "text.db");
    await Deno.writeTextFile(text, "These are not the rows you are looking for.\n".repeat(90));
    assert.match(await refusal(text), /not an SQLite file/);

    const cut = await climateIn(directory, "cut.db");
    await Deno.truncate(cut, 500_000);
    assert.match(await refusal(cut), /is cut off/);

    const damaged = await climateIn(directory, "damaged.db");
    const file = await Deno.open(damaged, { write: true });
    await file.seek(100, Deno.SeekMode.Start);
    await file.write(new Uint8Array(8000).fill(0x5a));
    file.close();
    assert.match(await refusal(damaged), /damaged/);

    const other = join(directory, "other.db");
    const connection = new DatabaseSync(other);
    connection.exec("CREATE TABLE birds (name TEXT); CREATE TABLE nests (tree TEXT)");
    connection.close();
    assert.match(await refusal(other), /birds, nests/);
  }));

Deno.test("an empty file, and one with tables but no rows, has no workflows", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await Deno.writeFile(path, new Uint8Array());
    const database = await openDatabase(path);
    assert.deepEqual(await database.workflows(), []);
    const connection = new DatabaseSync(path);
    connection.exec("CREATE TABLE workflow (run_id TEXT PRIMARY KEY)");
    assert.deepEqual(await database.workflows(), []);
    connection.exec("INSERT INTO workflow VALUES ('a')");
    connection.close();
    assert.equal((await database.workflows())[0].runId, "a");
    assert.equal((await readAll(database, "a")).rows.workflow?.runId, "a");
    database.close();
  }));
