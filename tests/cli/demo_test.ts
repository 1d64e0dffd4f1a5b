// `parsloscope demo` shows runs as they happen, and leaves nothing behind.

import assert from "node:assert/strict";
import { withDirectory } from "../store/helpers.ts";
import { ChildOutput } from "../support/child_output.ts";
import { eventually } from "../support/eventually.ts";
import { allowed } from "../support/server.ts";

Deno.test("cli demo: shows recorded runs live and cleans up", () =>
  withDirectory(async (directory) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...allowed("demo"),
        "demo",
        "-p",
        "0",
        "--no-token",
      ],
      env: { NO_COLOR: "1", TMPDIR: directory },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = new ChildOutput(child);
    try {
      const address = /http:\/\/127\.0\.0\.1:\d+\//;
      await eventually(
        () => Promise.resolve(address.test(output.text)),
        "the demo printed no address",
      );
      const [url] = address.exec(output.text)!;
      const written = async () => {
        const metrics = await (await fetch(`${url}metrics`)).text();
        return Number(/^parsloscope_messages_written_total (\d+)$/m.exec(metrics)?.[1]);
      };
      await eventually(async () => await written() > 50, "no rows are written");
      const { accounts } = await (await fetch(`${url}api/hub`)).json();
      assert.deepStrictEqual(accounts.messages.quarantined, 0, "messages that could not be placed");
      const [{ runId }] = accounts.runs;
      const list = await (await fetch(url)).text();
      assert.ok(list.includes(runId), "the list does not show the run that is being played");
      const page = await fetch(`${url}workflow/${runId}/task/`);
      assert.deepStrictEqual(page.status, 200);
      await page.body?.cancel();
      const before = await written();
      await eventually(async () => await written() > before, "nothing more is written");
    } finally {
      child.kill("SIGTERM");
      assert.deepStrictEqual(await output.over, 0, output.text);
    }
    assert.deepStrictEqual(
      [...Deno.readDirSync(directory)].map(({ name }) => name),
      [],
      "files left",
    );
  }));
