/**
 * The browser bundle: all islands and the boot code through esbuild, in memory, with shared chunks.
 */
import * as esbuild from "esbuild";
import { fromFileUrl } from "./paths.ts";

/** The files of a bundle, and what each entry imports (for preloading). */
export interface Bundle {
  files: Map<string, Uint8Array<ArrayBuffer>>;
  imports: Map<string, string[]>;
  millis: number;
}

let running = 0;

/** Bundles the islands; the keys are entry names, the values paths of modules. */
export async function bundleIslands(
  entries: Record<string, string>,
  root: string,
): Promise<Bundle> {
  const start = performance.now();
  running++;
  try {
    const result = await esbuild.build({
      entryPoints: {
        boot: fromFileUrl(new URL("./islands_client.ts", import.meta.url)),
        ...entries,
      },
      absWorkingDir: root,
      outdir: "/out",
      entryNames: "[name]",
      chunkNames: "chunk-[hash]",
      bundle: true,
      splitting: true,
      minify: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
      logLevel: "silent",
      tsconfigRaw: "{}",
      define: { "process.env.NODE_ENV": '"production"' },
      alias: { "fresh/runtime": fromFileUrl(new URL("./runtime.ts", import.meta.url)) },
    });
    const files = new Map(
      result.outputFiles.map((f) => [baseName(f.path), new Uint8Array(f.contents)]),
    );
    const direct = new Map(
      Object.entries(result.metafile.outputs).map(([path, o]) => [
        baseName(path),
        o.imports.filter((i) => i.kind === "import-statement").map((i) => baseName(i.path)),
      ]),
    );
    const imports = new Map<string, string[]>();
    for (const name of direct.keys()) {
      const all = new Set<string>([name]);
      for (const file of all) for (const next of direct.get(file) ?? []) all.add(next);
      imports.set(name, [...all]);
    }
    return { files, imports, millis: performance.now() - start };
  } finally {
    if (--running === 0) await esbuild.stop();
  }
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
