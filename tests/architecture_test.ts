// Dependencies point one way, as docs/architecture.md says.

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
  "parsl",
  "looks",
  "host",
  "model",
  "picture",
  "components",
  "store",
  "live",
  "hub",
  "import",
  "export",
  "islands",
  "routes",
  "installation",
  "web",
  "cli",
  "clients",
  "bundle",
  "fresh",
  "static",
  "bench",
  "tests",
];

/** What a folder may import of the project: folders, files, names of the import map. */
const ALLOWED: Record<string, string[]> = {
  parsl: [],
  looks: ["parsl"],
  host: [],
  model: ["parsl"],
  picture: ["host", "looks", "model", "parsl"],
  components: ["picture", "looks", "model", "parsl"],
  store: ["model", "parsl", "errors.ts"],
  live: [
    "store",
    "components",
    "host",
    "looks",
    "model",
    "parsl",
    "errors.ts",
    "say.ts",
    "fresh",
  ],
  hub: ["store", "model", "parsl", "errors.ts", "say.ts", "deno.json"],
  // A report is opened by the code that its pages run.
  import: [
    "store",
    "parsl",
    "model/figures/heap.ts",
    "errors.ts",
    "export/format",
    "export/header.ts",
  ],
  export: [
    "errors.ts",
    "live",
    "components",
    "picture",
    "host",
    "looks",
    "model",
    "parsl",
    "store",
    "state.ts",
    "deno.json",
    "fresh",
  ],
  islands: ["components", "picture", "host", "live", "looks", "model"],
  routes: [
    "islands",
    "components",
    "live",
    "looks",
    "model",
    "store",
    "state.ts",
    "errors.ts",
    "say.ts",
    "installation",
    "fresh",
    "fresh/runtime",
  ],
  // What looks into the project's folder, for those who need it; a bundle puts others in its place.
  installation: ["export", "state.ts", "errors.ts", "say.ts", "fresh"],
  // Between the network and the pages.
  web: ["components/sign_in.tsx", "looks/plot_style.ts", "errors.ts"],
  cli: [
    "web",
    "clients",
    "components",
    "errors.ts",
    "export",
    "hub",
    "import",
    "installation",
    "live",
    "looks",
    "model",
    "parsl",
    "printable.ts",
    "say.ts",
    "state.ts",
    "store",
    "fresh",
  ],
  clients: [],
  bundle: [
    "store/sqlite/flat/bytes.ts",
    "export",
    "installation",
    "commands.ts",
    "main.ts",
    "say.ts",
    "fresh",
    "deno.json",
  ],
  fresh: ["say.ts"],
  "main.ts": ["cli", "commands.ts", "errors.ts", "say.ts"],
  // The seam between the two: it names commands by addresses that are not seen before a start.
  "commands.ts": ["cli"],
  "errors.ts": [],
  "printable.ts": [],
  "say.ts": ["printable.ts"],
  "state.ts": ["components", "live", "looks", "model", "store", "fresh"],
};

/** A text without its comments. `//` of an address follows a colon. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

function specifiers(text: string): string[] {
  // Comments would speak of imports, too.
  const code = codeOf(text);
  const found: string[] = [];
  const patterns = [
    /(?:^|;)\s*(?:import|export)\s[^;"'`]*?from\s*["']([^"']+)["']/gm,
    /(?:^|;)\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  for (const pattern of patterns) {
    // Templates of modules, as a bundle has them, name none.
    for (const [, name] of code.matchAll(pattern)) if (!name.includes("${")) found.push(name);
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

/** The files of the project that a file imports, types included. */
function imported(source: Source): string[] {
  return source.imports.filter((specifier) => specifier.startsWith("."))
    .map((specifier) => resolve(source.path, specifier));
}

/** The first part of a path: a folder, or a file beside it. */
function folderOf(path: string): string {
  return path.split("/")[0];
}

/** The folder that a file lies in, at any depth. */
function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path;
}

Deno.test("architecture: every folder is known, and imports follow the direction of the layers", () => {
  const wrong: string[] = [];
  for (const source of product) {
    const folder = folderOf(source.path);
    const allowed = ALLOWED[folder];
    if (allowed === undefined) {
      wrong.push(`${source.path} is in no folder that this test knows`);
      continue;
    }
    for (const specifier of source.imports) {
      const isPath = specifier.startsWith(".");
      if (!isPath && !/^fresh(\/|$)/.test(specifier)) continue;
      const path = isPath ? resolve(source.path, specifier) : specifier;
      const target = folderOf(path);
      if (target === folder) continue;
      if (
        !allowed.some((place) => place === target || path === place || path.startsWith(`${place}/`))
      ) {
        wrong.push(`${source.path} imports ${path}`);
      }
    }
  }
  assert.deepStrictEqual(wrong, []);
});

/** Groups of names of which each leads to all others. */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const next of edges.get(name) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    return seen;
  };
  const reached = new Map([...edges.keys()].map((name) => [name, reach(name)]));
  const found = new Map<string, string[]>();
  for (const [name, names] of reached) {
    if (!names.has(name)) continue;
    const circle = [...names].filter((other) => reached.get(other)?.has(name)).sort();
    found.set(circle.join(" "), circle);
  }
  return [...found.values()];
}

/** The imports between names that files have. */
function edgesBy(nameOf: (path: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const source of product) {
    const from = nameOf(source.path);
    const to = edges.get(from) ?? new Set<string>();
    edges.set(from, to);
    for (const path of imported(source)) {
      // A room and the rooms inside it are one.
      if (
        !`${nameOf(path)}/`.startsWith(`${from}/`) && !`${from}/`.startsWith(`${nameOf(path)}/`)
      ) {
        to.add(nameOf(path));
      }
    }
  }
  return edges;
}

Deno.test("architecture: nothing imports itself in a circle, types included", () => {
  for (const nameOf of [folderOf, roomOf, (path: string) => path]) {
    assert.deepStrictEqual(circles(edgesBy(nameOf)), []);
  }
});

Deno.test("architecture: the model knows of no page, and neither it nor components of a machine", () => {
  const wrong: string[] = [];
  for (const source of product) {
    if (!/^(parsl|looks|model|components)\//.test(source.path)) continue;
    for (const specifier of source.imports) {
      if (/^(node:|esbuild)/.test(specifier)) {
        wrong.push(`${source.path} imports ${specifier}`);
      }
    }
    if (/\bDeno\.\w/.test(source.text)) wrong.push(`${source.path} uses Deno`);
    if (
      /^(parsl|model)\//.test(source.path) &&
      /\b(?:document|localStorage|navigator)\.\w/.test(codeOf(source.text))
    ) {
      wrong.push(`${source.path} uses the DOM`);
    }
  }
  assert.deepStrictEqual(wrong, []);
});

/** What prints on its own: the way to the terminal, what is data, and what runs in a browser. */
const PRINTS = /^(say\.ts|cli\/(progress_line|standard_output|hangup)\.ts|export\/app\/|clients\/)/;

Deno.test("architecture: what is printed goes through say.ts", () => {
  const wrong = product
    .filter(({ path, text }) =>
      !PRINTS.test(path) && /\bconsole\.|\bDeno\.std(?:out|err)\b/.test(codeOf(text))
    )
    .map(({ path }) => path);
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
