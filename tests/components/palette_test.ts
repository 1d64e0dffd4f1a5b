import assert from "node:assert/strict";
import { APP_COLORS, appColor, STATES, stateVar } from "../../looks/palette.ts";

const css = await Deno.readTextFile(new URL("../../static/style.css", import.meta.url));
const defined = (name: string) => css.split(`${name}:`).length - 1;

Deno.test("every colour is defined once for light and once for dark", () => {
  const names = STATES.map((s) => s.cssVar).concat("--state-unknown");
  for (let i = 0; i < APP_COLORS; i++) names.push(`--app-${i}`);
  for (const name of names) assert.equal(defined(name), 2, name);
});

Deno.test("a state that Parsl may yet invent has a colour", () => {
  assert.equal(stateVar("dreaming"), "var(--state-unknown)");
  assert.equal(stateVar("running"), "var(--state-running, var(--state-unknown))");
});

Deno.test("app colours are cycled", () => {
  assert.equal(appColor(0), "var(--app-0)");
  assert.equal(appColor(APP_COLORS + 3), "var(--app-3)");
  assert.equal(appColor(-1), "var(--state-unknown)");
});

Deno.test("no font, image or style comes over the network", () => {
  assert.doesNotMatch(css, /url\(|@import|https?:/);
});
