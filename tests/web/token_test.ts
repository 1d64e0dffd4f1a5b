// The user's token: kept, and never shared.

import assert from "node:assert/strict";
import { join } from "node:path";
import { TokenError, userToken } from "../../web/token.ts";
import { withDirectory } from "../store/helpers.ts";

const uid = Deno.uid();

function surroundings(home: string, more: Record<string, string> = {}) {
  return { env: (name: string) => ({ HOME: home, ...more })[name], uid };
}

Deno.test("token: it is made once, for its user alone, and stays", () =>
  withDirectory(async (home) => {
    // Several servers that begin at the same time agree.
    const tokens = await Promise.all([1, 2, 3, 4].map(() => userToken(surroundings(home))));
    assert.equal(new Set(tokens.map(({ value }) => value)).size, 1);
    const [{ value, keptIn }] = tokens;
    assert.ok(value.length >= 40);
    assert.equal(keptIn, join(home, ".local/share/parsloscope/token"));
    assert.equal(Deno.statSync(keptIn).mode! & 0o777, 0o600);
    assert.equal(Deno.statSync(join(home, ".local/share/parsloscope")).mode! & 0o777, 0o700);
    const names = [...Deno.readDirSync(join(home, ".local/share/parsloscope"))];
    assert.deepStrictEqual(names.map(({ name }) => name), ["token"]);
    assert.deepStrictEqual(await userToken(surroundings(home)), { value, keptIn });
  }));

Deno.test("token: one that others could read, or have put there, is refused with what to do", () =>
  withDirectory(async (home) => {
    const folder = join(home, "parsloscope");
    const path = join(folder, "token");
    const begin = () => userToken(surroundings(home, { XDG_DATA_HOME: home }));
    const refused = (what: RegExp) =>
      assert.rejects(begin, (error) => error instanceof TokenError && what.test(error.message));
    const { value } = await begin();
    Deno.chmodSync(path, 0o644);
    await refused(/Others can read/);
    Deno.chmodSync(path, 0o600);
    assert.equal((await begin()).value, value);
    await assert.rejects(
      userToken({ ...surroundings(home, { XDG_DATA_HOME: home }), uid: uid! + 1 }),
      /belongs to another user/,
    );
    Deno.renameSync(path, join(home, "elsewhere"));
    Deno.symlinkSync(join(home, "elsewhere"), path);
    await refused(/no plain file/);
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    await refused(/no plain file/);
    Deno.removeSync(path);
    const made = await new Deno.Command("mkfifo", { args: ["-m", "600", path] }).output();
    assert.ok(made.success);
    await refused(/no plain file/);
    Deno.removeSync(path);
    Deno.writeTextFileSync(path, "short\n", { mode: 0o600 });
    await refused(/holds no token/);
  }));

Deno.test("token: the environment may hold it, and a home that is none keeps none", async () => {
  const given = await userToken(
    surroundings("/", { PARSLOSCOPE_TOKEN: "sixteen-letters-and-more" }),
  );
  assert.deepStrictEqual(given, {
    value: "sixteen-letters-and-more",
    keptIn: "PARSLOSCOPE_TOKEN",
  });
  for (const short of ["short", "with spaces in it, and long enough", "päßword-of-many-letters"]) {
    await assert.rejects(userToken(surroundings("/", { PARSLOSCOPE_TOKEN: short })), TokenError);
  }
  const none = await userToken({ env: () => undefined, uid });
  assert.equal(none.keptIn, null);
  await withDirectory(async (home) => {
    Deno.writeTextFileSync(join(home, ".local"), "a file in the way");
    const first = await userToken(surroundings(home));
    assert.equal(first.keptIn, null);
    assert.notEqual((await userToken(surroundings(home))).value, first.value);
  });
});
