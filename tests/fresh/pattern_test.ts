/** Patterns of paths match as the standard's URLPattern does. */
import assert from "node:assert/strict";
import { pathPattern } from "../../fresh/pattern.ts";

const PATTERNS = [
  "/a/:b",
  "/workflow/:run{/}?",
  "/workflow/:run/task{/}?",
  "/workflow/:run/task/:task/samples.csv",
  "/a%20b/:c.json",
  "/x[y]$^|/:z",
];
const PATHS = [
  ...["/", "/a/b", "/a/b/", "/a/", "/workflow/x", "/workflow/x/", "/workflow//"],
  ...["/workflow/x/task", "/workflow/x/task/", "/workflow/a%2Fb/"],
  ...["/workflow/x/task/1/samples.csv", "/workflow/x/task/1/samplesXcsv"],
  ...["/a%20b/c.json", "/a%20b/c.d.json", "/a/%E2%82%AC", "/x[y]$^|/1", "/xy$^|/1"],
];

Deno.test("patterns match what URLPattern matches", () => {
  for (const pattern of PATTERNS) {
    const standard = new URLPattern({ pathname: pattern });
    const own = pathPattern(pattern);
    for (const path of PATHS) {
      const groups = standard.exec({ pathname: path })?.pathname.groups;
      const expected = groups === undefined
        ? null
        : Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, value ?? ""]));
      assert.deepEqual(own.exec(path), expected, `${pattern} and ${path}`);
    }
  }
});

Deno.test("patterns that routes do not use are refused", () => {
  for (const pattern of ["/a/(b)", "/a{/b", "/a{/:b}?", "/*", "/:a*", "/:a+", "/a\\*"]) {
    assert.throws(() => pathPattern(pattern), SyntaxError, pattern);
  }
});
