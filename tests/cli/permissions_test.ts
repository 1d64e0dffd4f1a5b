// Least privilege: what commands may do, everywhere that says how to run them.

import assert from "node:assert/strict";
import { join } from "node:path";
import metadata from "../../deno.json" with { type: "json" };
import { bundleFlags } from "../../bundle/flags.ts";
import { walk } from "../../fresh/paths.ts";
import { withDirectory } from "../store/helpers.ts";
import { ROOT } from "../support/server.ts";

Deno.test("permissions: nothing says that a program may do everything", async () => {
  const wrong: string[] = [];
  const root = new URL(`file://${ROOT}`);
  for (const folder of ["docs/", "bundle/", "clients/", "cli/", "bench/", ".github/", ".ci/"]) {
    for (const path of await walk(new URL(folder, root))) {
      if (/node_modules|\.pyc$|\.png$/.test(path)) continue;
      const text = await Deno.readTextFile(new URL(path, new URL(folder, root)));
      if (/deno[^\n]*\s(?:-A|--allow-all)\b|"-A"/.test(text)) wrong.push(folder + path);
    }
  }
  for (const path of ["deno.json", "deno.fresh.json", "README.md", "CONTRIBUTING.md"]) {
    if (/\s-A\b|--allow-all/.test(await Deno.readTextFile(ROOT + path))) wrong.push(path);
  }
  assert.deepStrictEqual(wrong, []);
});

Deno.test("permissions: no command may start programs or load code, and some not use the network", () => {
  const { dev: _dev, ...commands } = metadata.permissions;
  for (const [name, allowed] of Object.entries(commands)) {
    assert.ok(!("run" in allowed) && !("import" in allowed), name);
    assert.notEqual((allowed as { env?: unknown }).env, true, name);
    const task = metadata.tasks[name as keyof typeof commands];
    assert.ok(task.startsWith(`${metadata.tasks.build} && deno run`), name);
    assert.ok(task.includes(`-P=${name} `), name);
  }
  assert.deepStrictEqual(metadata.permissions.import, { read: true, write: true });
  assert.deepStrictEqual(metadata.permissions.export, { read: true, write: true });
});

Deno.test("permissions: those of a bundle fit into its first line, and the Python client has a hub's", async () => {
  const first = `#!/usr/bin/env -S deno run ${bundleFlags().join(" ")}`;
  assert.ok(first.length < 255, `${first.length} bytes`);
  const launch = await Deno.readTextFile(`${ROOT}clients/python/parsloscope/launch.py`);
  const flags = /HUB_FLAGS = \(([^)]*)\)/.exec(launch)![1].match(/"[^"]+"/g)!.map((flag) =>
    flag.slice(1, -1)
  );
  const { env, sys } = metadata.permissions.hub;
  assert.ok(flags.includes(`-E=${env}`) && flags.includes(`-S=${sys}`), String(flags));
  const others = (all: string[]) => all.filter((flag) => !/^-[ES]=/.test(flag));
  assert.deepStrictEqual(others(flags), others(bundleFlags()));
});

Deno.test("permissions: without a build, a command says how to make one", () =>
  withDirectory(async (folder) => {
    // The project without what was built, and without the right to build.
    for (const name of ["fresh", "errors.ts"]) {
      await Deno.symlink(ROOT + name, join(folder, name));
    }
    const script = `
      import { cachedBuild } from "${ROOT}fresh/build_cache.ts";
      import { withEsbuild } from "${ROOT}fresh/esbuild_service.ts";
      const build = () => withEsbuild((esbuild) => esbuild.build({}));
      await cachedBuild(new URL("file://${folder}/"), "x", "", build)
        .catch((error) => console.log(error.name, error.message));
    `;
    await Deno.writeTextFile(join(folder, "script.ts"), script);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-q",
        "--no-prompt",
        "--no-check",
        "--allow-read",
        "--config",
        `${ROOT}deno.json`,
        join(folder, "script.ts"),
      ],
      stderr: "inherit",
    }).output();
    assert.match(new TextDecoder().decode(stdout), /^NotBuilt .*deno task build/);
  }));
