// The colours of tasks that are boxes of their own.

import assert from "node:assert/strict";
import { TaskBytes } from "../../picture/dag/tasks.ts";
import type { DagColour, DagTaskNode } from "../../model/dag/view.ts";
import { eventually } from "../support/eventually.ts";
import { smallView } from "./dag_views.ts";

/** An API that tells what it was asked for, with a byte per task. */
function asked(bytes: Record<string, number[]>) {
  const questions: string[] = [];
  return {
    questions,
    cells(group: string, colour: DagColour) {
      questions.push(`${group} ${colour}`);
      return Promise.resolve({ bytes: Uint8Array.from(bytes[group]), version: 1 });
    },
  };
}

const NO_LAYOUT = { boxes: new Map(), lines: [], width: 0, height: 0 };
const closed = (view = smallView()) => ({ view, opened: new Map() });
const nodesOf = (view = smallView()) => view.nodes as DagTaskNode[];

Deno.test("the bytes of all tasks of a graph are one question, told by the order of their ids", async () => {
  const api = asked({ "*": [10, 11, 12, 13] });
  let news = 0;
  const bytes = new TaskBytes(api, () => news++);
  const view = smallView();
  view.nodes.reverse();
  bytes.show(closed(view));
  assert.deepEqual(nodesOf().map((node) => bytes.of(node)), [0, 0, 0, 1], "apps are in the view");
  bytes.by("duration");
  assert.deepEqual(new Set(nodesOf().map((node) => bytes.of(node))), new Set([253]));
  await eventually(() => Promise.resolve(news === 1), "no answer");
  assert.deepEqual(nodesOf().map((node) => bytes.of(node)), [10, 11, 12, 13]);
  assert.deepEqual(api.questions, ["* duration"]);
});

Deno.test("news are asked for again, and what was known stays until they come", async () => {
  const answers = { "*": [10, 11, 12, 13] };
  const api = asked(answers);
  let news = 0;
  const bytes = new TaskBytes(api, () => news++);
  bytes.by("tries");
  bytes.show(closed());
  bytes.of(nodesOf()[0]);
  await eventually(() => Promise.resolve(news === 1), "no answer");
  answers["*"] = [20, 21, 22, 23];
  bytes.show(closed());
  assert.deepEqual(nodesOf().map((node) => bytes.of(node)), [10, 11, 12, 13]);
  await eventually(() => Promise.resolve(news === 2), "no second answer");
  assert.deepEqual(nodesOf().map((node) => bytes.of(node)), [20, 21, 22, 23]);
  assert.deepEqual(api.questions, ["* tries", "* tries"]);
});

Deno.test("the tasks of an opened group are asked for by it", async () => {
  const api = asked({ a: [1, 2, 3, 4] });
  let news = 0;
  const bytes = new TaskBytes(api, () => news++);
  bytes.by("host");
  const inside = { ...closed(), layout: NO_LAYOUT, plain: false, outer: [] };
  bytes.show({
    view: { ...smallView(), kind: "groups", nodes: [] },
    opened: new Map([["a", inside]]),
  });
  bytes.of(nodesOf()[0]);
  await eventually(() => Promise.resolve(news === 1), "no answer");
  assert.deepEqual(nodesOf().map((node) => bytes.of(node)), [1, 2, 3, 4]);
  assert.deepEqual(api.questions, ["a host"]);
});
