import assert from "node:assert/strict";
import { parseAddress } from "../../hub/udp/address.ts";
import { dropsOf } from "../../hub/udp/kernel_drops.ts";
import { Overflow } from "../../hub/udp/overflow.ts";
import { Signer } from "../../hub/signing/signer.ts";
import { type SpillBlock, SpillFile } from "../../hub/udp/spill_file.ts";
import { scriptWithLimit } from "../support/limited.ts";

const LINUX = Deno.build.os === "linux";
/** What a sealed block of `block` takes in a file. */
const BLOCK_BYTES = 24 + 32 + 100;
const rest = { spillLimit: 1e6, seal: new Signer(new Uint8Array(32).fill(1), "sha256") };
const file = { limit: 1e6, seal: rest.seal };

Deno.test("udp: addresses as bytes", () => {
  const parsed = (address: string) => parseAddress(address)?.join(" ") ?? null;
  assert.deepStrictEqual(parsed("127.0.0.1"), "127 0 0 1");
  assert.deepStrictEqual(parsed("256.0.0.1"), null);
  assert.deepStrictEqual(parsed("1.2.3"), null);
  assert.deepStrictEqual(parsed("localhost"), null);
  assert.deepStrictEqual(parsed("::"), new Array(16).fill(0).join(" "));
  assert.deepStrictEqual(parsed("fe80::1:203"), "254 128 0 0 0 0 0 0 0 0 0 0 0 1 2 3");
  assert.deepStrictEqual(parsed("::ffff:1.2.3.4"), "0 0 0 0 0 0 0 0 0 0 255 255 1 2 3 4");
  assert.deepStrictEqual(parsed("1:2:3:4:5:6:7:8"), "0 1 0 2 0 3 0 4 0 5 0 6 0 7 0 8");
  assert.deepStrictEqual(parsed("1:2:3"), null);
  assert.deepStrictEqual(parsed("1::2::3"), null);
  assert.deepStrictEqual(parsed("g::"), null);
});

