import { PATIENCE } from "../support/eventually.ts";
import assert from "node:assert/strict";
import { decodePickle, decodePickles, PickleDecoder } from "../../hub/decode/pickle/mod.ts";
import { MalformedMessage, type Value } from "../../hub/decode/value.ts";
import { onPath } from "../support/chromium.ts";
import { parseRepr, plain } from "../support/python_repr.ts";
import { type Recorded, recordings } from "../support/recordings.ts";

const all = recordings();

/** A pickle from ASCII text and bytes. */
function bytes(...parts: (string | number | number[])[]): Uint8Array {
  const encoder = new TextEncoder();
  return new Uint8Array(
    parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : part),
  );
}

/** What decoding throws, which must be MalformedMessage. */
function failure(pickle: Uint8Array): MalformedMessage {
  let value: Value;
  try {
    value = decodePickle(pickle);
  } catch (error) {
    if (error instanceof MalformedMessage) return error;
    throw new Error(`it threw ${error}`, { cause: error });
  }
  throw new Error(`it was decoded: ${JSON.stringify(plain(value))}`);
}

function refused(pickle: Uint8Array, part: string): void {
  const error = failure(pickle);
  assert.ok(error.refused, `not refused: ${error.message}`);
  assert.ok(error.message.includes(part), `expected ${part} in: ${error.message}`);
}

/** One recording of each kind of message and generation. */
function samples(): Recorded[] {
  const byKind = new Map<string, Recorded>();
  for (const recorded of all) {
    const kind = /MessageType\.\w+/.exec(recorded.repr)?.[0] ?? "bare";
    const key = `${recorded.file.slice(0, 12)} ${kind}`;
    if (!byKind.has(key)) byKind.set(key, recorded);
  }
  return [...byKind.values()];
}

Deno.test("pickle: every recorded message is what Python says it is", () => {
  assert.ok(all.length === 3558, `${all.length} recorded messages`);
  for (const { file, body, repr } of all) {
    assert.deepStrictEqual(plain(decodePickle(body)), plain(parseRepr(repr)), file);
  }
});

Deno.test("pickle: cut at every length, a message is malformed", () => {
  for (const { body } of samples()) {
    for (let length = 0; length < body.length; length++) failure(body.subarray(0, length));
  }
});

Deno.test("pickle: with any byte changed, it is decoded or malformed", () => {
  let malformed = 0;
  for (const { body } of samples()) {
    for (let at = 0; at < body.length; at++) {
      for (const bits of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = body.slice();
        damaged[at] ^= bits;
        try {
          decodePickle(damaged);
        } catch (error) {
          if (!(error instanceof MalformedMessage)) throw error;
          malformed++;
        }
      }
    }
  }
  assert.ok(malformed > 1000, `${malformed} malformed`);
});

Deno.test("pickle: code is refused and named", () => {
  refused(bytes("cos\nsystem\n(S'echo hi'\ntR."), "os.system");
  refused(bytes("cposix\nsystem\nX", [2, 0, 0, 0], "ls", 0x85, "R."), "posix.system");
  refused(bytes([0x80, 2], "c__builtin__\neval\nU", 1, "1", 0x85, "R."), "__builtin__.eval");
  refused(bytes([0x8c, 8], "builtins", [0x8c, 4], "exec", 0x93, "."), "builtins.exec");
  refused(bytes("ccopy_reg\n_reconstructor\n."), "copy_reg._reconstructor");
  refused(bytes("ccopyreg\n__newobj__\n."), "copyreg.__newobj__");
  refused(bytes("(ios\nsystem\n."), "os.system");
  refused(bytes("cdatetime\ntimezone\n."), "datetime.timezone");
  refused(bytes("cdatetime\ndatetime.__class__\n."), "datetime.datetime.__class__");
  refused(bytes("c__proto__\ntoString\n."), "__proto__.toString");
  refused(bytes("cm\x01\x7f\nn", [0xc3, 0xa9], "\n."), "m\\u0001\\u007f.n\\u00e9");
  const long = failure(bytes(`c${"m".repeat(5000)}\n${"n".repeat(5000)}\n.`));
  assert.ok(long.refused && long.message.length < 120, long.message);
});

