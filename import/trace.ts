/** A run of a workflow as a trace tells it, whatever the trace's version. */
import type { FileRef } from "./wf_files.ts";
import type { ClockTime } from "./wf_time.ts";

/** A task that ran. Bytes and seconds; null for what the trace does not tell. */
export interface TraceTask {
  /** As the trace calls it, for messages. */
  id: string;
  name: string;
  /** What kind of task it is, in traces before version 1.5. */
  category: string | null;
  program: string | null;
  /** Places of other tasks of the trace, each once, ascending. */
  parents: number[];
  inputs: string[];
  outputs: string[];
  runtime: number;
  started: ClockTime | null;
  /** Cores that it took, at least 1. */
  cores: number | null;
  /** Percent of one core, on average. */
  cpu: number | null;
  read: number | null;
  written: number | null;
  memory: number | null;
  machine: string | null;
}

/** A task before its parents are looked up. */
export interface UnlinkedTask extends Omit<TraceTask, "parents" | "runtime"> {
  runtime: number | null;
  /** Names by which other tasks may speak of it, the surest first. */
  names: string[];
  parents: string[];
  children: string[];
  reads: FileRef[];
  writes: FileRef[];
  /** Files of which the trace does not say whether the task reads or writes them. */
  unclear: number;
  /** What stands for its start, and is no time. */
  badStart: string | null;
}

/** A machine that tasks ran on. */
export interface TraceMachine {
  name: string;
  cores: number | null;
  /** Bytes. */
  memory: number | null;
}

/** One run of a workflow on some system. */
export interface Trace {
  version: string;
  name: string;
  /** The system that ran it, such as Pegasus. */
  system: string;
  systemVersion: string | null;
  author: string | null;
  began: ClockTime;
  /** Seconds. */
  makespan: number | null;
  tasks: TraceTask[];
  machines: TraceMachine[];
  /** Parents and children that are no tasks of the trace, and were left out. */
  unknownLinks: number;
  /** What is doubtful in the trace or was taken from elsewhere than usual, in sentences. */
  remarks: string[];
}
