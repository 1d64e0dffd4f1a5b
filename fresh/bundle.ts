/**
 * The browser bundle: all islands and the boot code through esbuild, in memory, with shared chunks.
 */
import type { Metafile } from "esbuild";
import { type Esbuild, withEsbuild } from "./esbuild_service.ts";
import { fromFileUrl, urlBelow } from "./paths.ts";

/** The files of a bundle, and what each entry imports, at once or later (for preloading). */
export interface Bundle {
  files: Pick<ReadonlyMap<string, Uint8Array<ArrayBuffer>>, "get">;
  imports: Map<string, string[]>;
}

/** A bundle, and what it was made of. */
export interface MadeBundle extends Bundle {
  files: Map<string, Uint8Array<ArrayBuffer>>;
  inputs: URL[];
}

/** Imports of modules, at once and later. */
const LOADED: ReadonlySet<string> = new Set(["import-statement", "dynamic-import"]);

/** Bundles the islands, given by entry names; nothing when there are none. */
export function bundleIslands(islands: Map<string, URL>, root: URL): Promise<MadeBundle> {
  return withEsbuild((esbuild) => bundle(esbuild, islands, root));
}

async function bundle(
  esbuild: Esbuild,
  islands: Map<string, URL>,
  root: URL,
): Promise<MadeBundle> {
  if (islands.size === 0) return { files: new Map(), imports: new Map(), inputs: [] };
  const result = await esbuild.build({
    entryPoints: {
      boot: fromFileUrl(new URL("./islands_client.ts", import.meta.url)),
      ...Object.fromEntries([...islands].map(([name, url]) => [name, fromFileUrl(url)])),
    },
    absWorkingDir: fromFileUrl(root),
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
  });
  const files = new Map(
    result.outputFiles.map((f) => [baseName(f.path), new Uint8Array(f.contents)]),
  );
  const direct = new Map(
    Object.entries(result.metafile.outputs).map(([path, o]) => [
      baseName(path),
      o.imports.filter((i) => LOADED.has(i.kind)).map((i) => baseName(i.path)),
    ]),
  );
  const imports = new Map<string, string[]>();
  for (const name of direct.keys()) {
    const all = new Set<string>([name]);
    for (const file of all) for (const next of direct.get(file) ?? []) all.add(next);
    imports.set(name, [...all]);
  }
  return { files, imports, inputs: [...inputsOf(result.metafile, root), new URL(import.meta.url)] };
}

/** The files that a build read. */
export function inputsOf({ inputs }: Metafile, root: URL): URL[] {
  return Object.keys(inputs).filter((path) => !path.startsWith("<"))
    .map((path) => urlBelow(root, path));
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
