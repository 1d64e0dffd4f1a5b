import assert from "node:assert/strict";
import { DIGESTS, looksUnsigned, Signer } from "../../hub/signing/signer.ts";
import { type Packet, PacketBatch, packets } from "../../hub/udp/packets.ts";
import { seeded } from "./random.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

Deno.test("signatures are the HMACs of RFC 4231 and RFC 2202", () => {
  const key = utf8("Jefe");
  const body = utf8("what do ya want for nothing?");
  const known = {
    md5: "750c783e6ab0b503eaa86e310a5db738",
    sha1: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    sha224: "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
    sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554" +
      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  } as const;
  for (const [digest, hex] of Object.entries(known)) {
    const signer = new Signer(key, digest as keyof typeof known);
    assert.deepStrictEqual(new Uint8Array(signer.sign(body)).toHex(), hex, digest);
    assert.deepStrictEqual(signer.size, hex.length / 2);
  }
});

Deno.test("a signed frame opens with the same key and digest only", () => {
  const body = utf8("a message");
  for (const digest of Object.keys(DIGESTS) as (keyof typeof DIGESTS)[]) {
    const signer = new Signer(utf8("the key"), digest);
    const frame = joined(signer.sign(body), body);
    assert.deepStrictEqual(new TextDecoder().decode(signer.open(frame)!), "a message");
    assert.deepStrictEqual(new Signer(utf8("the kez"), digest).open(frame), null);
    for (const other of Object.keys(DIGESTS) as (keyof typeof DIGESTS)[]) {
      if (other === digest) continue;
      assert.deepStrictEqual(
        new Signer(utf8("the key"), other).open(frame),
        null,
        `${digest} ${other}`,
      );
    }
  }
});

Deno.test("a change of any one bit, and a cut at any place, is found out", () => {
  const signer = new Signer(utf8("the key"), "sha256");
  const frame = joined(signer.sign(utf8("body")), utf8("body"));
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const changed = frame.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    assert.deepStrictEqual(signer.open(changed), null, `bit ${bit}`);
  }
  for (let length = 0; length < frame.length; length++) {
    assert.deepStrictEqual(signer.open(frame.subarray(0, length)), null, `cut at ${length}`);
  }
  assert.deepStrictEqual(signer.open(signer.sign(new Uint8Array())), null, "an empty body");
});

Deno.test("a frame inside a larger buffer opens", () => {
  const signer = new Signer(utf8("the key"));
  const frame = joined(utf8("before"), signer.sign(utf8("body")), utf8("body"), utf8("after"));
  const body = signer.open(frame.subarray(6, frame.length - 5));
  assert.deepStrictEqual(new TextDecoder().decode(body!), "body");
});

Deno.test("pickles of all protocols and JSON look unsigned", () => {
  const beginnings = ["8002", "8003", "8004", "8005", "286470", "7b22", "7d71", "63706172"];
  for (const hex of beginnings) assert.ok(looksUnsigned(Uint8Array.fromHex(hex)), hex);
  for (const hex of ["", "00", "80", "8001", "8006", "ff80", "0a7b"]) {
    assert.ok(!looksUnsigned(Uint8Array.fromHex(hex)), hex);
  }
});

Deno.test("datagrams come out of a batch as they went in", () => {
  const random = seeded(3);
  const batch = new PacketBatch(1000);
  for (let round = 0; round < 3; round++) {
    const given: Packet[] = Array.from({ length: 200 }, () => ({
      bytes: new Uint8Array(random([1, 500, 65_508][random(3)])).map(() => random(256)),
      port: random(65_536),
      address: new Uint8Array(random(2) === 0 ? 4 : 16).map(() => random(256)),
      truncated: random(2) === 0,
    }));
    for (const { bytes, port, address, truncated } of given) {
      batch.add(bytes, port, address, truncated);
    }
    assert.deepStrictEqual(batch.count, given.length);
    const size = batch.byteLength;
    const buffer = batch.take();
    assert.deepStrictEqual([buffer.byteLength, batch.count, batch.byteLength], [size, 0, 0]);
    const found = [...packets(buffer)];
    assert.deepStrictEqual(found.length, given.length);
    const plain = ({ bytes, address, port, truncated }: Packet) =>
      `${port} ${address.toHex()} ${truncated} ${bytes.toHex()}`;
    for (let i = 0; i < given.length; i++) {
      assert.ok(plain(found[i]) === plain(given[i]), `datagram ${i} of round ${round} differs`);
    }
  }
});

Deno.test("an empty batch and empty datagrams", () => {
  const batch = new PacketBatch();
  assert.deepStrictEqual([...packets(batch.take())].length, 0);
  batch.add(new Uint8Array(), 1, new Uint8Array(4), false);
  batch.add(new Uint8Array(), 2, new Uint8Array(4), true);
  const found = [...packets(batch.take())];
  assert.deepStrictEqual(
    found.map(({ bytes, port, truncated }) => [bytes.length, port, truncated]),
    [
      [0, 1, false],
      [0, 2, true],
    ],
  );
});

Deno.test("a taken batch is not changed by what comes later", () => {
  const batch = new PacketBatch();
  batch.add(utf8("first"), 1, new Uint8Array(4), false);
  const buffer = batch.take();
  batch.add(utf8("other"), 2, new Uint8Array(4), false);
  assert.deepStrictEqual(new TextDecoder().decode([...packets(buffer)][0].bytes), "first");
});
