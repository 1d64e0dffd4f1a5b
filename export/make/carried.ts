/** What every report carries: style sheet, scripts. */
import { createHash } from "node:crypto";
import type { BuildOptions, StdinOptions } from "esbuild";
import type { Built } from "../../fresh/build_cache.ts";
import { inputsOf } from "../../fresh/bundle.ts";
import { type Esbuild, withEsbuild } from "../../fresh/esbuild_service.ts";
import { findModules, type ProjectModules } from "../../fresh/modules.ts";
import { fromFileUrl, urlBelow, walk } from "../../fresh/paths.ts";
import { earlyImports } from "./early_imports.ts";
import { elkScript } from "./elk_script.ts";
import { packedText } from "./packed_text.ts";
import { withoutUnusedParts } from "./unused_parts.ts";

/** What every report carries. Packed is deflated and in base 93; hashes are those of a Content-Security-Policy. */
export interface ReportAssets {
  css: string;
  /** The first script. */
  boot: { text: string; hash: string };
  /** The script of page and worker. */
  app: { packed: string; hash: string };
  /** The layout worker's script, packed. */
  elk: string;
  /** The icon, as SVG. */
  icon: string;
}

const ROOT = new URL("../..", import.meta.url);
const STATIC = new URL("static/", ROOT);
const ICON = new URL("favicon.svg", STATIC);
/** The pages of a report: those of a run, with what they ask. */
const CARRIED = /^(_app|_error|index|workflow\/.*|api\/(?:dag|timeline)\/.*|api\/live)$/;

/** The sheets that others build on. */
const FIRST_SHEETS = ["style.css", "picture.css"];

/**
 * The assets of reports, made anew, and of what.
 *
 * @param elk the script of elkjs's worker
 */
export function makeAssets(elk: Uint8Array): Promise<Built<ReportAssets>> {
  return withEsbuild((esbuild) => make(esbuild, elk));
}

/** The names of the files that the assets are made from: with others, they are others. */
export async function assetNames(): Promise<string[]> {
  const { islands, routes } = await carriedModules();
  return [...routes.keys(), ...islands.keys(), ...await sheetNames()];
}

/** The modules of the pages that a report carries. */
export async function carriedModules(): Promise<ProjectModules> {
  const { islands, routes } = await findModules(ROOT);
  return { islands, routes: new Map([...routes].filter(([path]) => CARRIED.test(path))) };
}

const COMMON: BuildOptions = {
  absWorkingDir: fromFileUrl(ROOT),
  bundle: true,
  write: false,
  format: "iife",
  platform: "browser",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "silent",
  tsconfigRaw: "{}",
  external: ["node:*"],
  plugins: [withoutUnusedParts, earlyImports],
  define: { "process.env.NODE_ENV": '"production"', "import.meta.url": '""' },
  alias: {
    "fresh": fromFileUrl(new URL("fresh/mod.ts", ROOT)),
    "fresh/runtime": fromFileUrl(new URL("fresh/runtime.ts", ROOT)),
  },
};

async function make(esbuild: Esbuild, elkWorker: Uint8Array): Promise<Built<ReportAssets>> {
  const sheets = (await sheetNames()).map((name) => urlBelow(STATIC, name));
  const [css, boot, app, elk, icon] = await Promise.all([
    styleSheet(esbuild, sheets),
    script(esbuild, {
      entryPoints: [fromFileUrl(new URL("export/app/boot.ts", ROOT))],
      target: "es2017",
    }),
    appScript(esbuild),
    elkScript(esbuild, elkWorker),
    Deno.readTextFile(ICON),
  ]);
  return {
    value: {
      css,
      boot: { text: boot.text, hash: hashOf(boot.text) },
      app: { packed: packedText(app.text), hash: hashOf(app.text) },
      elk: packedText(elk),
      icon,
    },
    inputs: [...sheets, ICON, ...boot.inputs, ...app.inputs, ...await makers()],
  };
}

/** What the assets are made by, and what says which libraries they are made of. */
async function makers(): Promise<URL[]> {
  const folders = ["export/", "fresh/"].map((name) => new URL(name, ROOT));
  const code = await Promise.all(
    folders.map(async (folder) => (await walk(folder)).map((path) => urlBelow(folder, path))),
  );
  return [...code.flat(), new URL("deno.json", ROOT), new URL("deno.lock", ROOT)];
}

/** A script, as a script element holds it, and the files that it was made of. */
interface MadeScript {
  text: string;
  inputs: URL[];
}

async function script(esbuild: Esbuild, options: BuildOptions): Promise<MadeScript> {
  const { outputFiles, metafile } = await esbuild.build({
    ...COMMON,
    minify: true,
    metafile: true,
    ...options,
  });
  // A script element's text has its line ends made uniform, and cannot hold its own end.
  const text = outputFiles![0].text.replaceAll("\r\n", "\n").replaceAll("</script", "<\\/script");
  return { text: text.trim(), inputs: inputsOf(metafile!, ROOT) };
}

async function appScript(esbuild: Esbuild): Promise<MadeScript> {
  const modules = await carriedModules();
  const islands = await usedIslands(esbuild, modules);
  return await script(esbuild, { stdin: entry({ routes: modules.routes, islands }) });
}

/** A module that hands over all route and island modules. */
function entry({ routes, islands }: ProjectModules): StdinOptions {
  const lines: string[] = [];
  const listed = (name: string, key: string, modules: ReadonlyMap<string, URL>) => {
    const items = [...modules].map(([path, url], i) => {
      lines.push(`import * as ${name}${i} from ${JSON.stringify(fromFileUrl(url))};`);
      return `{${key}:${JSON.stringify(path)},mod:${name}${i}}`;
    });
    return `${name}:[${items}]`;
  };
  const code = `{${listed("routes", "path", routes)},${listed("islands", "entry", islands)}}`;
  lines.push(`import {start} from "./export/app/start.ts";start(${code});`);
  return { contents: lines.join("\n"), resolveDir: fromFileUrl(ROOT), loader: "ts" };
}

/** The islands that routes lead to. */
async function usedIslands(
  esbuild: Esbuild,
  { routes, islands }: ProjectModules,
): Promise<Map<string, URL>> {
  const { metafile } = await esbuild.build({
    ...COMMON,
    stdin: entry({ routes, islands: new Map() }),
    packages: "external",
    metafile: true,
  });
  const used = new Set(Object.keys(metafile!.inputs).map((path) => new URL(path, ROOT).href));
  return new Map([...islands].filter(([, url]) => used.has(url.href)));
}

/** The style sheets: those that others build on first, as in pages that are served. */
async function sheetNames(): Promise<string[]> {
  const names = (await walk(STATIC)).filter((path) => path.endsWith(".css"));
  const rank = (name: string) => FIRST_SHEETS.indexOf(name) >>> 0;
  return names.sort((a, b) => rank(a) - rank(b));
}

async function styleSheet(esbuild: Esbuild, sheets: URL[]): Promise<string> {
  const texts = await Promise.all(sheets.map((url) => Deno.readTextFile(url)));
  const { code } = await esbuild.transform(texts.join("\n"), { loader: "css", minify: true });
  return code.trim();
}

function hashOf(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