Deno.test("pickle: calls of what may be named are refused with other arguments", () => {
  const datetime = "cdatetime\ndatetime\n";
  const getattr = "cbuiltins\ngetattr\n";
  refused(bytes(getattr, datetime, "U", 8, "fromtime", 0x86, "R."), "getattr");
  refused(bytes(getattr, getattr, "U", 8, "__self__", 0x86, "R."), "getattr");
  const state = [7, 234, 11, 24, 0, 13, 38, 12, 196, 94];
  refused(bytes(datetime, [0x43, 10], state, "U", 1, "x", 0x86, "R."), "time zone");
  failure(bytes(datetime, "(I2026\nI13\nI1\ntR."));
  failure(bytes(datetime, "(I2026\nI2\nI29\ntR."));
  failure(bytes(datetime, "(I2026\nI2\nF1.5\ntR."));
  failure(bytes(datetime, [0x43, 10], state.with(4, 24), 0x85, "R."));
  failure(bytes(datetime, [0x43, 9], state.slice(0, 9), 0x85, "R."));
  failure(bytes("cparsl.dataflow.states\nStates\n(S'running'\ntR."));
  failure(bytes("c_codecs\nencode\n(S'x'\nS'rot13'\ntR."));
  failure(bytes("cbuiltins\nbytearray\n(I1000000000\ntR."));
  failure(bytes("cbuiltins\nset\n(I5\ntR."));
  failure(bytes("I5\n(tR."));
});

Deno.test("pickle: objects, states, persistent ids, extensions and buffers are refused", () => {
  const names: [Uint8Array, string][] = [
    [bytes("Pid\n."), "persistent id"],
    [bytes("NQ."), "persistent id"],
    [bytes([0x82, 1], "."), "extension registry"],
    [bytes([0x83, 1, 0], "."), "extension registry"],
    [bytes([0x84, 1, 0, 0, 0], "."), "extension registry"],
    [bytes("}}b."), "state"],
    [bytes("cdatetime\ndatetime\n)}", 0x92, "."), "keywords"],
    [bytes([0x97], "."), "buffer"],
    [bytes("N", [0x98], "."), "buffer"],
  ];
  for (const [pickle, part] of names) refused(pickle, part);
});

Deno.test("pickle: a class is not data, wherever it is put", () => {
  const states = "cparsl.dataflow.states\nStates\n";
  const error = failure(bytes(`${states}.`));
  assert.ok(error.message.includes("where data is expected"), error.message);
  failure(bytes(`](${states}e.`));
  failure(bytes(`}(${states}Nu.`));
  failure(bytes(`}(N${states}u.`));
  failure(bytes(`(${states}t.`));
  failure(bytes(`(${states}I2\nd.`));
  // Called once, and once more from the memo into the list.
  failure(bytes(`](${states}p0\nI2\n`, 0x85, "Rg0\ne."));
  failure(bytes(`cbuiltins\nset\n](${states}e`, 0x85, "R."));
  // In the arguments of getattr, kept by the memo and used again.
  const getattr = `cbuiltins\ngetattr\n(${states}S'running'\ntp1\nR`;
  assert.deepStrictEqual(plain(decodePickle(bytes(getattr, "."))), {
    enum: ["States", 2, "running"],
  });
  failure(bytes(`](${getattr}g1\ne.`));
});

Deno.test("pickle: neither deep nesting nor what contains itself gets through", () => {
  const deep = (count: number) => bytes("]".repeat(count), "a".repeat(count - 1), ".");
  assert.deepStrictEqual(JSON.stringify(decodePickle(deep(64))), "[".repeat(64) + "]".repeat(64));
  assert.ok(failure(deep(65)).message.includes("deep"), "65 levels");
  failure(deep(50_000));
  failure(bytes("(".repeat(50_000), "t".repeat(50_000), "."));
  failure(bytes("]", 0x94, "h", 0, "a."));
  failure(bytes("]2a."));
  failure(bytes("}", 0x94, "Nh", 0, "s."));
  failure(bytes("]", 0x94, "(h", 0, "ta."));
});

Deno.test("pickle: bombs are malformed, before they unfold", () => {
  const started = performance.now();
  // Each list holds the one before it ten times: 10^50 values when unfolded.
  const tenfold: (string | number[])[] = ["]", [0x94], "0"];
  for (let i = 0; i < 50; i++) {
    tenfold.push("](", new Array(10).fill([0x68, i]).flat(), "e", [0x94], "0");
  }
  const bomb = failure(bytes(...tenfold, [0x68, 50], "."));
  assert.ok(bomb.message.includes("unfolds"), bomb.message);
  // One long list copied into many sets.
  const elements = new Array(20_000).fill(0x4e);
  const copy = [0x68, 0, 0x68, 1, 0x85, 0x52];
  const copies = new Array(5_000).fill(copy).flat();
  const many = bytes("](cbuiltins\nset\n", 0x94, "](", elements, "e", 0x94, copies, "e.");
  assert.ok(failure(many).message.includes("too many values"), "copies");
  failure(bytes("](", "}".repeat(150_000), "e."));
  failure(bytes("N".repeat(1_100_000), "."));
  failure(bytes("Nr", [255, 255, 255, 255], "."));
  failure(bytes("Np99999999999\n."));
  failure(bytes("Np-1\n."));
  failure(bytes("L", "9".repeat(60_000), "L\n."));
  failure(bytes("I", "9".repeat(60_000), "\n."));
  failure(bytes([0x8b, 0, 0x20, 0, 0], new Array(0x2000).fill(1), "."));
  failure(bytes([0x8d, 255, 255, 255, 255, 255, 255, 255, 127], "x."));
  failure(bytes([0x96, 255, 255, 255, 255, 0, 0, 0, 0], "x."));
  failure(bytes([0x95, 255, 0, 0, 0, 0, 0, 0, 0], "N."));
  // Unfolded, any of them would take hours or all of the memory.
  const took = performance.now() - started;
  assert.ok(took < PATIENCE, `${took} ms`);
});

