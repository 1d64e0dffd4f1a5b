// Named pipes, which hold up whoever opens them.

import assert from "node:assert/strict";

/** Makes a named pipe; gives its path. */
export async function pipe(path: string): Promise<string> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.ok(success, "there is no mkfifo");
  return path;
}
