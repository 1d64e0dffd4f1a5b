// A report's file is whole or not there, and nothing else is touched.

import assert from "node:assert/strict";
import { claimFile, writeFile } from "../../cli/export/report_file.ts";
import { withDirectory } from "../store/helpers.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const listed = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Pieces of a file, with something that happens in between. */
async function* pieces(between: () => unknown): AsyncIterable<Uint8Array> {
  yield bytes("<!DOCTYPE html>");
  await between();
  yield bytes("rest");
}

async function refused(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was not refused");
}

const free = () => ({ force: false, signal: new AbortController().signal });

Deno.test("report file: it has its name only when all is in it", () =>
  withDirectory(async (folder) => {
    const path = `${folder}/r.html`;
    const size = await writeFile(
      path,
      pieces(() => {
        const [name, ...others] = listed(folder);
        assert.ok(name.startsWith("r.html.") && name.endsWith(".part"), name);
        assert.deepStrictEqual(others, []);
      }),
      free(),
    );
    assert.deepStrictEqual(size, 19);
    assert.deepStrictEqual(await Deno.readTextFile(path), "<!DOCTYPE html>rest");
    assert.deepStrictEqual(listed(folder), ["r.html"]);
  }));

Deno.test("report file: an error in the middle leaves nothing", () =>
  withDirectory(async (folder) => {
    const failing = pieces(() => {
      throw new Error("out of ideas");
    });
    const error = await refused(writeFile(`${folder}/r.html`, failing, free()));
    assert.deepStrictEqual(error.message, "out of ideas");
    assert.deepStrictEqual(listed(folder), []);
  }));

Deno.test("report file: who ends the work leaves nothing", () =>
  withDirectory(async (folder) => {
    const ending = new AbortController();
    const { signal } = ending;
    const source = pieces(() => ending.abort());
    const error = await refused(writeFile(`${folder}/r.html`, source, { force: false, signal }));
    assert.deepStrictEqual(error.name, "AbortError");
    assert.deepStrictEqual(listed(folder), []);
  }));

Deno.test("report file: what came to its place meanwhile stays", () =>
  withDirectory(async (folder) => {
    const path = `${folder}/r.html`;
    const source = pieces(() => Deno.writeTextFile(path, "<!DOCTYPE html>other"));
    const error = await refused(writeFile(path, source, free()));
    assert.deepStrictEqual(error.name, "ExportError");
    assert.deepStrictEqual(await Deno.readTextFile(path), "<!DOCTYPE html>other");
    assert.deepStrictEqual(listed(folder), ["r.html"]);
  }));

Deno.test("report file: a link to a report stays a link", () =>
  withDirectory(async (folder) => {
    await Deno.mkdir(`${folder}/kept`);
    await Deno.writeTextFile(`${folder}/kept/r.html`, "<!doctype HTML>old");
    await Deno.symlink("kept/r.html", `${folder}/r.html`);
    const { signal } = new AbortController();
    await writeFile(`${folder}/r.html`, pieces(() => {}), { force: true, signal });
    assert.ok((await Deno.lstat(`${folder}/r.html`)).isSymlink, "the link was replaced");
    assert.deepStrictEqual(await Deno.readTextFile(`${folder}/kept/r.html`), "<!DOCTYPE html>rest");
  }));

Deno.test("report file: folders and files of other kinds are refused before the work", () =>
  withDirectory(async (folder) => {
    await Deno.writeTextFile(`${folder}/data.db`, "SQLite format 3");
    await Deno.writeTextFile(`${folder}/empty.html`, "");
    const message = async (path: string) => (await refused(claimFile(path, true))).message;
    assert.ok(/is a folder/.test(await message(folder)), "a folder");
    assert.ok(/no HTML file/.test(await message(`${folder}/data.db`)), "a database");
    assert.ok(/no folder/.test(await message(`${folder}/no/r.html`)), "no folder");
    assert.ok(
      /no folder/.test(await message(`${folder}/data.db/r.html`)) ||
        /cannot be written/.test(await message(`${folder}/data.db/r.html`)),
      "a file for a folder",
    );
    await claimFile(`${folder}/empty.html`, true);
  }));
