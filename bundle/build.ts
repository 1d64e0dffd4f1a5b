/** `deno task bundle`: the whole program as one file that needs nothing but Deno. */
import * as esbuild from "esbuild";
import { join, relative } from "node:path";
import metadata from "../deno.json" with { type: "json" };
import { fromFileUrl } from "../fresh/paths.ts";
import { bundleFlags } from "./flags.ts";
import { licences } from "./licences.ts";
import { bundledModules, ENTRY } from "./modules.ts";
import { startFromBundle } from "./workers.ts";
import { say } from "../say.ts";

const ROOT = new URL("..", import.meta.url);

/** Makes the bundle; gives its size in bytes. */
export async function build(output: string): Promise<number> {
  const root = fromFileUrl(ROOT);
  const replaced = await bundledModules(ROOT);
  const sources: esbuild.Plugin = {
    name: "sources",
    setup(build) {
      build.onLoad({ filter: /\.tsx?$/, namespace: "file" }, async ({ path }) => {
        const below = relative(root, path).replaceAll("\\", "/");
        if (below.includes("node_modules/")) return undefined;
        const text = replaced.get(below) ?? await Deno.readTextFile(path);
        return {
          contents: startFromBundle(below, text),
          loader: path.endsWith("x") ? "tsx" : "ts",
          resolveDir: join(path, ".."),
        };
      });
      // It is made in memory, so there is no such file to be found.
      build.onResolve(
        { filter: /^bundle\/entry\.ts$/ },
        ({ path }) => ({ path: join(root, path) }),
      );
      build.onResolve({ filter: /^esbuild$/ }, ({ importer }) => ({
        errors: [{ text: `${importer} would bring esbuild into the bundle` }],
      }));
    },
  };
  try {
    const { outputFiles: [file], metafile } = await esbuild.build({
      entryPoints: [ENTRY],
      absWorkingDir: root,
      plugins: [sources],
      write: false,
      metafile: true,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "esnext",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
      // Names stay, for what a fault says of its place.
      minifyWhitespace: true,
      minifySyntax: true,
      logLevel: "silent",
      tsconfigRaw: "{}",
      define: {
        "process.env.NODE_ENV": '"production"',
        // It would be true in every module; the entry alone decides what runs.
        "import.meta.main": "false",
      },
      alias: {
        "fresh": join(root, metadata.imports.fresh),
        "fresh/runtime": join(root, metadata.imports["fresh/runtime"]),
      },
    });
    const head = [
      `#!/usr/bin/env -S deno run ${bundleFlags().join(" ")}`,
      `// Parsloscope ${metadata.version} (${metadata.license}), with`,
      ...(await licences(ROOT, Object.keys(metafile.inputs))).map((line) => `//   ${line}`),
    ];
    const text = `${head.join("\n")}\n${inAscii(file.text)}`;
    await Deno.mkdir(join(output, ".."), { recursive: true });
    await Deno.writeTextFile(output, text, { mode: 0o755 });
    return new TextEncoder().encode(text).byteLength;
  } finally {
    await esbuild.stop();
  }
}

/**
 * A program in ASCII alone, which V8 holds in half the memory and reads in less time; esbuild leaves
 * regular expressions as they are.
 */
function inAscii(program: string): string {
  return program.replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

if (import.meta.main) {
  const output = Deno.args[0] ?? join(fromFileUrl(ROOT), "dist", "parsloscope.mjs");
  const bytes = await build(output);
  say(`${relative(Deno.cwd(), output)}: ${(bytes / 1e6).toFixed(1)} MB`);
}
