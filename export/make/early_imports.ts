/** A report is one script: nothing in it is loaded late. */
import type { Plugin } from "esbuild";

/** Calls that import another module of the project, not types that name one. */
const LATE = /(?<!typeof )\bimport\("(\.[^"]+)"\)/g;

/**
 * Imports at once what pages served by a dashboard import late. Of what is imported late esbuild
 * keeps every part, of what is imported at once only those that are used.
 */
export const earlyImports: Plugin = {
  name: "early-imports",
  setup(build) {
    build.onLoad(
      { filter: /\/(?:components|islands|picture|live)\/.*\.tsx?$/ },
      async ({ path }) => {
        const text = await Deno.readTextFile(path);
        const imports: string[] = [];
        const contents = text.replace(LATE, (_, from: string) => {
          const name = `late${imports.length}`;
          imports.push(`import * as ${name} from ${JSON.stringify(from)};`);
          return `Promise.resolve(${name})`;
        });
        if (imports.length === 0) return undefined;
        return { contents: imports.join("") + contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      },
    );
  },
};
