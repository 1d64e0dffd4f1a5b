// What somebody has recorded proves nothing: a client is who signs what is drawn for the connection.

import assert from "node:assert/strict";
import { Signer } from "../../hub/signing/signer.ts";
import { eventually } from "../support/eventually.ts";
import { helloOf, KEY, numbered, TestClient, text } from "./lane_client.ts";
import { withLane } from "./lane_hub.ts";

Deno.test("a recorded hello, and a recorded proof, displace nobody", () =>
  withLane({}, async (hub) => {
    // What an eavesdropper sees of the client's first connection.
    const eavesdropped = await TestClient.connect(hub.port);
    const hello = eavesdropped.framed(helloOf("a"));
    await eavesdropped.write(hello);
    eavesdropped.signer = eavesdropped.signer.of("a");
    const { challenge } = (await eavesdropped.receive())!;
    const proof = eavesdropped.framed(text({ proof: challenge }));
    const message = eavesdropped.framed(numbered(1, text("one")));
    await eavesdropped.write(proof);
    assert.equal((await eavesdropped.receive())?.acknowledged, 0);
    await eavesdropped.write(message);
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    for (const recorded of [[hello], [hello, proof], [hello, message], [hello, proof, message]]) {
      const attacker = await TestClient.connect(hub.port);
      for (const frame of recorded) await attacker.write(frame);
      attacker.signer = new Signer(KEY).of("a");
      const drawn = await attacker.receive();
      assert.ok(drawn?.challenge !== challenge, "the challenge is the same");
      assert.equal(drawn?.acknowledged, undefined, "it is told how far the client is");
      if (recorded.length > 1) assert.equal(await attacker.receive(), null, "it is not closed");
      attacker.close();
    }
    await eavesdropped.send(numbered(2, text("two")));
    await eventually(() => Promise.resolve(hub.taken.length === 2), "the client was displaced");
    eavesdropped.close();
  }));

Deno.test("a newer connection of a client wins as soon as it has proven itself, and no sooner", () =>
  withLane({}, async (hub) => {
    const old = await TestClient.hello(hub.port, "a");
    const newer = await TestClient.challenged(hub.port, "a");
    await old.client.message(1, "one");
    await eventually(() => Promise.resolve(hub.taken.length === 1), "a hello displaces it");
    await newer.client.send(text({ proof: newer.challenge }));
    assert.equal((await newer.client.receive())?.client, "a");
    assert.equal(await old.client.receive(), null, "the older one stays");
    for (const { client } of [old, newer]) client.close();
  }));

Deno.test("wrong proofs end the connection", () =>
  withLane({}, async (hub) => {
    const other = await TestClient.challenged(hub.port, "a");
    for (const proof of ["", "0".repeat(64), other.challenge, null, undefined, [1], 7]) {
      const { client } = await TestClient.challenged(hub.port, "a");
      await client.send(text({ proof }));
      assert.equal(await client.receive(), null, `${proof}`);
      client.close();
    }
    const { client, challenge } = await TestClient.challenged(hub.port, "a");
    client.signer = new Signer(KEY).of("b");
    await client.send(text({ proof: challenge }));
    assert.equal(await client.receive(), null, "another client's signature proves it");
    assert.equal(hub.counters.badSignature, 1);
    assert.equal(hub.asked, 0, "the database is asked for whoever says hello");
    for (const one of [client, other.client]) one.close();
  }));

Deno.test("the hub gives the nonce of the hello back, so that its answer is no recorded one", () =>
  withLane({}, async (hub) => {
    const client = await TestClient.connect(hub.port);
    await client.send(helloOf("a", "nonce-of-the-client"));
    client.signer = client.signer.of("a");
    const { challenge, ...rest } = (await client.receive())!;
    assert.deepEqual(rest, { hub: "1.2.3", client: "a", nonce: "nonce-of-the-client" });
    assert.match(challenge ?? "", /^[0-9a-f]{64}$/);
    client.close();
  }));

for (const [version, part] of [[1, "update the client"], [3, "update the hub"]] as const) {
  Deno.test(`a client of version ${version} is told to update, and nothing of it is taken`, () =>
    withLane({}, async (hub) => {
      const current = await TestClient.hello(hub.port, "a");
      const client = await TestClient.connect(hub.port);
      await client.send(text({ hello: version, client: "a", nonce: "n".repeat(32) }));
      client.signer = client.signer.of("a");
      const told = await client.receive();
      // Version 1 prints what stands in the place of the number, or passes over another's answer.
      assert.equal(told?.client, null);
      assert.ok(String(told?.acknowledged).includes(part), JSON.stringify(told));
      assert.equal(await client.receive(), null, "the connection stays");
      assert.ok(hub.reports.some((report) => report.includes(part)), hub.reports.join());
      await current.client.message(1, "one");
      await eventually(() => Promise.resolve(hub.taken.length === 1), "it is displaced");
      for (const one of [client, current.client]) one.close();
    }));
}
