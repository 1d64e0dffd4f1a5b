// The list of failures on a run's summary: what it says, and that what one reads stays.

import { deepStrictEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { FailureList } from "../../components/failures/list.tsx";
import { failureOrder } from "../../components/failures/order.ts";
import { failureWords } from "../../components/failures/words.ts";
import { Reading } from "../../components/reading.ts";
import type { FailureGroup } from "../../model/figures/failures.ts";
import { Run } from "../../model/run/run.ts";
import { type RunHead, runHead } from "../../model/views/head.ts";
import { T0, workflowRow } from "../model/synthetic.ts";

function group(cause: string, news: Partial<FailureGroup> = {}): FailureGroup {
  return {
    cause,
    example: `text of ${cause}`,
    ...{ failed: 0, notRun: 0, open: 0, saved: 0, again: 0, tries: 1, merges: 1 },
    ...{ first: T0, apps: ["app"], hosts: ["n1"], moreHosts: 0, tasks: [1] },
    ...news,
  };
}

const HEAD = runHead(new Run(workflowRow()), T0);

function page(groups: FailureGroup[], news: Partial<RunHead> = {}, reading = false): string {
  return renderToString(
    <Reading.Provider value={reading}>
      <FailureList head={{ ...HEAD, ...news }} groups={groups} />
    </Reading.Provider>,
  );
}

const many = (count: number, saved = 0) => [
  ...Array.from(
    { length: count },
    (_, i) => group(`E: ${"abcdefghijklmnopqrst"[i]}`, { failed: count - i }),
  ),
  ...Array.from(
    { length: saved },
    (_, i) => group(`S: ${"abcdefghijklmnopqrst"[i]}`, { saved: 2 }),
  ),
];

Deno.test("failure list: the first five causes, all others a click away, those got over in one line", () => {
  const html = page(many(12, 3));
  const [top, more, saved] = html.split('<details class="more">');
  equal(top.match(/<tr/g)?.length, 6);
  match(more, /^<summary>7 more causes: 28 failed<\/summary>/);
  equal(more.match(/<tr/g)?.length, 8);
  match(saved, /^<summary>3 causes that no task failed of for good: 6 saved by a retry<\/summary>/);
  for (const { cause, example } of many(12, 3)) {
    match(html, new RegExp(`<code>${cause}</code>`));
    match(html, new RegExp(example));
  }
  doesNotMatch(html, / open/);
});

Deno.test("failure list: only a run that goes on may retry", () => {
  const groups = [group("E", { open: 3, failed: 1, notRun: 2, saved: 4, again: 1 })];
  match(page(groups, { status: "running" }), /<th scope="col" class="num">May be retried<\/th>/);
  for (const status of ["lost", "completed", "failed"] as const) {
    const html = page(groups, { status });
    match(html, /<th scope="col" class="num">Unfinished<\/th>/);
    doesNotMatch(html, /retried/);
  }
  equal(
    failureWords(groups[0], "lost"),
    "1 failed, 2 not run (dependency failed), 3 unfinished, 4 saved by a retry, " +
      "1 failed again, of another cause",
  );
});

Deno.test("failure list: numbers lead to the tasks that they count, the rest of them too", () => {
  const html = page([group("E: x & y", { failed: 30, notRun: 2, tasks: [1, 2] })]);
  const base = `/workflow/synthetic/task/\\?cause=E%3A\\+x\\+%26\\+y`;
  match(html, new RegExp(`<a href="${base}&amp;state=failed">30</a>`));
  match(html, new RegExp(`<a href="${base}&amp;state=dep_fail">2</a>`));
  match(html, new RegExp(`and <a href="${base}">30 more</a>`));
});

Deno.test("failure list: while the run is read no number is told", () => {
  const html = page(many(7, 1), {}, true);
  equal(html.match(/<td class="num">…<\/td>/g)?.length, 8 * 4);
  doesNotMatch(html, /saved by a retry:|\d+ failed/);
  match(html, /<summary>2 more causes<\/summary>/);
});

Deno.test("failure list: few causes are open from the start, and what merges others says so", () => {
  equal(page(many(3)).match(/<details[^>]* open/g)?.length, 3);
  equal(page(many(4)).match(/<details[^>]* open/g), null);
  match(page([group("other failures", { failed: 1, merges: 1234 })]), /\(1,234 causes\)/);
  doesNotMatch(page([group("no cause recorded", { failed: 1, example: "" })]), /<pre/);
});

Deno.test("failure order: while somebody reads, what is there stays and what is new comes after", () => {
  const before = failureOrder(many(3), null);
  deepStrictEqual([...before], [["E: a", "top"], ["E: b", "top"], ["E: c", "top"]]);
  const news = [
    group("N", { failed: 99 }),
    group("E: c", { failed: 9 }),
    group("E: a", { failed: 5 }),
    group("E: b", { saved: 1 }),
    ...["p", "q", "r"].map((cause) => group(cause, { failed: 1 })),
  ];
  deepStrictEqual([...failureOrder(news, before)], [
    ...[["E: a", "top"], ["E: b", "top"], ["E: c", "top"], ["N", "top"]],
    ...[["p", "top"], ["q", "top"], ["r", "more"]],
  ]);
  deepStrictEqual([...failureOrder(news, null)], [
    ...[["N", "top"], ["E: c", "top"], ["E: a", "top"], ["E: b", "saved"]],
    ...[["p", "top"], ["q", "top"], ["r", "more"]],
  ]);
});
