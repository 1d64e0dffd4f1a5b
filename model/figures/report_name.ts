import type { WorkflowRow } from "../run/rows.ts";

/** Characters of a workflow's name that a file's name takes at most. */
const LONGEST = 80;

/** The name of the file that a run's report is written to: `NAME-RUNID8.html`. */
export function reportName({ runId, name }: Pick<WorkflowRow, "runId" | "name">): string {
  const id = runId.slice(0, 8);
  const stem = fileName(name ?? "");
  return `${stem === "" ? "run" : stem}-${fileName(id) || "0"}.html`;
}

/** A text as a part of a file's name on any system. */
export function fileName(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}._-]+/gu, "_").replaceAll(/^[._-]+|[._-]+$/g, "");
  return [...plain].slice(0, LONGEST).join("");
}
