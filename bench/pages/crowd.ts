// What others see of the first page while many hold connections and do nothing with them.
//
//   ulimit -n 20000; deno run -P=dev bench/pages/crowd.ts [IDLE=5000] [SLOW=200] [UNREAD=500]
//
// UNREAD live streams are asked for and never read, SLOW clients send half of their headers, IDLE
// ones nothing. Prints milliseconds until the page, and the memory of the dashboard.

import { climate } from "../../tests/support/fixtures.ts";
import { startViewer, type Viewer } from "../../tests/support/server.ts";
import { memoryOf } from "../hub/process.ts";

const text = new TextEncoder();

/** So many connections to an address, each of which says this much. */
async function hold(url: string, count: number, said: string): Promise<Deno.Conn[]> {
  const { hostname, port } = new URL(url);
  const held: Deno.Conn[] = [];
  for (let n = 0; n < count; n++) {
    const conn = await Deno.connect({ hostname, port: Number(port) });
    held.push(conn);
    if (said !== "") await conn.write(text.encode(said));
  }
  return held;
}

async function look({ url, pid }: Viewer, when: string): Promise<void> {
  const began = performance.now();
  const response = await fetch(url);
  await response.text();
  const time = (performance.now() - began).toFixed(0);
  console.log(
    `${when}: ${response.status} after ${time} ms, ${Math.round(memoryOf(pid).resident)} MiB`,
  );
}

async function main([idle = 5000, slow = 200, unread = 500]: number[]): Promise<void> {
  const database = await climate();
  const viewer = await startViewer([database.path]);
  const { url } = viewer;
  const host = `Host: ${new URL(url).hostname}`;
  const held: Deno.Conn[] = [];
  try {
    await look(viewer, "before the first");
    await look(viewer, "before");
    const stream = `GET /api/live?view=workflows HTTP/1.1\r\n${host}\r\n\r\n`;
    held.push(...await hold(url, unread, stream));
    await look(viewer, `${unread} streams that nobody reads`);
    held.push(...await hold(url, slow, `GET / HTTP/1.1\r\n${host}`));
    held.push(...await hold(url, idle, ""));
    for (let n = 0; n < 5; n++) await look(viewer, `and ${slow} slow ones, and ${idle} idle ones`);
  } finally {
    for (const conn of held) conn.close();
    await viewer.stop();
    await database.remove();
  }
}

if (import.meta.main) await main(Deno.args.map(Number));
