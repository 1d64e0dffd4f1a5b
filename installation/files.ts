/** Files that the program needs besides its modules. A bundle has them inside. */

const root = new URL("..", import.meta.url);

function fixture(name: string): () => string {
  return () => new URL(`tests/fixtures/${name}`, root).href;
}

const URLS = {
  "elk-worker.js": () => import.meta.resolve("elkjs/lib/elk-worker.min.js"),
  "demo/climate.db": fixture("climate.db"),
  "demo/udp.jsonl.gz": fixture("messages-udp.jsonl.gz"),
  "demo/thr.jsonl.gz": fixture("messages-thr.jsonl.gz"),
  "demo/htex.jsonl.gz": fixture("messages-htex.jsonl.gz"),
  "demo/die.jsonl.gz": fixture("messages-die.jsonl.gz"),
  "demo/mul.jsonl.gz": fixture("messages-mul.jsonl.gz"),
};

/** The name of such a file. */
export type FileName = keyof typeof URLS;

/** All of them. */
export const FILE_NAMES = Object.keys(URLS) as FileName[];

/** Reads a file. */
export function readAsset(name: FileName): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(URLS[name]()));
}
