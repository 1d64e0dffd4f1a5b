/**
 * `deno task build`: makes the program that tasks run, as one file with everything that esbuild makes
 * inside, unless it is there and nothing has changed since. So commands start in half the time, and
 * need not be allowed to start other programs. It imports next to nothing before it
 * knows that it has to.
 */

const ROOT = new URL("..", import.meta.url);
const FOLDER = new URL(".cache/program/", ROOT);
const PROGRAM = new URL("parsloscope.mjs", FOLDER);
const STAMP = new URL("made-of.txt", FOLDER);
/** What the program is not made of. */
const OTHERS = /^(\..*|node_modules|bench|dist|docs|coverage)$/;
/** The recordings of the demo lie among the tests' fixtures. */
const TESTS = "tests/";
const RECORDINGS = /^tests\/fixtures\/(climate\.db|messages-[a-z]+\.jsonl\.gz)$/;

/** Every file that the program is made of, with its size and the time of its last change. */
function* stamps(folder: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(new URL(folder || ".", ROOT))) {
    const path = folder + name;
    if (folder === "" && OTHERS.test(name)) continue;
    if (isDirectory && (!folder.startsWith(TESTS) || folder === TESTS && name === "fixtures")) {
      yield* stamps(`${path}/`);
    } else if (isFile && (!folder.startsWith(TESTS) || RECORDINGS.test(path))) {
      const { mtime, size } = Deno.statSync(new URL(path, ROOT));
      yield `${path} ${mtime?.getTime()} ${size}`;
    }
  }
}

async function textOf(file: URL): Promise<string> {
  return await Deno.readTextFile(file).catch(() => "");
}

const now = `${Deno.version.deno}\n${[...stamps("")].sort().join("\n")}`;
if (await textOf(STAMP) !== now) {
  const { warn } = await import("../say.ts");
  warn("Building the program; it is kept for the next time.");
  const half = new URL(`${crypto.randomUUID()}.part`, FOLDER);
  try {
    await Deno.mkdir(FOLDER, { recursive: true });
    // Named so that Deno does not read it before it is wanted.
    const { build } = await import(new URL("bundle/build.ts", ROOT).href);
    await build(decodeURIComponent(half.pathname));
    await Deno.rename(half, PROGRAM);
    await Deno.writeTextFile(STAMP, now);
  } catch (error) {
    await Deno.remove(half).catch(() => {});
    warn(`parsloscope: the program could not be built: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
