/** What every report carries: style sheet, scripts. Made once in a process. */
import { createHash } from "node:crypto";
import * as esbuild from "esbuild";
import { withEsbuild } from "../fresh/esbuild_service.ts";
import { findModules, type ProjectModules } from "../fresh/modules.ts";
import { fromFileUrl, urlBelow, walk } from "../fresh/paths.ts";
import { earlyImports } from "./early_imports.ts";
import { elkScript } from "./elk_script.ts";
import { packedText } from "./packed_text.ts";
import { withoutUnusedParts } from "./unused_parts.ts";

/** A script, and how it stands in a report. */
export interface PackedScript {
  text: string;
  /** Deflated, in base 93. */
  packed: string;
  /** As a Content-Security-Policy names it. */
  hash: string;
}

/** What every report carries. */
export interface ReportAssets {
  css: string;
  /** The first script. */
  boot: PackedScript;
  /** The script of page and worker. */
  app: PackedScript;
  /** The layout worker's. */
  elk: PackedScript;
  /** The icon, as SVG. */
  icon: string;
}

const ROOT = new URL("..", import.meta.url);
/** The pages of a report: those of a run, with what they ask. */
const CARRIED = /^(_app|_error|index|workflow\/.*|api\/(?:dag|timeline)\/.*|api\/live)$/;

/** The sheets that others build on. */
const FIRST_SHEETS = ["style.css", "picture.css"];
/** The sheet of a page that reports do not carry. */
const OTHER_SHEET = "hub.css";

let made: Promise<ReportAssets> | undefined;

/** The assets of reports. */
export function reportAssets(): Promise<ReportAssets> {
  return made ??= withEsbuild(makeAssets).catch((error) => {
    made = undefined;
    throw error;
  });
}

/** The modules of the pages that a report carries. */
export async function carriedModules(): Promise<ProjectModules> {
  const { islands, routes } = await findModules(ROOT);
  return { islands, routes: new Map([...routes].filter(([path]) => CARRIED.test(path))) };
}

const COMMON: esbuild.BuildOptions = {
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

async function makeAssets(): Promise<ReportAssets> {
  const [css, boot, app, elk, icon] = await Promise.all([
    styleSheet(),
    script({ entryPoints: [fromFileUrl(new URL("export/app/boot.ts", ROOT))], target: "es2017" }),
    appScript(),
    elkScript(),
    Deno.readTextFile(new URL("static/favicon.svg", ROOT)),
  ]);
  return { css, boot: packed(boot), app: packed(app), elk: packed(elk), icon };
}

async function script(options: esbuild.BuildOptions): Promise<string> {
  const { outputFiles } = await esbuild.build({ ...COMMON, minify: true, ...options });
  return outputFiles![0].text;
}

async function appScript(): Promise<string> {
  const modules = await carriedModules();
  const islands = await usedIslands(modules);
  return await script({ stdin: entry({ routes: modules.routes, islands }) });
}

/** A module that hands over all route and island modules. */
function entry({ routes, islands }: ProjectModules): esbuild.StdinOptions {
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
async function usedIslands({ routes, islands }: ProjectModules): Promise<Map<string, URL>> {
  const { metafile } = await esbuild.build({
    ...COMMON,
    stdin: entry({ routes, islands: new Map() }),
    packages: "external",
    metafile: true,
  });
  const used = new Set(Object.keys(metafile!.inputs).map((path) => new URL(path, ROOT).href));
  return new Map([...islands].filter(([, url]) => used.has(url.href)));
}

async function styleSheet(): Promise<string> {
  const folder = new URL("static/", ROOT);
  const names = (await walk(folder)).filter((path) =>
    path.endsWith(".css") && path !== OTHER_SHEET
  );
  // The others come after it, in the order of their names, as in pages that are served.
  const rank = (name: string) => FIRST_SHEETS.indexOf(name) >>> 0;
  names.sort((a, b) => rank(a) - rank(b));
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(urlBelow(folder, name))));
  const { code } = await esbuild.transform(texts.join("\n"), { loader: "css", minify: true });
  return code.trim();
}

function packed(text: string): PackedScript {
  // A script element's text has its line ends made uniform, and cannot hold its own end.
  const own = text.replaceAll("\r\n", "\n").replaceAll("</script", "<\\/script").trim();
  const hash = createHash("sha256").update(own).digest("base64");
  return { text: own, packed: packedText(own), hash: `'sha256-${hash}'` };
}
