import assert from "node:assert/strict";
import { Signer } from "../../hub/signing/signer.ts";
import { type Packet, PacketBatch, packets } from "../../hub/udp/packets.ts";
import { UdpCounters } from "../../hub/udp/counters.ts";
import { kernelDrops } from "../../hub/udp/kernel_drops.ts";
import type { DatagramBatch } from "../../hub/udp/pipeline.ts";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../hub/udp/receiver.ts";
import { SpillFile } from "../../hub/udp/spill_file.ts";
import { OpenFailure } from "../../hub/udp/transport.ts";
import { eventually } from "../support/eventually.ts";
import { createSocket, type Socket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";

const KEY = new TextEncoder().encode("a key of the tests");
const SIGNER = new Signer(KEY);
const LINUX = Deno.build.os === "linux";

function signed(body: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(SIGNER.size + body.length);
  datagram.set(SIGNER.sign(body));
  datagram.set(body, SIGNER.size);
  return datagram;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function send(socket: Socket, bytes: Uint8Array, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, port, address, (error) => error ? reject(error) : resolve());
  });
}

/** A receiver, a sender, and what the receiver posted. */
class Scene {
  readonly bodies: string[] = [];
  readonly froms: string[] = [];
  readonly batches: DatagramBatch[] = [];
  receiver!: Receiver;
  readonly #sender: Socket;

  private constructor(address: string) {
    this.#sender = createSocket(address.includes(":") ? "udp6" : "udp4");
  }

  static async open(options: Partial<ReceiverOptions> = {}): Promise<Scene> {
    const address = options.address ?? "127.0.0.1";
    const scene = new Scene(address);
    scene.receiver = await startReceiver({
      address,
      port: 0,
      key: KEY,
      digest: "sha512",
      allowUnsigned: false,
      spillPath: null,
      onBatch: (batch) => scene.#take(batch),
      ...options,
    });
    return scene;
  }

