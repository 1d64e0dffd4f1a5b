// From `deno task visualize` to the first page, of checkouts of two versions in turns.
//
//   deno run -P=dev bench/pages/start.ts DB ROUNDS CHECKOUT CHECKOUT
//
// Prints the medians in milliseconds: until the address is printed, and until the first page is
// there. Both have been started once before, so nothing is downloaded or built.

import { median } from "./requests.ts";

interface Start {
  printed: number;
  page: number;
}

async function start(checkout: string, database: string): Promise<Start> {
  const began = performance.now();
  // A session of its own, so that the task and what it runs can be ended together.
  const child = new Deno.Command("setsid", {
    args: [Deno.execPath(), "task", "visualize", database, "-p", "0"],
    cwd: checkout,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let url: string | undefined;
  while (url === undefined) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`${checkout} did not start: ${text}`);
    text += value;
    url = /http:\S+/.exec(text)?.[0];
  }
  const printed = performance.now() - began;
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${checkout} answered ${response.status}`);
  await response.text();
  const page = performance.now() - began;
  await new Deno.Command("kill", { args: ["-TERM", "--", `-${child.pid}`] }).output();
  while (!(await lines.read()).done);
  await child.status;
  return { printed, page };
}

async function main([database, rounds, ...checkouts]: string[]): Promise<void> {
  if (checkouts.length === 0) {
    console.error("usage: deno run -P=dev bench/pages/start.ts DB ROUNDS CHECKOUT CHECKOUT");
    Deno.exit(2);
  }
  const starts = new Map<string, Start[]>(checkouts.map((checkout) => [checkout, []]));
  for (const checkout of checkouts) await start(checkout, database);
  for (let round = 0; round < Number(rounds); round++) {
    const order = round % 2 === 0 ? checkouts : checkouts.toReversed();
    for (const checkout of order) starts.get(checkout)!.push(await start(checkout, database));
  }
  for (const [checkout, all] of starts) {
    const [printed, page] = (["printed", "page"] as const)
      .map((name) => median(all.map((one) => one[name])).toFixed(0));
    console.log(`${checkout}: address after ${printed} ms, first page after ${page} ms`);
  }
}

if (import.meta.main) await main(Deno.args);
