// Names of runs and apps as parts of paths: whatever the name, its link leads to it.

import assert from "node:assert/strict";
import { partName, pathPart } from "../../model/figures/path_part.ts";
import { oddNames } from "../support/odd_names.ts";

/** The part of a path as a browser's and a server's URL make it of a link. */
function travelled(part: string, base: string): string {
  const link = new URL(`/workflow/${part}/task/`, base);
  const request = new URL(link.href);
  return request.pathname.split("/")[2];
}

Deno.test("path part: every name comes back from its link, in a dashboard and in a report", () => {
  const names = oddNames(1, 5_000);
  const parts = new Map<string, string>();
  for (const name of names) {
    const part = pathPart(name);
    assert.equal(partName(part), name, JSON.stringify(name));
    for (const base of ["http://localhost:8080/", "file:///"]) {
      assert.equal(travelled(part, base), part, `${JSON.stringify(name)} at ${base}`);
    }
    assert.ok(!parts.has(part), `${JSON.stringify(name)} and ${JSON.stringify(parts.get(part))}`);
    parts.set(part, name);
  }
});

Deno.test("path part: ordinary names look as Parsl's pages have them", () => {
  const id = "39fb8bab-6801-4e0c-8c30-bb637529f4f1";
  assert.equal(pathPart(id), id);
  assert.equal(pathPart("align_reads"), "align_reads");
  assert.equal(pathPart("~/run"), "~%2Frun");
  assert.equal(pathPart("v1.2"), "v1.2");
  assert.deepStrictEqual(["", ".", "..", "~", "~.."].map(pathPart), [
    "~",
    "~.",
    "~..",
    "~~",
    "~~..",
  ]);
});

Deno.test("path part: what somebody typed without encoding it is taken as it stands", () => {
  assert.equal(partName("100%"), "100%");
  assert.equal(partName("a%zz"), "a%zz");
  assert.equal(partName("run:1+2@host"), "run:1+2@host");
  assert.equal(partName("%7E%2e"), ".");
});

Deno.test("path part: half a character, which has no encoding, breaks no page", () => {
  assert.equal(partName(pathPart("a\ud800b")), "a\ufffdb");
  assert.equal(partName(pathPart("😀".slice(1))), "\ufffd");
});
