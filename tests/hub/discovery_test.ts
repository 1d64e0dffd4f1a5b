import assert from "node:assert/strict";
import { hostname } from "node:os";
import { announce, describeRunning, findRunning, hubFileOf } from "../../hub/discovery.ts";

/** Whoever is asked holds no key. */
const nobody = () => Promise.resolve(false);

async function inFolder(run: (database: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    await run(`${folder}/monitoring.db`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs with a port on which something listens. */
async function listening(run: (port: number) => Promise<void>): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await run(listener.addr.port);
}

/** A port on which nothing listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function place(port: number, changes: Record<string, unknown> = {}) {
  return {
    address: "127.0.0.1",
    port,
    host: hostname(),
    pid: Deno.pid,
    digest: "sha512" as const,
    started: 1_785_000_000_000,
    ...changes,
  };
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  return child.pid;
}

Deno.test("a hub is found by its file while it runs, and the file goes with it", () =>
  inFolder((database, folder) =>
    listening(async (port) => {
      assert.deepStrictEqual(await findRunning(database, nobody), null);
      const announcement = await announce(database, place(port));
      assert.deepStrictEqual(JSON.parse(await Deno.readTextFile(`${database}.hub`)), place(port));
      assert.deepStrictEqual([...Deno.readDirSync(folder)].length, 1, "a draft is left behind");
      if (Deno.build.os !== "windows") {
        assert.deepStrictEqual((await Deno.stat(`${database}.hub`)).mode! & 0o777, 0o600);
      }
      assert.deepStrictEqual(await findRunning(database, nobody), place(port));
      assert.deepStrictEqual(announcement.isOurs(), true);
      await announcement.withdraw();
      assert.deepStrictEqual([...Deno.readDirSync(folder)].length, 0);
      await announcement.withdraw();
    })
  ));

Deno.test("a hub that listens on all addresses is found", () =>
  inFolder(async (database) => {
    using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    await announce(database, place(listener.addr.port, { address: "0.0.0.0" }));
    assert.deepStrictEqual((await findRunning(database, nobody))?.address, "0.0.0.0");
  }));

Deno.test("the file of a hub that has ended is no hub", () =>
  inFolder((database) =>
    listening(async (port) => {
      const file = hubFileOf(database);
      await Deno.writeTextFile(file, JSON.stringify(place(freePort())));
      assert.deepStrictEqual(await findRunning(database, nobody), null, "nothing listens");
      await Deno.writeTextFile(file, JSON.stringify(place(port, { pid: await deadPid() })));
      assert.deepStrictEqual(await findRunning(database, nobody), null, "its process has ended");
      if (Deno.build.os === "windows") return;
      await Deno.writeTextFile(file, JSON.stringify(place(port, { pid: 1 })));
      assert.deepStrictEqual(
        (await findRunning(database, nobody))?.pid,
        1,
        "another user's process is alive",
      );
    })
  ));

Deno.test("a hub of another machine is asked over the network", () =>
  inFolder((database) =>
    listening(async (port) => {
      const away = (changes: Record<string, unknown>) =>
        Deno.writeTextFile(hubFileOf(database), JSON.stringify(place(port, changes)));
      const pid = await deadPid();
      // `localhost` stands for the other machine's name.
      await away({ host: "localhost", address: "0.0.0.0", pid });
      assert.deepStrictEqual(
        (await findRunning(database, nobody))?.host,
        "localhost",
        "its pid means nothing here",
      );
      await away({ host: "localhost", address: "0.0.0.0", port: freePort(), pid });
      assert.deepStrictEqual(await findRunning(database, nobody), null);
      await away({ host: "elsewhere", address: "127.0.0.1" });
      assert.deepStrictEqual(
        await findRunning(database, nobody),
        null,
        "our own port is taken for that machine's",
      );
    })
  ));

Deno.test("a damaged file is no hub", () =>
  inFolder((database) =>
    listening(async (port) => {
      const damaged = [
        "",
        "null",
        "[]",
        "{",
        JSON.stringify(place(port)).slice(0, -4),
        JSON.stringify(place(0)),
        JSON.stringify(place(70_000)),
        JSON.stringify(place(port, { port: `${port}` })),
        JSON.stringify(place(port, { pid: -1 })),
        JSON.stringify(place(port, { pid: 1.5 })),
        JSON.stringify(place(port, { host: null })),
        JSON.stringify(place(port, { digest: "constructor" })),
        JSON.stringify(place(port)) + " ".repeat(100_000),
      ];
      for (const content of damaged) {
        await Deno.writeTextFile(hubFileOf(database), content);
        assert.deepStrictEqual(await findRunning(database, nobody), null, content.slice(0, 100));
      }
      await Deno.writeTextFile(hubFileOf(database), JSON.stringify(place(port)));
      assert.ok(await findRunning(database, nobody) !== null, "the undamaged one is none either");
    })
  ));

Deno.test("a hub does not remove the file of the hub that took its place", () =>
  inFolder((database) =>
    listening(async (port) => {
      const first = await announce(database, place(port, { started: 1 }));
      const second = await announce(database, place(port, { started: 2 }));
      assert.deepStrictEqual([first.isOurs(), second.isOurs()], [false, true]);
      await first.withdraw();
      assert.deepStrictEqual((await findRunning(database, nobody))?.started, 2);
      await second.withdraw();
      assert.deepStrictEqual(await findRunning(database, nobody), null);
    })
  ));

Deno.test("a running hub is described so that a user can find it", () => {
  const described = describeRunning(place(55055, { host: "login1", pid: 42 }));
  assert.deepStrictEqual(
    described,
    "a hub (pid 42 on login1) already serves this database at 127.0.0.1:55055",
  );
  assert.ok(describeRunning(place(1, { address: "::1" })).endsWith("at [::1]:1"), "IPv6");
});
