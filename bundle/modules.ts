/** The modules that a bundle has in the place of those that look into the project's folder. */
import metadata from "../deno.json" with { type: "json" };
import { FILE_NAMES, readAsset } from "../installation/files.ts";
import { COMMAND_NAMES } from "../commands.ts";
import { carriedModules, makeAssets } from "../export/make/carried.ts";
import { bundleIslands } from "../fresh/bundle.ts";
import { findStatic } from "../fresh/dev.ts";
import { findModules } from "../fresh/modules.ts";
import { fromFileUrl } from "../fresh/paths.ts";
import { sqliteBytes } from "../store/sqlite/flat/bytes.ts";
import { pack, packAll } from "./pack.ts";
import { workerModules } from "./workers.ts";

/** The name of the module that a bundle starts with. */
export const ENTRY = "bundle/entry.ts";

/** The text of each such module, by path below the root. */
export async function bundledModules(root: URL): Promise<Map<string, string>> {
  return new Map([
    [ENTRY, entry(await workerModules(root))],
    ["installation/files.ts", await files()],
    ["commands.ts", commandModules()],
    ["installation/exporter.ts", EXPORTER],
    ["installation/pages.ts", await pages(root)],
    ["installation/report.ts", await report()],
    ["store/sqlite/flat/bytes.ts", await sqlite()],
  ]);
}

/** Runs the command line, or in a worker the module that it is named for. */
function entry(workers: string[]): string {
  const cases = workers.map((path) =>
    `    case ${literal(path)}: await import("../${path}"); break;`
  );
  return `
import { run } from "../main.ts";
if (typeof WorkerGlobalScope === "undefined") await run(Deno.args);
else switch (self.name) {
${cases.join("\n")}
    default: throw new Error(\`There is no worker \${self.name}.\`);
}`;
}

function commandModules(): string {
  const cases = COMMAND_NAMES.map((name) => `  "${name}": () => import("./cli/${name}.ts"),`);
  return `
const modules = {
${cases.join("\n")}
};
export const COMMAND_NAMES = Object.keys(modules);
export const commandModule = (name) => modules[name]();
`;
}

async function sqlite(): Promise<string> {
  return `
import { unpack } from "../../../bundle/pack.ts";
export const sqliteBytes = () => Promise.resolve(unpack(${literal(pack(await sqliteBytes()))}));
`;
}

const EXPORTER = `
import { inTurn } from "../export/exporter.ts";
export const exporter = inTurn(async () => (await import("./make_report.ts")).makeReport);
`;

async function files(): Promise<string> {
  const contents = await Promise.all(
    FILE_NAMES.map(async (name): Promise<[string, Uint8Array]> => [name, await readAsset(name)]),
  );
  return `
import { unpack } from "../bundle/pack.ts";
const files = ${literal(packAll(contents))};
export const FILE_NAMES = Object.keys(files);
export const readAsset = (name) => Promise.resolve(unpack(files[name]));
`;
}

async function pages(root: URL): Promise<string> {
  const { routes, islands } = await findModules(root);
  const bundle = await bundleIslands(islands, root);
  const statics = await Promise.all(
    [...await findStatic(root)].map(async ([path, read]): Promise<[string, Uint8Array]> => [
      path,
      await read() ?? new Uint8Array(),
    ]),
  );
  const given = {
    statics: packAll(statics),
    scripts: packAll(bundle.files),
    imports: Object.fromEntries(bundle.imports),
  };
  const text = literal(given);
  const routeModules = modules("route", routes);
  const islandModules = modules("island", islands);
  return `
import { pagesOf } from "../bundle/pages.ts";
${routeModules.imports}
${islandModules.imports}
export const loadPages = pagesOf({
  buildId: ${literal(await buildIdOf(text))},
  routes: ${routeModules.object},
  islands: ${islandModules.object},
  ...${text},
});
`;
}

async function report(): Promise<string> {
  const { routes, islands } = await carriedModules();
  const { value: assets } = await makeAssets(await readAsset("elk-worker.js"));
  const routeModules = modules("route", routes);
  const islandModules = modules("island", islands);
  return `
${routeModules.imports}
${islandModules.imports}
const assets = ${literal(assets)};
export const reportAssets = () => Promise.resolve(assets);
const named = (by, modules) => Object.entries(modules).map(([name, mod]) => ({ [by]: name, mod }));
const code = {
  routes: named("path", ${routeModules.object}),
  islands: named("entry", ${islandModules.object}),
};
export const reportCode = () => Promise.resolve(code);
`;
}

/** Imports of modules as namespaces, and the object that has them by name. */
function modules(prefix: string, urls: Map<string, URL>): { imports: string; object: string } {
  const entries = [...urls];
  const imports = entries.map(([, url], n) =>
    `import * as ${prefix}${n} from ${literal(fromFileUrl(url))};`
  );
  const object = entries.map(([name], n) => `${literal(name)}: ${prefix}${n}`);
  return { imports: imports.join("\n"), object: `{ ${object.join(", ")} }` };
}

/** Equal for equal contents: browsers may keep the files of a bundle that was started again. */
async function buildIdOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(metadata.version + text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 12);
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}
