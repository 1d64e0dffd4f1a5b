// deno.fresh.json runs the pages on Fresh itself: it is deno.json, but for where Fresh comes from.
import assert from "node:assert/strict";
import { ROOT } from "../support/server.ts";

interface Config extends Record<string, unknown> {
  imports: Record<string, string>;
}

function config(name: string): Config {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}${name}`)) as Config;
}

const OURS = {
  "fresh": "./fresh/mod.ts",
  "fresh/runtime": "./fresh/runtime.ts",
  "fresh/dev": "./fresh/dev.ts",
};
const THEIRS = {
  "fresh": "jsr:@fresh/core@^2.3.3",
  "fresh/runtime": "jsr:@fresh/core@^2.3.3/runtime",
  "fresh/dev": "jsr:@fresh/core@^2.3.3/dev",
};

Deno.test("config: with Fresh itself, only where Fresh comes from is another", () => {
  const ours = config("deno.json");
  const theirs = config("deno.fresh.json");
  assert.deepStrictEqual({ ...ours.imports, ...OURS }, ours.imports);
  assert.deepStrictEqual(theirs, { ...ours, imports: { ...ours.imports, ...THEIRS } });
  assert.deepStrictEqual(
    Object.keys(ours.imports).filter((name) => /^fresh(\/|$)/.test(name)),
    Object.keys(THEIRS),
  );
});
