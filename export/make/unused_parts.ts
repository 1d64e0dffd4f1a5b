/** What Observable Plot brings along and charts of ours never use: maps, colour schemes, tips, legends. */
import type { Plugin } from "esbuild";

const UNUSED_LIBRARIES = /\/(?:d3-geo|d3-scale-chromatic|d3-axis)\/dist\/[\w-]+\.mjs$/;
const UNUSED_PARTS =
  /\/plot\/src\/(?:marks\/tip|legends\/(?:ramp|swatches)|interactions\/pointer)\.js$/;

/** Puts functions that do nothing in the place of what such modules export. */
export const withoutUnusedParts: Plugin = {
  name: "without-unused-parts",
  setup(build) {
    build.onLoad({ filter: UNUSED_LIBRARIES }, async ({ path }) => ({
      contents: emptied(listed(await Deno.readTextFile(path))),
    }));
    build.onLoad({ filter: UNUSED_PARTS }, async ({ path }) => ({
      contents: emptied(declared(await Deno.readTextFile(path))),
    }));
  },
};

/** The names that a built module exports: in a list at its end. */
function listed(text: string): string[] {
  const [, list] = /export\s*\{([^{}]*)\};?\s*(?:\/\/.*\s*)?$/.exec(text) ?? [];
  if (list === undefined) throw new Error("An unused library is not built as expected.");
  return list.split(",").map((item) => item.split(/\bas\b/).at(-1)!.trim()).filter(Boolean);
}

/** The names that a module as it was written exports: where it declares them. */
function declared(text: string): string[] {
  const names = [...text.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Error("An unused module is not written as expected.");
  return names;
}

/** A module that exports these names, all of them one function that gives itself. */
function emptied(names: string[]): string {
  return `const nothing = () => nothing;\nexport { ${
    names.map((name) => `nothing as ${name}`).join(", ")
  } };\n`;
}
