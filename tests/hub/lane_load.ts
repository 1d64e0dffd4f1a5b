// A client that loses its connection again and again, and sends what is not acknowledged again.

import { numbered, TestClient } from "./lane_client.ts";
import type { LaneHub } from "./lane_hub.ts";

/** Characters of the longest message that `sendAll` sends. */
export const LONGEST_TEST_MESSAGE = 9000;

/** Sends numbers 1 to `count` in random pieces over several connections, until all are done. */
export async function sendAll(
  hub: LaneHub,
  id: string,
  count: number,
  random: (below: number) => number,
): Promise<void> {
  const messages = Array.from({ length: count }, (_, i) => {
    const size = random(10) === 0 ? LONGEST_TEST_MESSAGE - 20 : random(300);
    return new TextEncoder().encode(`${id}/${i + 1}/${"x".repeat(size)}`);
  });
  for (let attempt = 0;; attempt++) {
    const { client, answer } = await TestClient.hello(hub.port, id);
    // The first connections break somewhere, mostly inside a frame.
    const breaks = attempt < 3 ? random(200_000) : Infinity;
    const whole = await write(client, messages, answer.acknowledged, breaks, random);
    if (whole && answer.acknowledged < count) await client.acknowledged(count);
    client.close();
    if (whole) return;
  }
}

async function write(
  client: TestClient,
  messages: Uint8Array[],
  acknowledged: number,
  breaks: number,
  random: (below: number) => number,
): Promise<boolean> {
  if (acknowledged === messages.length) return true;
  const frames = messages.map((message, i) => client.framed(numbered(i + 1, message)));
  let written = 0;
  for (const frame of frames.slice(acknowledged)) {
    for (let at = 0; at < frame.length;) {
      const piece = frame.subarray(at, at + 1 + random(random(2) === 0 ? 3000 : 20_000));
      if (written + piece.length > breaks) return false;
      await client.write(piece);
      written += piece.length;
      at += piece.length;
    }
  }
  return true;
}
