// Dependencies point one way: routes → islands → components → model, hub → store → model, and
// import → store.

import assert from "node:assert/strict";
import { ROOT } from "./support/server.ts";

interface Source {
  /** Relative to the repository, with slashes. */
  path: string;
  text: string;
  /** Specifiers of static and dynamic imports and of re-exports. */
  imports: string[];
}

const FOLDERS = [
  "model",
  "store",
  "components",
  "islands",
  "routes",
  "hub",
  "cli",
  "clients",
  "import",
  "fresh",
  "export",
  "assets",
  "bundle",
  "static",
  "bench",
  "tests",
];

// What a folder of the project may import of the project: folders, files, names of the import map.
const ALLOWED: Record<string, string[]> = {
  model: ["model"],
  store: ["store", "model"],
  components: ["components", "model"],
  islands: ["islands", "components", "model", "fresh/runtime"],
  routes: [
    "routes",
    "assets",
    "components",
    "islands",
    "model",
    "store",
    "state.ts",
    "fresh",
    "fresh/runtime",
  ],
  hub: ["hub", "store", "model", "deno.json"],
  // A report is opened by the code that its pages run.
  import: ["import", "store", "export/format", "export/header.ts"],
  cli: [
    "cli",
    "clients",
    "export",
    "hub",
    "import",
    "model",
    "store",
    "state.ts",
    "assets",
    "fresh",
  ],
  clients: ["clients"],
  fresh: ["fresh"],
  // What looks into the project's folder, for those who need it; a bundle puts others in its place.
  assets: [
    "assets",
    "cli",
    "export",
    "fresh",
    "fresh/build_cache.ts",
    "fresh/dev.ts",
    "fresh/modules.ts",
  ],
};

function specifiers(text: string): string[] {
  // Comments would speak of imports, too. `//` of an address follows a colon.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
  const found: string[] = [];
  const patterns = [
    /(?:^|;)\s*(?:import|export)\s[^;"'`]*?from\s*["']([^"']+)["']/gm,
    /(?:^|;)\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  for (const pattern of patterns) {
    for (const match of code.matchAll(pattern)) found.push(match[1]);
  }
  return found;
}

function* files(folder: string): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(`${ROOT}${folder}`)];
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* files(path);
    else if (/\.(ts|tsx|js|mjs)$/.test(entry.name)) yield path;
  }
}

function sources(): Source[] {
  const paths = FOLDERS.flatMap((folder) => [...files(folder)]);
  for (const entry of Deno.readDirSync(ROOT)) {
    if (entry.isFile && /\.tsx?$/.test(entry.name)) paths.push(entry.name);
  }
  return paths.sort().map((path) => {
    const text = Deno.readTextFileSync(`${ROOT}${path}`);
    return { path, text, imports: specifiers(text) };
  });
}

/** `../model/x.ts` in routes/a.tsx → `model/x.ts`. */
function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

const all = sources();
const product = all.filter((source) => !/^(tests|bench)\//.test(source.path));

Deno.test("architecture: imports follow the direction of the layers", () => {
  const wrong: string[] = [];
  for (const source of product) {
    const folder = source.path.split("/")[0];
    const allowed = ALLOWED[folder];
    if (allowed === undefined || !source.path.includes("/")) continue;
    for (const specifier of source.imports) {
      let target: string;
      let exact = specifier;
      if (specifier.startsWith(".")) {
        const path = resolve(source.path, specifier);
        exact = path;
        target = path.includes("/") ? path.split("/")[0] : path;
        // The framework is imported by its name, as it would be if it came from npm.
        if (target === "fresh" && folder !== "fresh") target = path;
      } else if (/^fresh(\/|$)/.test(specifier)) {
        target = folder === "fresh" ? "fresh" : specifier;
      } else {
        continue;
      }
      const within = (place: string) => place.includes("/") && exact.startsWith(`${place}/`);
      if (!allowed.some((place) => [target, exact].includes(place) || within(place))) {
        wrong.push(`${source.path} imports ${specifier}`);
      }
    }
  }
  assert.deepStrictEqual(wrong, []);
});

Deno.test("architecture: model and components run anywhere", () => {
  const wrong: string[] = [];
  for (const source of product) {
    if (!/^(model|components)\//.test(source.path)) continue;
    for (const specifier of source.imports) {
      if (/^(node:|npm:hono|hono|esbuild)/.test(specifier)) {
        wrong.push(`${source.path} imports ${specifier}`);
      }
    }
    if (/\bDeno\.\w/.test(source.text)) wrong.push(`${source.path} uses Deno`);
  }
  assert.deepStrictEqual(wrong, []);
});

Deno.test("architecture: SQL is spoken in store/ only", () => {
  const wrong = product
    .filter((source) => !source.path.startsWith("store/") && /\bSELECT\s/.test(source.text))
    .map((source) => source.path);
  assert.deepStrictEqual(wrong, []);
});

Deno.test("architecture: nothing is imported from jsr: or https:", () => {
  const wrong = all.flatMap((source) =>
    source.imports
      .filter((specifier) => /^(jsr|https?):/.test(specifier))
      .map((specifier) => `${source.path} imports ${specifier}`)
  );
  assert.deepStrictEqual(wrong, []);
  const map = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
    imports: Record<string, string>;
  };
  assert.deepStrictEqual(
    Object.values(map.imports).filter((target) => /^(jsr|https?):/.test(target)),
    [],
    "the import map",
  );
});
