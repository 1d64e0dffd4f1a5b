/** Patterns of paths match as the standard's URLPattern does. */
import assert from "node:assert/strict";
import { pathPattern } from "../../fresh/pattern.ts";

const PATTERNS = [
  "/*",
  "/a/:b",
  "/workflow/:run{/}?",
  "/workflow/:run/task{/}?",
  "/files/:path*",
  "/p/:q+",
  "/x{/:o}?",
  "/a%20b/:c.json",
  "/x/\\(y\\)",
  "/it/:a-:b",
];
const PATHS = [
  ...["/", "/a/b", "/a/b/", "/a/", "/workflow/x", "/workflow/x/", "/workflow//"],
  ...["/workflow/x/task", "/workflow/x/task/", "/workflow/a%2Fb/", "/files", "/files/"],
  ...["/files/a", "/files/a/b/c", "/p", "/p/1", "/p/1/2", "/x", "/x/", "/x/1", "/x/(y)"],
  ...["/a%20b/c.json", "/a%20b/c.d.json", "/it/1-2", "/it/1-2-3", "/a/%E2%82%AC"],
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
  assert.throws(() => pathPattern("/a/(b)"), SyntaxError);
  assert.throws(() => pathPattern("/a{/b"), SyntaxError);
});
