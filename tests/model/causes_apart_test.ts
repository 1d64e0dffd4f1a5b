// Which failures are of one cause, and which are not.

import { deepStrictEqual, equal } from "node:assert/strict";
import { causeOf } from "../../model/cause/fail_history.ts";
import { seeded } from "./synthetic.ts";

/** What makes no difference: within each list, all are one cause. */
const SAME: string[][] = [
  [
    "E('1 file is missing')",
    "E('2 files are missing')".replace("are", "is"),
    'E("12 files is missing")',
  ],
  [
    "E('tried to allocate 512.00 MiB')",
    "E('tried to allocate 2.50GiB')",
    "E('tried to allocate 7 B')",
  ],
  ["E('after 3 s')", "E('after 2.5 minutes')", "E('after 12ms')"],
  ["E('at 2025-11-05 10:01:00')", "E('at 2024-01-31T23:59:59.123456+00:00')"],
  ["E('on Wed Nov 5 10:01:00 2025')", "E('on Mon Jan 31 23:59:59 2022')"],
  ["E('took 0:03:12')", "E('took 1 day, 2:03:04.5')"],
  ["E('ids [1, 2, 3]')", "E('ids [4]')"],
  ["E('peer 10.0.0.1:8080 gone')", "E('peer 192.168.12.200:80 gone')"],
  ["E('node fe80:0:0:0:1:2:3:4 gone')", "E('node 2001:db8:0:1:1:1:1:1 gone')"],
  ["E('loss -1.5e-7')", "E('loss 3')", "E('loss 1,234,567')"],
  ["E('id 3f2a9b1c')", "E('id deadbeef')", "E('id 12345678')"],
  ["E('no 3f2a9b1c-1111-2222-3333-444455556666')", "E('no ffffffff-abcd-ef01-2345-6789abcdef01')"],
  ["E(b'\\x00abc', 'x')", "E(b'def\\'g', 'x')"],
  ["E('/a/b/c.txt')", "E('/long/other path/d_7.txt')", "E('C:\\\\data\\\\x.txt')"],
  ["E({'b', 'a'})", "E({'a', 'b'})"],
  ["E('tmpab12cd9x')", "E('tmpk_qwerty')"],
];

/** What tells causes apart: all of these are different, from each other and from all others. */
const APART: string[] = [
  ...[1, 2, 3, 126, 127, 137, 139, -9].map((code) => `BashExitFailure('f', ${code})`),
  ...["BashExitFailure('g', 3)", "E('exit code 3')", "E('exit code 4')", "E('signal 9')"],
  ...[
    "E('signal 15')",
    "E('[Errno 13] x')",
    "E('[Errno 2] x')",
    "OSError(2, 'x')",
    "OSError(13, 'x')",
  ],
  ...["E('HTTP Error 404: x')", "E('HTTP Error 503: x')", "E('returncode=2')", "E('returncode=3')"],
  ...[
    "KeyError('alice')",
    "KeyError('bob')",
    "ValueError('alice')",
    "E('/a/b.nc')",
    "E('/a/b.csv')",
  ],
  ...["E('cannot cast float64')", "E('cannot cast float32')", "E('x')", "E('y')", "E('x', 'y')"],
  `E('${"x y ".repeat(2000)}a')`,
  `E('${"x y ".repeat(2000)}b')`,
  ...["JoinError([(E('p'), 'task 1')], 2)", "JoinError([(E('q'), 'task 1')], 2)"],
  ...["DependencyError([(E('p'), 'task 1')], 2)", "ManagerLost(b'1', 'n')", "WorkerLost(1, 'n')"],
  `DependencyError([${"abcdefg".split("").map((c) => `(E('${c}'), 'task 1')`).join(", ")}], 2)`,
  `DependencyError([${"abcdefh".split("").map((c) => `(E('${c}'), 'task 1')`).join(", ")}], 2)`,
];

