// What of a timeline is seen, and where it is.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BarStore } from "../../picture/timeline/bars.ts";
import { hostFacts } from "../../picture/timeline/draw.ts";
import { TimelineRows, TITLE_PX } from "../../picture/timeline/rows.ts";
import { checkedSpan, movedSpan, zoomedSpan } from "../../picture/timeline/span.ts";
import { readAddress, timelineHref } from "../../islands/timeline/address.ts";
import { Newest } from "../../islands/timeline/newest.ts";
import type { BarWindow } from "../../model/timeline/bars.ts";
import type { LaneHost } from "../../model/timeline/lanes.ts";
import { eventually } from "../support/eventually.ts";

function hosts(...lanes: number[]): LaneHost[] {
  let first = 0;
  return lanes.map((count, at) => {
    const host = {
      host: `node${at}`,
      executor: "htex",
      first,
      lanes: count,
      workers: [],
      most: count,
      tries: 10,
      failed: 0,
      busy: 5000,
      began: 0,
      ended: 10_000,
    };
    first += count;
    return host;
  });
}

Deno.test("timeline: each lane is where its top says, titles and gaps are no lanes", () => {
  for (const height of [3, 8, 18]) {
    const rows = new TimelineRows(hosts(3, 1, 40), height);
    assert.equal(rows.lane, height);
    for (let lane = 0; lane < 44; lane++) {
      const top = rows.laneTop(lane);
      assert.equal(rows.laneAt(top), lane);
      assert.equal(rows.laneAt(top + rows.lane - 0.01), lane);
    }
    for (let host = 0; host < 3; host++) {
      const top = rows.titleTop(host);
      assert.equal(rows.laneAt(top), undefined);
      assert.equal(rows.laneAt(top + TITLE_PX - 0.01), undefined);
      if (host > 0) assert.equal(rows.laneAt(top - 0.01), undefined);
    }
    assert.equal(rows.laneAt(-1), undefined);
    assert.equal(rows.laneAt(rows.height + 1), undefined);
  }
  assert.equal(new TimelineRows([], 3).laneAt(5), undefined);
});

Deno.test("timeline: lanes share the room, within limits, and grow with the detail", () => {
  const height = (of: LaneHost[], room: number, zoom = 1) =>
    new TimelineRows(of, TimelineRows.laneIn(of, room, zoom)).height;
  const few = hosts(2);
  assert.equal(height(few, 5000), TimelineRows.most(few));
  assert.equal(height(few, 5000, 100), TimelineRows.most(few));
  const some = hosts(20, 20);
  assert.ok(height(some, 400) <= 400 && height(some, 400) > 300);
  const many = hosts(2000);
  assert.ok(height(many, 400) > 2000);
  assert.ok(height(many, 400, 4) > 1.9 * height(many, 400));
  assert.equal(height(many, 400, 1e6), TimelineRows.most(many));
});

Deno.test("timeline: a place among rows is the same one when their height changes", () => {
  const [thin, thick] = [
    new TimelineRows(hosts(3, 1, 40), 3),
    new TimelineRows(hosts(3, 1, 40), 9),
  ];
  for (let lane = 0; lane < 44; lane++) {
    const place = thin.placeAt(thin.laneTop(lane) + 1);
    assert.equal(thin.yOf(place), thin.laneTop(lane) + 1);
    assert.equal(thick.laneAt(thick.yOf(place)), lane);
  }
  assert.equal(new TimelineRows([], 3).yOf(new TimelineRows([], 3).placeAt(7)), 7);
});

Deno.test("timeline: hosts and lanes that are seen are those between two heights", () => {
  const rows = new TimelineRows(hosts(5, 5, 5), 18);
  assert.deepEqual(rows.hostsIn(0, rows.height), [0, 3]);
  assert.deepEqual(rows.lanesIn(0, rows.height), [0, 15]);
  assert.deepEqual(rows.hostsIn(rows.titleTop(1), rows.titleTop(1) + 1), [1, 2]);
  const top = rows.laneTop(6);
  assert.deepEqual(rows.lanesIn(top + 1, top + rows.lane + 1), [6, 8]);
  assert.deepEqual(new TimelineRows([], 3).lanesIn(0, 50), [0, 0]);
});

Deno.test("timeline: spans move and zoom within the run", () => {
  const whole = { from: 1000, to: 11_000 };
  assert.deepEqual(movedSpan({ from: 2000, to: 3000 }, 500, whole), { from: 2500, to: 3500 });
  assert.deepEqual(movedSpan({ from: 2000, to: 3000 }, -5000, whole), { from: 1000, to: 2000 });
  assert.deepEqual(movedSpan({ from: 2000, to: 3000 }, 9e9, whole), { from: 10_000, to: 11_000 });
  assert.deepEqual(zoomedSpan(whole, 2, 6000, whole), { from: 3500, to: 8500 });
  assert.deepEqual(zoomedSpan({ from: 2000, to: 3000 }, 2, 2000, whole), { from: 2000, to: 2500 });
  assert.deepEqual(zoomedSpan({ from: 2000, to: 3000 }, 0.001, 2500, whole), whole);
  const { from, to } = zoomedSpan(whole, 1e9, 6000, whole);
  assert.ok(to - from > 1 && from <= 6000 && to >= 6000, `${from} to ${to}`);
  assert.deepEqual(checkedSpan({ from: 0, to: 5000 }, whole), { from: 1000, to: 5000 });
  assert.deepEqual(checkedSpan({ from: 50_000, to: 60_000 }, whole), whole);
});

