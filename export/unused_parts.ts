/** Libraries that Observable Plot brings along and charts of ours never use: maps, colour schemes. */
import type { Plugin } from "esbuild";

const UNUSED = /\/(d3-geo|d3-scale-chromatic)\/dist\/[\w-]+\.mjs$/;

/** Puts functions that do nothing in the place of what such libraries export. */
export const withoutUnusedParts: Plugin = {
  name: "without-unused-parts",
  setup(build) {
    build.onLoad({ filter: UNUSED }, async ({ path }) => ({
      contents: emptied(await Deno.readTextFile(path)),
    }));
  },
};

/** A module with the same exports, all of them one function that gives itself. */
function emptied(text: string): string {
  const [, list] = /export\s*\{([^{}]*)\};?\s*(?:\/\/.*\s*)?$/.exec(text) ?? [];
  if (list === undefined) throw new Error("An unused library is not built as expected.");
  const names = list.split(",").map((item) => item.split(/\bas\b/).at(-1)!.trim()).filter(Boolean);
  return `const nothing = () => nothing;\nexport { ${
    names.map((name) => `nothing as ${name}`).join(", ")
  } };\n`;
}