Deno.test("causes: what differs from task to task makes no other cause", () => {
  for (const texts of SAME) {
    deepStrictEqual(
      [...new Set(texts.map((text) => causeOf(text).key))].length,
      1,
      texts.join("\n"),
    );
  }
});

Deno.test("causes: what tells them apart makes another", () => {
  const seen = new Map<string, string>();
  for (const text of [...APART, ...SAME.map(([first]) => first)]) {
    const { key } = causeOf(text);
    equal(seen.get(key), undefined, `${text} and ${seen.get(key)}`);
    seen.set(key, text);
  }
});

/** What takes the place of a mark in a text that programs write again and again. */
const VARYING: Record<string, (random: () => number) => string> = {
  "%d": (random) => String(whole(random, 10 ** whole(random, 9))),
  "%f": (random) => (random() * 10 ** (whole(random, 9) - 4)).toPrecision(1 + whole(random, 6)),
  "%x": (random) => hex(random, 8 + whole(random, 25)),
  "%p": (random) => `0x7f${hex(random, 10)}`,
  "%u": (random) => [8, 4, 4, 4, 12].map((length) => hex(random, length)).join("-"),
  "%s": (random) =>
    `/${["scratch", "data", "home/me", "tmp"][whole(random, 4)]}/${hex(random, 6)}/x`,
  "%t": (random) => new Date(1.7e12 + random() * 1e11).toISOString().replace("T", " ").slice(0, -1),
  "%b": (random) => `b'${hex(random, 12)}'`,
  "%h": (random) => `node${whole(random, 10_000)}`,
};
const NOUNS = ["anchor", "beam", "cluster", "detector", "epoch", "fiber", "grid", "horizon"];
const VERBS = ["diverged", "vanished", "overflowed", "was refused", "did not converge"];
const MARKS = Object.keys(VARYING);

function whole(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => whole(random, 16).toString(16)).join("");
}

function filled(template: string, random: () => number): string {
  return template.replace(/%[dfxpustbh]/g, (mark) => VARYING[mark](random));
}

const TRACEBACK = (random: () => number) =>
  `Traceback (most recent call last):\n` +
  Array.from({ length: 1 + whole(random, 6) }, (_, i) =>
    `  File "/opt/${hex(random, 4)}/m${i}.py", line ${whole(random, 900)}, in f${i}\n    f${
      i + 1
    }(x)\n`)
    .join("");

/** The ways in which one exception comes into a fail history. */
const WAYS: ((type: string, message: string, random: () => number) => string)[] = [
  (type, message) => `${type}(${JSON.stringify(message)})`,
  (type, message, random) => `${TRACEBACK(random)}my.errors.${type}: ${message}\n`,
  (type, message, random) =>
    `RemoteError(${JSON.stringify(`part failed:\n${TRACEBACK(random)}${type}: ${message}`)})`,
  (type, message) => Array(3).fill(`${type}(${JSON.stringify(message)})`).join(","),
];

Deno.test("causes: of generated failures none is split in two and no two are merged", () => {
  const random = seeded(7);
  const templates: [string, string][] = [];
  for (const type of ["ValueError", "StepError", "OSError"]) {
    for (const noun of NOUNS) {
      for (const verb of VERBS) {
        const marks = Array.from({ length: 3 }, () => MARKS[whole(random, MARKS.length)]);
        templates.push([type, `${noun} ${marks[0]} ${verb} in ${marks[1]} (step ${marks[2]})`]);
      }
    }
  }
  const keys = templates.map(([type, template]) => {
    const texts = Array.from(
      { length: 40 },
      (_, i) => WAYS[i % WAYS.length](type, filled(template, random), random),
    );
    const found = new Set(texts.map((text) => causeOf(text).key));
    deepStrictEqual([...found].length, 1, [...found].join("\n"));
    return [...found][0];
  });
  equal(new Set(keys).size, templates.length);
});
