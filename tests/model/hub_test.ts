import assert from "node:assert/strict";
import {
  lossFindings,
  quarantineFile,
  silence,
  standing,
  writerFinding,
} from "../../model/hub/findings.ts";
import { rates, type Sample, withSample } from "../../model/hub/rate.ts";
import { healthy, troubled } from "../support/hub_accounts.ts";

const NOW = 1_795_600_000_000;

function sample(second: number, received: number, changes: Partial<Sample> = {}): Sample {
  return { at: NOW + second * 1000, started: NOW, received, written: received / 2, ...changes };
}

function fed(...all: Sample[]): Sample[] {
  return all.reduce<Sample[]>((samples, next) => withSample(samples, next), []);
}

Deno.test("hub rate: unknown until two samples are there", () => {
  assert.deepStrictEqual(rates([]), { received: null, written: null, over: 0 });
  assert.deepStrictEqual(rates(fed(sample(0, 100))), { received: null, written: null, over: 0 });
});

Deno.test("hub rate: the mean of the last minute, not of all", () => {
  const samples = fed(sample(0, 0), sample(50, 100_000), sample(70, 100_400), sample(110, 100_600));
  assert.deepStrictEqual(samples.length, 3);
  assert.deepStrictEqual(rates(samples), { received: 10, written: 5, over: 60_000 });
});

Deno.test("hub rate: a hub started anew or a clock set back begins anew, never below zero", () => {
  const restarted = fed(sample(0, 500), sample(1, 0, { started: NOW + 900 }));
  assert.deepStrictEqual(rates(restarted).received, null);
  const setBack = fed(sample(10, 500), sample(3, 600));
  assert.deepStrictEqual(rates(setBack).received, null);
});

Deno.test("hub rate: the same moment twice is no division by zero", () => {
  assert.deepStrictEqual(rates(fed(sample(0, 10), sample(0, 20))).received, null);
  assert.deepStrictEqual(rates(fed(sample(0, 10), sample(1, 20), sample(1, 30))).received, 10);
});

Deno.test("hub findings: none for a healthy hub, each kind for a troubled one", () => {
  assert.deepStrictEqual(writerFinding(healthy(NOW)), null);
  assert.deepStrictEqual(lossFindings(healthy(NOW)), []);
  assert.deepStrictEqual(writerFinding(troubled(NOW))?.since, NOW - 123_000);
  assert.deepStrictEqual(lossFindings(troubled(NOW)).map((f) => [f.key, f.weight, f.count]), [
    ["kernelDrops", "lost", 12_345],
    ["dropped", "lost", 5],
    ["truncated", "lost", 1],
    ["badSignature", "lost", 13],
    ["quarantineFull", "lost", 3],
    ["quarantined", "held", 19],
    ["refused", "held", 2],
    ["turnedAway", "held", 42],
  ]);
  assert.deepStrictEqual(quarantineFile("/a/monitoring.db"), "/a/monitoring.db.quarantine.jsonl");
});

Deno.test("hub findings: drops that the system does not tell are no finding", () => {
  const accounts = healthy(NOW);
  accounts.udp.kernelDrops = null;
  assert.deepStrictEqual(lossFindings(accounts), []);
});

Deno.test("hub standing: receiving, waiting, or what holds the writer up", () => {
  const at = (accounts = healthy(NOW)) => standing({ at: NOW, zone: 0, accounts });
  assert.deepStrictEqual(at(), "receiving");
  const quiet = healthy(NOW - 60_000);
  assert.deepStrictEqual(at(quiet), "receiving", "messages wait in the queue");
  quiet.queue.messages = 0;
  assert.deepStrictEqual(at(quiet), "waiting");
  assert.deepStrictEqual(at(troubled(NOW)), "locked");
  const fresh = { ...quiet, runs: [] };
  assert.deepStrictEqual(at(fresh), "waiting");
  assert.deepStrictEqual(silence({ at: NOW, zone: 0, accounts: fresh }), null);
  assert.deepStrictEqual(silence({ at: NOW, zone: 0, accounts: healthy(NOW) }), 300);
});
