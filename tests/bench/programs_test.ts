// Programs that measure are modules too.

import assert from "node:assert/strict";
import { ROOT } from "../support/server.ts";

function* modules(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(`${ROOT}${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modules(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

Deno.test("bench: a program measures when it is started, not when it is imported", async () => {
  const paths = [...modules("bench")];
  assert.ok(paths.length > 40);
  const imports = paths.map((path) => `import ${JSON.stringify(`file://${ROOT}${path}`)};`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--config", `${ROOT}deno.json`, imports.join("\n")],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const told = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, told);
  assert.equal(told, "");
});
