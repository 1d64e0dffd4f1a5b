/** What the page and the worker of a report say to each other. */

/** From the page: what the report holds, then questions, and which of them nobody waits for. */
export type ToWorker =
  | { kind: "open"; about: string; parts: Record<string, string> }
  | { kind: "ask"; id: number; path: string }
  | { kind: "cancel"; id: number };

/** The beginning of an answer. */
export interface AnswerHead {
  status: number;
  headers: [string, string][];
}

/** From the worker: an answer, piece by piece, or why there is none. */
export type FromWorker =
  | { kind: "head"; id: number; head: AnswerHead }
  | { kind: "piece"; id: number; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "end"; id: number }
  | { kind: "failed"; id: number; why: string };
