import assert from "node:assert/strict";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { HubAccounts } from "../../components/hub/accounts.tsx";
import { perSecond } from "../../components/hub/figures.tsx";
import type { Accounts } from "../../model/hub/accounts.ts";
import { healthy, troubled } from "../support/hub_accounts.ts";

const NOW = Date.UTC(2026, 10, 25, 10, 0, 0);
const RATES = { received: null, written: null, over: 0 };

/** The page's text as a reader sees it, with the host's clock an hour ahead of UTC. */
function shown(accounts: Accounts, linked = true): string {
  const snapshot = { at: NOW, zone: 3_600_000, accounts };
  return renderToString(h(HubAccounts, { snapshot, rates: RATES, linked }))
    .replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

function holds(text: string, ...parts: string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `lacks "${part}": ${text}`);
}

Deno.test("a rate is rounded, and what is little is not nothing", () => {
  assert.deepStrictEqual(
    [null, 0, 0.01, 0.3, 99.94, 99.97, 1234.56].map(perSecond),
    ["–", "0 /s", "<0.1 /s", "0.3 /s", "99.9 /s", "100 /s", "1,235 /s"],
  );
});

Deno.test("nothing is said to be lost only where all losses are known", () => {
  holds(shown(healthy(NOW)), "Nothing was lost");
  const unknown = healthy(NOW);
  unknown.udp.kernelDrops = null;
  assert.ok(!shown(unknown).includes("Nothing was lost"), "more is said than is known");
  holds(shown(unknown), "No loss seen", "Kernel drops –");
  const aside = healthy(NOW);
  aside.messages.malformed = aside.messages.quarantined = 1;
  holds(
    shown(aside),
    "Nothing was lost, some was put aside",
    "1 message was put aside: 1 could not be understood",
    "monitoring.db.quarantine.jsonl",
  );
});

Deno.test("a writer that is held up says since when, and that nothing is lost while that is so", () => {
  const accounts = { ...healthy(NOW), writer: troubled(NOW).writer };
  holds(shown(accounts), "locked the database since 10:57:57 (2 m 03 s)", "Nothing is lost");
  accounts.writer.state = "full";
  holds(shown(accounts), "The disk of the database is full since", "Nothing is lost");
  accounts.writer.state = "failing";
  holds(shown(accounts), "The database cannot be written since", "database is locked (5)");
  accounts.queue.dropped = 1;
  assert.ok(!shown(accounts).includes("Nothing is lost"), "dropped datagrams are lost");
  holds(shown(accounts), "1 datagram found no room");
});

Deno.test("kernel drops name the setting that helps", () => {
  const accounts = healthy(NOW);
  accounts.udp = { ...accounts.udp, kernelDrops: 1, buffer: 425_984 };
  holds(
    shown(accounts),
    "The kernel dropped 1 datagram:",
    "Raise net.core.rmem_max (now granted 416 KiB)",
    "sysctl -w net.core.rmem_max=67108864",
  );
  accounts.udp = { ...accounts.udp, buffer: 128 * 1024 * 1024 };
  assert.ok(!shown(accounts).includes("sysctl"), "a setting that would not help");
  accounts.udp = { ...accounts.udp, path: "listenDatagram", buffer: null };
  holds(shown(accounts), "Raise net.core.rmem_default and restart the hub");
});

Deno.test("a bad signature names the key, and older Parsls where they may be the cause", () => {
  const accounts = healthy(NOW);
  accounts.udp.badSignature = 2;
  holds(
    shown(accounts),
    "2 datagrams with a bad signature were not taken",
    "/home/ada/climate/runinfo/monitoring.db.key",
    "--allow-unsigned",
  );
  accounts.udp.badSignature = 0;
  accounts.lane.badSignature = 1;
  holds(shown(accounts), "1 frame with a bad signature was not taken");
  assert.ok(!shown(accounts).includes("--allow-unsigned"), "the lane is always signed");
});