Deno.test("timeline: an address says what is seen, and only what makes sense is taken from it", () => {
  const href = timelineHref("/workflow/x", {
    colour: "states",
    span: { from: 101_500, to: 160_000 },
  }, 100_000);
  assert.equal(href, "/workflow/x/timeline?colour=states&from=1.5&to=60");
  const params = new URL(href, "http://a").searchParams;
  assert.deepEqual(readAddress(params, 100_000), {
    colour: "states",
    span: { from: 101_500, to: 160_000 },
    task: undefined,
  });
  assert.equal(timelineHref("/workflow/x", { colour: "apps" }, 0), "/workflow/x/timeline");
  const odd = new URLSearchParams("colour=blue&from=x&to=5&task=-1");
  assert.deepEqual(readAddress(odd, 0), { colour: "apps", span: undefined, task: undefined });
  assert.equal(readAddress(new URLSearchParams("from=9&to=3"), 0).span, undefined);
  assert.equal(readAddress(new URLSearchParams("task=7"), 0).task, 7);
});

/** Lets time pass in which a store that wanted bars would have asked for them: another one does. */
async function turn(window: BarWindow): Promise<void> {
  let asked = 0;
  const store = new BarStore({ bars: () => Promise.resolve((asked++, [])) }, () => {});
  for (let version = 1; version <= 2; version++) {
    store.want({ ...window, from: window.from - 1e6 * version }, version);
    await eventually(() => Promise.resolve(asked === version), "not asked");
  }
  store.end();
}

Deno.test("timeline: bars are asked for with what lies around, and again when it does not do", async () => {
  const asked: BarWindow[] = [];
  const fails = { next: false };
  const store = new BarStore({
    bars(window) {
      asked.push(window);
      return fails.next ? Promise.reject(new Error("gone")) : Promise.resolve([]);
    },
  }, () => {});
  const seen = { from: 1000, to: 2000, first: 10, lanes: 20, columns: 500 };
  try {
    store.want(seen, 1);
    await eventually(() => Promise.resolve(store.current !== undefined), "no bars");
    const [{ from, to, first, lanes, columns }] = asked;
    assert.ok(from < 1000 && to > 2000 && first < 10 && first + lanes > 30);
    assert.equal(columns / (to - from), 0.5);
    store.want({ ...seen, from: 1100, to: 2100 }, 1);
    store.want({ ...seen, first: 12 }, 1);
    await turn(seen);
    assert.equal(asked.length, 1, "it has them");
    for (
      const [at, other] of [
        [1, { ...seen, from: 1100, to: 1300 }],
        [2, { ...seen, first: 80 }],
        [3, { ...seen, first: 80, from: 9000, to: 10_000 }],
      ] as const
    ) {
      store.want(other, 1);
      await eventually(
        () => Promise.resolve(asked.length === at + 1),
        `not asked for ${JSON.stringify(other)}`,
      );
      await eventually(() => Promise.resolve(store.current?.window === asked[at]), "not taken");
    }
    const last = store.current;
    store.want({ ...seen, first: 80, from: 9000, to: 10_000 }, 2);
    await eventually(
      () => Promise.resolve(store.current?.version === 2),
      "news of the run are not asked for",
    );
    assert.notEqual(store.current, last);
    fails.next = true;
    store.want(seen, 2);
    await eventually(() => Promise.resolve(asked.length === 6), "not asked");
    await turn(seen);
    assert.equal(asked.length, 6, "it asks again and again");
    fails.next = false;
    store.want(seen, 2);
    await eventually(
      () => Promise.resolve(store.current?.window === asked[6]),
      "not asked at the next move",
    );
  } finally {
    store.end();
  }
});

Deno.test("timeline: of many questions the last one is answered, one at a time", async () => {
  const newest = new Newest();
  let asking = 0;
  const answered: number[] = [];
  const ask = (n: number) =>
    newest.of(async () => {
      assert.equal(++asking, 1, "two at once");
      await sleep(5);
      asking--;
      answered.push(n);
      return n;
    });
  const answers = [1, 2, 3, 4].map(ask);
  assert.deepEqual(await Promise.all(answers), [undefined, undefined, undefined, 4]);
  assert.deepEqual(answered, [1, 4]);
  const forgotten = ask(5);
  newest.forget();
  assert.equal(await forgotten, undefined);
  assert.equal(await newest.of(() => Promise.reject(new Error("gone"))), undefined);
  assert.equal(await ask(6), 6);
});

Deno.test("timeline: a host's figures in words; its share is of the time from its first start", () => {
  const [host] = hosts(2);
  assert.deepEqual(hostFacts(host), ["htex", "10 tries", "2 at once", "25 % busy"]);
  assert.deepEqual(hostFacts({ ...host, executor: null, tries: 1, ended: 0 }), [
    "1 try",
    "2 at once",
  ]);
});
