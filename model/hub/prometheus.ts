import type { Accounts } from "./accounts.ts";

/** The content type of what {@link prometheus} gives. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const STATES: readonly Accounts["writer"]["state"][] = ["writing", "locked", "full", "failing"];

type Labels = Record<string, string>;
/** A value with its labels; null is unknown and left out. */
type Sample = [value: number | null, labels?: Labels];

interface Metric {
  name: string;
  type: "counter" | "gauge";
  help: string;
  samples: Sample[];
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}

function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function number(n: number): string {
  if (Number.isFinite(n)) return String(n);
  return Number.isNaN(n) ? "NaN" : n > 0 ? "+Inf" : "-Inf";
}

function lines({ name, type, help, samples }: Metric): string[] {
  const known = samples.filter(([value]) => value !== null);
  if (known.length === 0) return [];
  return [
    `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`,
    `# TYPE ${name} ${type}`,
    ...known.map(([value, labels]) => `${name}${labelled(labels ?? {})} ${number(value!)}`),
  ];
}

function counter(name: string, help: string, ...samples: Sample[]): Metric {
  return { name: `parsloscope_${name}_total`, type: "counter", help, samples };
}

function gauge(name: string, help: string, ...samples: Sample[]): Metric {
  return { name: `parsloscope_${name}`, type: "gauge", help, samples };
}

function ofHub({ version, database, started }: Accounts): Metric[] {
  return [
    gauge("hub_info", "The hub's version and the database it writes.", [1, { version, database }]),
    gauge("hub_start_time_seconds", "When the hub started, since 1970.", [started / 1000]),
  ];
}

function ofTransports({ udp, lane, files }: Accounts): Metric[] {
  return [
    counter("udp_datagrams", "Datagrams taken from the kernel.", [udp.received]),
    counter("udp_bytes", "Bytes of those datagrams.", [udp.bytes]),
    counter("udp_bad_signatures", "Datagrams signed with another key.", [udp.badSignature]),
    counter("udp_truncated", "Datagrams that came in part only.", [udp.truncated]),
    counter("udp_kernel_drops", "Datagrams that the kernel dropped.", [udp.kernelDrops]),
    gauge("udp_receive_buffer_bytes", "The buffer that the kernel granted.", [udp.buffer]),
    gauge("lane_connections", "Open connections of the reliable lane.", [lane.connections]),
    counter("lane_frames", "Frames received on the reliable lane.", [lane.received]),
    counter("lane_bytes", "Bytes of those frames.", [lane.bytes]),
    counter("lane_bad_signatures", "Frames signed with another key.", [lane.badSignature]),
    counter("lane_duplicates", "Frames that came again after their commit.", [lane.duplicates]),
    counter("lane_turned_away", "Connections for which there was no room.", [lane.turnedAway]),
    counter(
      "lane_unfinished",
      "Connections closed for a hello or frame that did not come in time.",
      [
        lane.unfinished,
      ],
    ),
    counter("radio_files", "Files taken from filesystem radios.", [files.received]),
  ];
}

function ofMessages({ messages, queue }: Accounts): Metric[] {
  return [
    counter("messages_decoded", "Messages that were decoded.", [messages.decoded]),
    counter("messages_malformed", "Messages not decodable or of no known shape.", [
      messages.malformed,
    ]),
    counter("messages_refused", "Of those, pickles that named something other than data.", [
      messages.refused,
    ]),
    counter("messages_quarantined", "Messages for the quarantine file.", [messages.quarantined]),
    counter("messages_quarantine_full", "Of those, not kept because that file was full.", [
      messages.quarantineFull,
    ]),
    counter("messages_written", "Messages committed to the database.", [messages.written]),
    gauge("messages_deferred", "Worker messages that wait for their try.", [messages.deferred]),
    gauge("queue_messages", "Messages taken in and not committed yet.", [queue.messages]),
    gauge("queue_bytes", "Bytes of those messages.", [queue.bytes]),
    gauge("queue_spilled_bytes", "Bytes that wait on disk.", [queue.spilled]),
    counter("queue_dropped", "Datagrams that neither memory nor disk could hold.", [
      queue.dropped,
    ]),
  ];
}

function ofWriter({ writer }: Accounts): Metric[] {
  return [
    gauge(
      "writer_state",
      "1 for the state that the writer is in.",
      ...STATES.map((state): Sample => [state === writer.state ? 1 : 0, { state }]),
    ),
    gauge("writer_state_since_seconds", "Since when it is in that state, since 1970.", [
      writer.since / 1000,
    ]),
    counter("writer_commits", "Commits to the database.", [writer.commits]),
    gauge("writer_last_commit_seconds", "How long the last commit took.", [
      writer.lastCommit / 1000,
    ]),
    gauge("writer_lag_seconds", "How long the oldest message not committed has waited.", [
      writer.lag / 1000,
    ]),
  ];
}

function ofRuns({ runs, runsForgotten }: Accounts): Metric[] {
  const per = (value: (run: Accounts["runs"][number]) => number): Sample[] =>
    runs.map((run) => [value(run), { run_id: run.runId }]);
  return [
    gauge("runs_forgotten", "Runs without metrics of their own: others were heard of later.", [
      runsForgotten,
    ]),
    gauge(
      "run_info",
      "The workflow's name of a run.",
      ...runs.map((run): Sample => [
        1,
        { run_id: run.runId, workflow_name: run.workflowName ?? "" },
      ]),
    ),
    counter("run_messages_received", "Messages of a run.", ...per((r) => r.received)),
    counter("run_messages_written", "Messages of a run committed.", ...per((r) => r.written)),
    counter(
      "run_messages_quarantined",
      "Messages of a run for the quarantine file.",
      ...per((r) => r.quarantined),
    ),
    gauge(
      "run_messages_deferred",
      "Worker messages of a run that wait for their try.",
      ...per((r) => r.deferred),
    ),
    gauge(
      "run_last_message_time_seconds",
      "When the last message of a run came, since 1970.",
      ...per((r) => r.lastMessage / 1000),
    ),
  ];
}

/** The accounts in Prometheus' text format 0.0.4. What is unknown is left out. */
export function prometheus(accounts: Accounts): string {
  const metrics = [ofHub, ofTransports, ofMessages, ofWriter, ofRuns].flatMap((of) => of(accounts));
  return metrics.flatMap(lines).map((line) => `${line}\n`).join("");
}