Deno.test("pickle: the machine's rules", () => {
  for (
    const damaged of [
      "",
      ".",
      "N",
      "NN.",
      "(N.",
      "t.",
      "(a.",
      "N(a.",
      "Ne.",
      "(Ne.",
      "NNNs.",
      "}(Nu.",
      "}N.",
      "}(}Nu.",
      "(",
      "0.",
      "1.",
      "2.",
      "R.",
      "NR.",
      "N)R.",
      "(o.",
      "g0\n.",
      "p0\n.",
      "S'x\n.",
      "Sx\n.",
      "S'\\x1'\n.",
      "V\\u12\n.",
      "V\\Uffffffff\n.",
      "I1.5\n.",
      "I0x10\n.",
      "L\n.",
      "F1_0\n.",
      "Fabc\n.",
      "Z.",
      "N.N",
    ]
  ) failure(bytes(damaged));
  failure(bytes([0x80, 6], "N."));
  failure(bytes([0x93], "."));
  failure(bytes("NN", [0x93], "."));
  assert.deepStrictEqual(plain(decodePickle(bytes("(N1N."))), null);
  assert.deepStrictEqual(plain(decodePickle(bytes("(0I00\n."))), false);
  assert.deepStrictEqual(plain(decodePickle(bytes("I01\n."))), true);
  assert.deepStrictEqual(plain(decodePickle(bytes("I7\n2", 0x86, "."))), [7, 7]);
});

Deno.test("pickle: surrogates that stand alone are replaced", () => {
  assert.deepStrictEqual(
    plain(decodePickle(bytes([0x8c, 4], "a", [0xed, 0xa0, 0x80], "."))),
    "a\ufffd",
  );
  assert.deepStrictEqual(plain(decodePickle(bytes("Va\\ud800\n."))), "a\ufffd");
  assert.deepStrictEqual(plain(decodePickle(bytes([0x8c, 3, 0xef, 0xbb, 0xbf], "."))), "\ufeff");
  for (const damage of [[0xff], [0xc3], [0xed, 0xa0], [0xed, 0xc0, 0x80], [0xc0, 0x80]]) {
    const error = failure(bytes([0x8c, damage.length], damage, "."));
    assert.ok(error.message.includes("UTF-8"), error.message);
    failure(bytes("S'", damage, "'\n."));
  }
});

Deno.test("pickle: many in one file, and a decoder that goes on after an error", () => {
  const [first, second] = samples();
  const joined = new Uint8Array([...first.body, ...second.body]);
  assert.deepStrictEqual(plain([...decodePickles(joined)]), [
    plain(decodePickle(first.body)),
    plain(decodePickle(second.body)),
  ]);
  assert.deepStrictEqual([...decodePickles(new Uint8Array())], []);
  const decoder = new PickleDecoder();
  try {
    decoder.decode(first.body.subarray(0, 90));
    throw new Error("decoded");
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, String(error));
  }
  assert.deepStrictEqual(
    plain(decoder.decode(joined, first.body.length)),
    plain(decodePickle(second.body)),
  );
  assert.deepStrictEqual(decoder.end, joined.length);
});

const python = onPath("python3") ?? onPath("python");

Deno.test({
  name: "pickle: what Python pickles at every protocol is decoded to the same",
  ignore: python === null,
  async fn() {
    const script = new URL("../oracle/pickles.py", import.meta.url);
    const output = await new Deno.Command(python!, {
      args: ["-"],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const writer = output.stdin.getWriter();
    await writer.write(await Deno.readFile(script));
    await writer.close();
    const { stdout, success } = await output.output();
    assert.ok(success, "the oracle failed");
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    for (const line of lines) {
      const { protocol, optimized, hex, expected } = JSON.parse(line);
      const label = `protocol ${protocol}${optimized ? ", optimized" : ""}`;
      assert.deepStrictEqual(plain(decodePickle(Uint8Array.fromHex(hex))), expected, label);
    }
    assert.ok(lines.length > 500, `${lines.length} pickles`);
  },
});