Deno.test("udp: drops are read from the kernel's table", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr inode ref pointer drops
  100: 0100007F:D70F 00000000:0000 07 00000000:00000000 00:00000000 1 2 0000000000000000 17
  101: 0200007F:D70F 00000000:0000 07 00000000:00000000 00:00000000 1 2 0000000000000000 5
`;
  assert.deepStrictEqual(dropsOf(table, "0100007F:D70F"), 17);
  assert.deepStrictEqual(dropsOf(table, "0100007F:D710"), null);
});

function block(name: string, count = 1): SpillBlock {
  const bytes = new Uint8Array(100);
  bytes.set(new TextEncoder().encode(name));
  return { buffer: bytes.buffer, count, at: name.length + 0.5 };
}

function nameOf(found: SpillBlock | null): string | null {
  if (found === null) return null;
  return new TextDecoder().decode(new Uint8Array(found.buffer)).replace(/\0+$/, "");
}

Deno.test("overflow: memory first, then disk, in order, and the file is emptied", async () => {
  const folder = await Deno.makeTempDir();
  const spillPath = `${folder}/spill`;
  const overflow = new Overflow({ memoryLimit: 250, spillPath, ...rest });
  for (const name of ["a", "b", "c", "d"]) overflow.push(block(name, 3));
  assert.deepStrictEqual([overflow.memoryBytes, overflow.count], [200, 12]);
  assert.deepStrictEqual(overflow.diskBytes, 2 * BLOCK_BYTES);
  assert.deepStrictEqual((await Deno.stat(spillPath)).mode! & 0o777, 0o600);
  assert.deepStrictEqual(nameOf(overflow.shift()), "a");
  // Memory has room again, but what is newer stays behind what is on disk.
  overflow.push(block("e", 3));
  assert.deepStrictEqual(["b", "c", "d", "e"].map(() => nameOf(overflow.shift())), [
    "b",
    "c",
    "d",
    "e",
  ]);
  assert.deepStrictEqual([overflow.isEmpty, overflow.shift(), overflow.dropped], [true, null, 0]);
  assert.deepStrictEqual((await Deno.stat(spillPath)).size, 0);
  overflow.push(block("f"));
  assert.deepStrictEqual([overflow.memoryBytes, overflow.diskBytes], [100, 0]);
  assert.deepStrictEqual(nameOf(overflow.shift()), "f");
  overflow.close();
  assert.deepStrictEqual([...Deno.readDirSync(folder)].length, 0);
  await Deno.remove(folder);
});

Deno.test("overflow: a restart finds what was left, and no more", async () => {
  const folder = await Deno.makeTempDir();
  const options = { memoryLimit: 150, spillPath: `${folder}/spill`, ...rest };
  const first = new Overflow(options);
  for (const name of ["a", "b", "c"]) first.push(block(name, 2));
  assert.deepStrictEqual([nameOf(first.shift()), nameOf(first.shift())], ["a", "b"]);
  first.close();
  const second = new Overflow(options);
  assert.deepStrictEqual([second.count, second.memoryBytes], [2, 0]);
  second.push(block("d"));
  const found = second.shift();
  assert.deepStrictEqual([nameOf(found), found?.count, found?.at], ["c", 2, 1.5]);
  assert.deepStrictEqual([nameOf(second.shift()), second.shift()], ["d", null]);
  second.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("overflow: a crash loses no block; one half written is cut off", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/spill`;
  const crashed = new SpillFile(path, file);
  crashed.push(block("a"));
  crashed.push(block("b"));
  crashed.push(block("c"));
  assert.deepStrictEqual(nameOf(crashed.shift()), "a");
  await Deno.truncate(path, (await Deno.stat(path)).size - 1);
  const next = new SpillFile(path, file);
  assert.deepStrictEqual([next.count, next.bytes], [2, 2 * BLOCK_BYTES]);
  next.push(block("d"));
  const names = [next.shift(), next.shift(), next.shift(), next.shift()].map(nameOf);
  assert.deepStrictEqual(names, ["a", "b", "d", null]);
  next.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("overflow: a disk that is full costs the newest, and is counted", {
  ignore: !LINUX,
}, async () => {
  const said = await scriptWithLimit("ulimit -f 1; trap '' XFSZ", import.meta.url, [
    'import { Overflow } from "../../hub/udp/overflow.ts";',
    "const [path] = Deno.args;",
    "const block = (count, size) => ({ buffer: new ArrayBuffer(size), count, at: 1 });",
    "const options = { memoryLimit: 100, spillPath: path, spillLimit: 1e6, seal: null };",
    "const overflow = new Overflow(options);",
    "for (const [count, size] of [[5, 100], [3, 100], [7, 5000]]) overflow.push(block(count, size));",
    "const { dropped, count, problem } = overflow;",
    "const shifted = [overflow.shift()?.count, overflow.shift()?.count, overflow.shift()];",
    "console.log(JSON.stringify({ dropped, count, problem, shifted }));",
  ]);
  const { dropped, count, problem, shifted } = JSON.parse(said);
  assert.deepStrictEqual([dropped, count, shifted], [7, 8, [5, 3, null]]);
  assert.match(problem, /large/i);
});

Deno.test("overflow: the file stays within its limit, and what finds no room is counted", async () => {
  const folder = await Deno.makeTempDir();
  const spillPath = `${folder}/spill`;
  const spillLimit = 16 + 2 * BLOCK_BYTES;
  const overflow = new Overflow({ ...rest, memoryLimit: 100, spillPath, spillLimit });
  for (const name of ["a", "b", "c", "d", "e"]) overflow.push(block(name, 2));
  assert.equal((await Deno.stat(spillPath)).size, spillLimit);
  assert.deepStrictEqual([overflow.dropped, overflow.count], [4, 6]);
  assert.match(overflow.problem, /has reached its limit of .*--spill-limit/);
  assert.deepStrictEqual(["a", "b"].map(() => nameOf(overflow.shift())), ["a", "b"]);
  // The place of what was taken is not free before the file is empty, but memory is.
  overflow.push(block("f", 2));
  assert.equal((await Deno.stat(spillPath)).size, spillLimit);
  const names = [overflow.shift(), overflow.shift(), overflow.shift()].map(nameOf);
  assert.deepStrictEqual([names, overflow.dropped], [["f", "c", null], 4]);
  overflow.close();
  await Deno.remove(folder);
});

Deno.test("overflow: what another has put into the file is not taken for verified", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/spill`;
  const foreign = new SpillFile(path, { limit: 1e6, seal: new Signer(new Uint8Array(32).fill(2)) });
  foreign.push(block("forged"));
  foreign.close();
  const plain = new SpillFile(path, { limit: 1e6, seal: null });
  plain.push(block("old"));
  plain.close();
  const mine = new SpillFile(path, file);
  mine.push(block("mine"));
  const found = [mine.shift(), mine.shift(), mine.shift()];
  assert.deepStrictEqual(found.map((one) => [nameOf(one), one?.sealed]), [
    ["forged", false],
    ["old", false],
    ["mine", true],
  ]);
  mine.close();
  await Deno.remove(folder);
});

Deno.test("overflow: without a file, and with a file of something else", async () => {
  const none = new Overflow({ memoryLimit: 100, spillPath: null, ...rest });
  none.push(block("a"));
  none.push(block("b", 4));
  assert.deepStrictEqual([nameOf(none.shift()), none.shift(), none.dropped], ["a", null, 4]);
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "this is the user's own file, long enough for a header");
  const other = new Overflow({ memoryLimit: 0, spillPath: path, ...rest });
  other.push(block("a"));
  other.close();
  assert.deepStrictEqual(other.dropped, 1);
  assert.ok((await Deno.readTextFile(path)).startsWith("this is the user's"), "it was overwritten");
  await Deno.remove(path);
});
