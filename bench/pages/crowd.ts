// What others see of the first page while many hold connections and do nothing with them.
//
//   ulimit -n 20000; deno run -A bench/pages/crowd.ts [IDLE=5000] [SLOW=200] [UNREAD=500]
//
// UNREAD live streams are asked for and never read, SLOW clients send half of their headers, IDLE
// ones nothing. Prints milliseconds until the page, and the memory of the dashboard.

import { climate } from "../../tests/support/fixtures.ts";
import { startViewer } from "../../tests/support/server.ts";
import { memoryOf } from "../hub/process.ts";

const [idle = 5000, slow = 200, unread = 500] = Deno.args.map(Number);
const text = new TextEncoder();
const database = await climate();
const viewer = await startViewer([database.path]);
const { hostname, port } = new URL(viewer.url);
const held: Deno.Conn[] = [];

async function hold(count: number, said: string): Promise<void> {
  for (let n = 0; n < count; n++) {
    const conn = await Deno.connect({ hostname, port: Number(port) });
    held.push(conn);
    if (said !== "") await conn.write(text.encode(said));
  }
}

async function look(when: string): Promise<void> {
  const began = performance.now();
  const response = await fetch(viewer.url);
  await response.text();
  const time = (performance.now() - began).toFixed(0);
  const memory = Math.round(memoryOf(viewer.pid).resident);
  console.log(`${when}: ${response.status} after ${time} ms, ${memory} MiB`);
}

try {
  await look("before the first");
  await look("before");
  await hold(unread, `GET /api/live?view=workflows HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await look(`${unread} streams that nobody reads`);
  await hold(slow, `GET / HTTP/1.1\r\nHost: ${hostname}`);
  await hold(idle, "");
  for (let n = 0; n < 5; n++) await look(`and ${slow} slow ones, and ${idle} idle ones`);
} finally {
  for (const conn of held) conn.close();
  await viewer.stop();
  await database.remove();
}
