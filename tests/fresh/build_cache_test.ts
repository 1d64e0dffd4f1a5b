// Results of builds, kept from one start to the next.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { cachedBuild } from "../../fresh/build_cache.ts";

/** A folder with a file that builds are made of, and how often they were made. */
async function scene(
  test: (root: URL, build: (what?: string) => Promise<string>, made: () => number) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-cache-" });
  const root = pathToFileURL(`${folder}/`);
  const source = new URL("source.txt", root);
  await Deno.writeTextFile(source, "first");
  let count = 0;
  const build = (what = "all") =>
    cachedBuild(root, "test", what, async () => {
      count++;
      return { value: `${what}: ${await Deno.readTextFile(source)}`, inputs: [source] };
    });
  try {
    await test(root, build, () => count);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("build cache: what has not changed is built once", () =>
  scene(async (root, build, made) => {
    assert.deepStrictEqual(
      [await build(), await build(), await build()],
      Array(3).fill("all: first"),
    );
    assert.deepStrictEqual(made(), 1);
    const kept = [...Deno.readDirSync(new URL(".cache/build/", root))].map(({ name }) => name);
    assert.deepStrictEqual(kept, ["test.json"]);
  }));

Deno.test("build cache: other inputs, another build and a damaged file are built anew", () =>
  scene(async (root, build, made) => {
    await build();
    const source = new URL("source.txt", root);
    await Deno.writeTextFile(source, "second");
    assert.deepStrictEqual(await build(), "all: second");
    // A change that leaves the size as it is.
    await Deno.writeTextFile(source, "secund");
    await Deno.utime(source, new Date(), new Date(Date.now() - 60_000));
    assert.deepStrictEqual(await build(), "all: secund");
    assert.deepStrictEqual(await build("some"), "some: secund");
    assert.deepStrictEqual(await build(), "all: secund");
    assert.deepStrictEqual(made(), 5);
    await Deno.writeTextFile(new URL(".cache/build/test.json", root), '{"what":"all","inp');
    assert.deepStrictEqual(await build(), "all: secund");
    assert.deepStrictEqual([await build(), made()], ["all: secund", 6]);
  }));

Deno.test("build cache: what cannot be kept is built all the same", () =>
  scene(async (root, build, made) => {
    // A file where the folder should be.
    await Deno.writeTextFile(new URL(".cache", root), "");
    assert.deepStrictEqual([await build(), await build()], ["all: first", "all: first"]);
    assert.deepStrictEqual(made(), 2);
  }));

Deno.test("build cache: a build that fails is not kept, and builds at once do not meet", () =>
  scene(async (root, build, made) => {
    const failing = cachedBuild(root, "test", "all", () => Promise.reject(new Error("no")));
    assert.deepStrictEqual(await failing.catch((error) => error.message), "no");
    const together = await Promise.all([build(), build(), build()]);
    assert.deepStrictEqual(together, Array(3).fill("all: first"));
    const before = made();
    assert.deepStrictEqual([await build(), made() - before], ["all: first", 0]);
  }));
