/** What a reader of a run's figures should know about the data that they are made of. */
import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";
import { setBackOf } from "./try_times.ts";

/** Hosts whose clocks are so far from the submit host's that their times are shifted; ms. */
export interface ClockRemark {
  kind: "clock";
  /** Names of some of the hosts, null for tries of no known host; and how many more there are. */
  hosts: (string | null)[];
  more: number;
  /** Their clocks are ahead by so much, negative behind: of the host that is least so, and most. */
  least: number;
  most: number;
  /** The truth lies within so much of that; null when only one side is known. */
  within: number | null;
}

/** Hosts of whose clocks tries tell things that cannot all be true. */
export interface TornClockRemark {
  kind: "torn-clock";
  hosts: (string | null)[];
  more: number;
  /** By how many ms at most. */
  by: number;
}

/** The submit host's clock was set back during the run. Naive ms, and ms. */
export interface SetBackRemark {
  kind: "set-back";
  at: number;
  by: number;
  daylight: boolean;
}

/** Rows that were left out, for what they say cannot be read. */
export interface UnreadRemark {
  kind: "unread";
  rows: number;
}

/** One thing to know about a run's data. */
export type Remark = ClockRemark | TornClockRemark | SetBackRemark | UnreadRemark;

/** The most hosts that one remark names. */
const NAMED = 3;
/** Clocks that differ by at most this many ms are told of together. */
const ALIKE_MS = 1000;

interface Ahead {
  host: string | null;
  shift: number;
  within: number;
}

/** Everything to know about a run's data; most runs have nothing. */
export function remarksOf(run: Run): Remark[] {
  return memo(run, "remarks", () => {
    const remarks: Remark[] = [];
    const setBack = setBackOf(run);
    if (setBack) {
      remarks.push({
        kind: "set-back",
        at: setBack.from,
        by: setBack.by,
        daylight: setBack.daylight,
      });
    }
    if (run.unread > 0) remarks.push({ kind: "unread", rows: run.unread });
    return [...remarks, ...clockRemarks(run, hostsOf(run))];
  });
}

/** The same, of the clocks of the hosts that one task's tries ran on. */
export function taskRemarks(run: Run, task: number): Remark[] {
  return clockRemarks(run, new Set(run.triesOf(task).map((attempt) => run.tryHost.data[attempt])));
}

/** Indexes of the hosts that tries ran on. */
function hostsOf(run: Run): Set<number> {
  const { data } = run.tryHost;
  const seen = new Uint8Array(run.names.list.length + 1);
  for (let attempt = 0; attempt < run.tryTask.length; attempt++) seen[data[attempt] + 1] = 1;
  return new Set(seen.keys().filter((slot) => seen[slot] === 1).map((slot) => slot - 1));
}

function clockRemarks(run: Run, hosts: Iterable<number>): Remark[] {
  const { clocks } = run.tries;
  const ahead: Ahead[] = [];
  const torn: { host: string | null; by: number }[] = [];
  for (const host of hosts) {
    const { within, contradiction } = clocks.estimateOf(host);
    const shift = clocks.shiftOf(host);
    const name = run.names.at(host);
    if (clocks.contradicts(host)) torn.push({ host: name, by: contradiction });
    else if (shift !== 0) ahead.push({ host: name, shift, within });
  }
  ahead.sort((a, b) => a.shift - b.shift || (String(a.host) < String(b.host) ? -1 : 1));
  const remarks: Remark[] = [];
  for (let from = 0; from < ahead.length;) {
    let to = from + 1;
    while (to < ahead.length && ahead[to].shift - ahead[from].shift <= ALIKE_MS) to++;
    remarks.push(alike(ahead.slice(from, to)));
    from = to;
  }
  if (torn.length > 0) {
    remarks.push({
      kind: "torn-clock",
      ...named(torn),
      by: torn.reduce((most, { by }) => Math.max(most, by), 0),
    });
  }
  return remarks;
}

function alike(hosts: Ahead[]): ClockRemark {
  const within = hosts.reduce((most, host) => Math.max(most, host.within), 0);
  return {
    kind: "clock",
    ...named(hosts),
    least: hosts[0].shift,
    most: hosts[hosts.length - 1].shift,
    within: Number.isFinite(within) ? within : null,
  };
}

function named(hosts: { host: string | null }[]): { hosts: (string | null)[]; more: number } {
  const names = hosts.map(({ host }) => host);
  return { hosts: names.slice(0, NAMED), more: Math.max(0, names.length - NAMED) };
}