  #take(batch: DatagramBatch): void {
    this.batches.push(batch);
    const found: Packet[] = [...packets(batch.buffer)];
    assert.deepStrictEqual(found.length, batch.count, "the count of a batch");
    for (const { bytes, address, port } of found) {
      this.bodies.push(new TextDecoder().decode(bytes));
      this.froms.push(`${address.join(".")}:${port}`);
    }
  }

  send(bytes: Uint8Array): Promise<void> {
    return send(this.#sender, bytes, this.receiver.port, this.receiver.address);
  }

  get senderPort(): number {
    return this.#sender.address().port;
  }

  async received(count: number): Promise<void> {
    await eventually(
      () => Promise.resolve(this.receiver.counters().received >= count),
      `${count} datagrams were sent, ${this.receiver.counters().received} received`,
    );
    await eventually(
      () => Promise.resolve(this.receiver.counters().pendingRaw === 0),
      "datagrams stay unverified",
    );
  }

  async close(): Promise<void> {
    await this.receiver.stop();
    await new Promise<void>((resolve) => this.#sender.close(() => resolve()));
  }
}

for (const forcePlain of [false, true]) {
  const path = forcePlain ? "listenDatagram" : "recvmmsg";
  const tuning = { forcePlain };
  const ignore = !forcePlain && !LINUX;

  Deno.test(`udp, ${path}: bodies without signatures, in order, with their senders`, {
    ignore,
  }, async () => {
    const scene = await Scene.open({ tuning });
    assert.deepStrictEqual(scene.receiver.path, path);
    assert.ok(scene.receiver.port > 0, "no port");
    const before = Date.now();
    let bytes = 0;
    for (let i = 0; i < 100; i++) {
      const datagram = signed(text(`message ${i}`));
      bytes += datagram.length;
      await scene.send(datagram);
    }
    await scene.received(100);
    const from = `127.0.0.1:${scene.senderPort}`;
    await scene.close();
    assert.deepStrictEqual(scene.bodies, Array.from({ length: 100 }, (_, i) => `message ${i}`));
    assert.deepStrictEqual([...new Set(scene.froms)], [from]);
    const counts = scene.receiver.counters();
    assert.deepStrictEqual([counts.received, counts.accepted, counts.bytes], [100, 100, bytes]);
    assert.deepStrictEqual(counts.posted, counts.consumed);
    for (const { at } of scene.batches) {
      assert.ok(at >= before - 1 && at <= Date.now(), `a batch came at ${at}`);
    }
  });

  Deno.test(`udp, ${path}: the longest datagram there can be`, { ignore }, async () => {
    const scene = await Scene.open({ tuning });
    const body = "x".repeat(65_507 - SIGNER.size - 1) + "y";
    await scene.send(signed(text(body)));
    await scene.send(signed(text("short")));
    await scene.received(2);
    await scene.close();
    assert.deepStrictEqual(scene.bodies.map((found) => found.length), [body.length, 5]);
    assert.ok(scene.bodies[0] === body, "the long body is another");
    assert.deepStrictEqual(scene.receiver.counters().truncated, 0);
  });

  Deno.test(`udp, ${path}: what is not signed with the key is counted, never posted`, {
    ignore,
  }, async () => {
    const scene = await Scene.open({ tuning });
    const wrong = signed(text("wrong"));
    wrong[3] ^= 1;
    await scene.send(wrong);
    await scene.send(text("{}"));
    await scene.send(new Uint8Array(0));
    await scene.send(SIGNER.sign(new Uint8Array(0)));
    await scene.send(signed(text("right")));
    await scene.received(5);
    await scene.close();
    assert.deepStrictEqual(scene.bodies, ["right"]);
    assert.deepStrictEqual(scene.receiver.counters().badSignature, 4);
  });

  Deno.test(`udp, ${path}: unsigned datagrams only when allowed`, { ignore }, async () => {
    const scene = await Scene.open({ tuning, allowUnsigned: true });
    await scene.send(text('{"type":"TASK_INFO"}'));
    await scene.send(text("neither signed nor a message"));
    await scene.send(signed(text("signed")));
    await scene.received(3);
    await scene.close();
    assert.deepStrictEqual(scene.bodies, ['{"type":"TASK_INFO"}', "signed"]);
    assert.deepStrictEqual(scene.receiver.counters().badSignature, 1);
  });

  Deno.test(`udp, ${path}: a port in use and a foreign address are told`, { ignore }, async () => {
    const scene = await Scene.open({ tuning });
    const reasonOf = async (address: string, port: number): Promise<string> => {
      try {
        const other = await Scene.open({ tuning, address, port });
        await other.close();
        return "opened";
      } catch (error) {
        assert.ok(error instanceof OpenFailure, `another error: ${error}`);
        return `${error.reason}: ${error.message}`;
      }
    };
    const { port } = scene.receiver;
    assert.deepStrictEqual(
      await reasonOf("127.0.0.1", port),
      `in-use: UDP port ${port} of 127.0.0.1 is in use by another program`,
    );
    assert.deepStrictEqual(
      await reasonOf("192.0.2.1", 0),
      "address: 192.0.2.1 is not an address of this machine",
    );
    assert.deepStrictEqual(
      await reasonOf("nowhere", 0),
      "address: nowhere is not an address of this machine",
    );
    await scene.close();
  });

  Deno.test(`udp, ${path}: IPv6`, { ignore: ignore || !hasIpv6() }, async () => {
    const scene = await Scene.open({ tuning, address: "::1" });
    await scene.send(signed(text("six")));
    await scene.received(1);
    const from = `${[...new Array<number>(15).fill(0), 1].join(".")}:${scene.senderPort}`;
    assert.deepStrictEqual(kernelDrops("::1", scene.receiver.port), LINUX ? 0 : null);
    await scene.close();
    assert.deepStrictEqual([scene.bodies, scene.froms], [["six"], [from]]);
  });

  Deno.test(`udp, ${path}: a stop takes what is in the socket and frees the port`, {
    ignore,
  }, async () => {
    const scene = await Scene.open({ tuning });
    const { port } = scene.receiver;
    const sending = Array.from({ length: 50 }, (_, i) => scene.send(signed(text(`${i}`))));
    const stopped = scene.receiver.stop();
    await Promise.all(sending);
    await stopped;
    assert.deepStrictEqual(scene.bodies.length, 50);
    const again = await Scene.open({ tuning, port });
    assert.deepStrictEqual(again.receiver.port, port);
    await again.close();
    await scene.close();
  });

  Deno.test(`udp, ${path}: of a burst every datagram is received or counted by the kernel`, {
    ignore: !LINUX,
  }, async () => {
    const scene = await Scene.open({ tuning });
    const { address, port } = scene.receiver;
    const datagram = signed(text("z".repeat(356)));
    const total = 20_000;
    for (let i = 0; i < total; i += 100) {
      await Promise.all(Array.from({ length: 100 }, () => scene.send(datagram)));
    }
    const sum = () => scene.receiver.counters().received + kernelDrops(address, port)!;
    await eventually(
      () => Promise.resolve(sum() === total),
      `${total} sent, ${sum()} received or dropped`,
    );
    const drops = kernelDrops(address, port)!;
    assert.equal(scene.receiver.drops(), drops, "the socket tells of other drops than the table");
    await scene.close();
    assert.deepStrictEqual(scene.bodies.length, total - drops);
    assert.deepStrictEqual(scene.receiver.counters().accepted, total - drops);
    // Enough for the whole burst, whoever else uses the machine.
    const holdsAll = (scene.receiver.buffer ?? 0) >= 2 ** 26;
    if (holdsAll) assert.deepStrictEqual(drops, 0, "dropped by the kernel");
  });
}

function hasIpv6(): boolean {
  return Deno.networkInterfaces().some((one) => one.address === "::1");
}

Deno.test("udp: the kernel's truncation is seen", { ignore: !LINUX }, async () => {
  const scene = await Scene.open({ tuning: { slotBytes: 200 } });
  const whole = signed(text("w".repeat(200 - SIGNER.size)));
  await scene.send(whole);
  await scene.send(signed(text("w".repeat(201 - SIGNER.size))));
  await scene.received(2);
  await scene.close();
  assert.deepStrictEqual(scene.bodies.map((body) => body.length), [200 - SIGNER.size]);
  const { truncated, badSignature } = scene.receiver.counters();
  assert.deepStrictEqual([truncated, badSignature], [1, 0]);
});

Deno.test("udp: the receive buffer is larger than the system's default", {
  ignore: !LINUX,
}, async () => {
  const fallback = Number(Deno.readTextFileSync("/proc/sys/net/core/rmem_default"));
  const most = Number(Deno.readTextFileSync("/proc/sys/net/core/rmem_max"));
  const scene = await Scene.open({ tuning: { forceBuffer: false } });
  await scene.close();
  const buffer = scene.receiver.buffer!;
  // The kernel grants twice what is asked for, up to twice its limit.
  assert.deepStrictEqual(buffer, Math.min(2 * most, 2 * 64 * 2 ** 20));
  assert.ok(most < fallback || buffer >= fallback, `${buffer} is less than ${fallback}`);
});

Deno.test("udp: batches go straight to the port that was given", async () => {
  const { port1, port2 } = new MessageChannel();
  const bodies: string[] = [];
  const counters = new UdpCounters();
  port2.onmessage = ({ data }: MessageEvent<DatagramBatch>) => {
    for (const { bytes } of packets(data.buffer)) bodies.push(new TextDecoder().decode(bytes));
    counters.consume(data.buffer.byteLength);
  };
  let seen = 0;
  const scene = await Scene.open({ to: port1, counters, onBatch: () => void seen++ });
  await scene.send(signed(text("first")));
  await scene.received(1);
  await eventually(() => Promise.resolve(bodies.length === 1), "no batch at the port");
  await scene.send(signed(text("last")));
  await scene.close();
  await eventually(
    () => Promise.resolve(counters.get("posted") === counters.get("consumed")),
    "the last batch was lost",
  );
  port2.close();
  assert.deepStrictEqual(bodies, ["first", "last"]);
  assert.deepStrictEqual(seen, 0, "batches at the main thread");
});

Deno.test("udp: a consumer that is behind gets no more until it catches up", async () => {
  const folder = await Deno.makeTempDir();
  const { port1, port2 } = new MessageChannel();
  const counters = new UdpCounters();
  const bodies: string[] = [];
  port2.onmessage = ({ data }: MessageEvent<DatagramBatch>) => {
    for (const { bytes } of packets(data.buffer)) bodies.push(new TextDecoder().decode(bytes));
  };
  const scene = await Scene.open({
    to: port1,
    counters,
    creditLimit: 1,
    memoryLimit: 400_000,
    spillPath: `${folder}/spill`,
  });
  const names = Array.from({ length: 3000 }, (_, i) => `${i} ${"-".repeat(300)}`);
  await scene.send(signed(text(names[0])));
  await eventually(() => Promise.resolve(bodies.length === 1), "the first batch did not come");
  for (const name of names.slice(1)) await scene.send(signed(text(name)));
  await eventually(
    () => Promise.resolve(counters.get("received") === names.length),
    "not all were received",
  );
  await eventually(
    () => Promise.resolve(counters.get("spilledBytes") > 0),
    "nothing was spilled",
  );
  const behind = counters.counts();
  assert.ok(bodies.length === 1, `${bodies.length} came without credit`);
  assert.deepStrictEqual(behind.pendingRaw, names.length - 1);
  assert.ok(behind.pendingBytes <= 400_000 + 2 ** 18, `${behind.pendingBytes} bytes in memory`);
  const consuming = setInterval(() => {
    counters.consume(counters.get("posted") - counters.get("consumed"));
  }, 5);
  await scene.close();
  await eventually(() => Promise.resolve(bodies.length === names.length), "not all came");
  clearInterval(consuming);
  port2.close();
  assert.ok(bodies.every((body, i) => body === names[i]), "the order is another");
  assert.deepStrictEqual([...Deno.readDirSync(folder)].length, 0, "the spill file is still there");
  assert.deepStrictEqual(counters.get("dropped"), 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("udp: what a dead consumer left comes after a restart, verified", async () => {
  const folder = await Deno.makeTempDir();
  const spillPath = `${folder}/spill`;
  const { port1, port2 } = new MessageChannel();
  const scene = await Scene.open({ to: port1, creditLimit: 1, spillPath });
  await scene.send(signed(text("posted")));
  await scene.received(1);
  await scene.send(signed(text("kept")));
  await scene.send(text("not signed"));
  await eventually(
    () => {
      const { pendingRaw, badSignature } = scene.receiver.counters();
      return Promise.resolve(pendingRaw === 1 && badSignature === 1);
    },
    "what is not signed is kept",
  );
  await scene.close();
  port2.close();
  assert.ok((await Deno.stat(spillPath)).size > 0, "nothing was kept");
  const next = await Scene.open({ spillPath });
  await eventually(() => Promise.resolve(next.bodies.length === 1), "nothing came again");
  await next.close();
  assert.deepStrictEqual(next.bodies, ["kept"]);
  assert.deepStrictEqual(next.receiver.counters().badSignature, 0);
});

Deno.test("udp: a spill file of a hub up to 0.1 is taken, each datagram of it verified", async () => {
  const folder = await Deno.makeTempDir();
  const spillPath = `${folder}/spill`;
  const batch = new PacketBatch();
  for (const bytes of [signed(text("old")), text("forged"), signed(text("too"))]) {
    batch.add(bytes, 7, new Uint8Array([10, 0, 0, 1]), false);
  }
  const old = new SpillFile(spillPath, { limit: 1e6, seal: null });
  old.push({ buffer: batch.take(), count: 3, at: Date.now() });
  old.close();
  const scene = await Scene.open({ spillPath });
  await eventually(() => Promise.resolve(scene.bodies.length === 2), "not all came");
  await scene.close();
  assert.deepStrictEqual([scene.bodies, scene.froms], [
    ["old", "too"],
    ["10.0.0.1:7", "10.0.0.1:7"],
  ]);
  assert.deepStrictEqual(scene.receiver.counters().badSignature, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("udp: what is not signed takes neither memory nor disk while nothing is consumed", async () => {
  const folder = await Deno.makeTempDir();
  const { port1, port2 } = new MessageChannel();
  const bodies: string[] = [];
  port2.onmessage = ({ data }: MessageEvent<DatagramBatch>) => {
    for (const { bytes } of packets(data.buffer)) bodies.push(new TextDecoder().decode(bytes));
  };
  const counters = new UdpCounters();
  const scene = await Scene.open({
    to: port1,
    counters,
    creditLimit: 1,
    rawLimit: 2 ** 18,
    memoryLimit: 0,
    spillPath: `${folder}/spill`,
    spillLimit: 100_000,
  });
  await scene.send(signed(text("first")));
  await eventually(() => Promise.resolve(bodies.length === 1), "the first did not come");
  const wrong = new Uint8Array(30_000);
  for (let i = 0; i < 500; i++) {
    await scene.send(wrong);
    if (i % 50 === 0) await scene.send(signed(text(`good ${i}`)));
    await eventually(
      () => Promise.resolve(counters.get("pendingBytes") < 2 ** 20),
      "what is not verified piles up",
    );
  }
  await eventually(
    () =>
      Promise.resolve(counters.get("badSignature") === 500 && counters.get("pendingRaw") === 10),
    "not all were verified",
  );
  const files = [...Deno.readDirSync(folder)].map(({ name }) => Deno.statSync(`${folder}/${name}`));
  assert.ok(files.every(({ size }) => size < 10_000), "wrong ones are on disk");
  counters.consume(1e9);
  await eventually(() => Promise.resolve(bodies.length === 11), "good ones are lost");
  await scene.close();
  port2.close();
  assert.deepStrictEqual(counters.get("dropped"), 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("udp: without the permission to call the C library Deno's own API is used", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("../../hub/udp/receiver.ts", import.meta.url).href;
  await Deno.writeTextFile(
    script,
    `import { startReceiver } from ${JSON.stringify(module)};
    const receiver = await startReceiver({
      address: "127.0.0.1", port: 0, key: null, digest: "sha512", allowUnsigned: true, spillPath: null,
    });
    console.log(receiver.path, receiver.buffer);
    await receiver.stop();`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--unstable-net", "--allow-net", "--allow-read", script],
  }).output();
  const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.deepStrictEqual(said.trim(), "listenDatagram null", complained);
  await Deno.remove(script);
});

Deno.test("udp: an idle receiver costs next to nothing", { ignore: !LINUX }, async () => {
  const ticks = () => {
    const stat = Deno.readTextFileSync("/proc/self/stat").split(") ")[1].split(" ");
    return Number(stat[11]) + Number(stat[12]);
  };
  const scene = await Scene.open();
  await sleep(1500);
  const before = ticks();
  await sleep(3000);
  const used = ticks() - before;
  await scene.close();
  // A tick is 10 ms; a loop that spins would use 300 of them.
  assert.ok(used <= 100, `${used * 10} ms of CPU in 3 s`);
});
