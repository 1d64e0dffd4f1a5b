/** A report that cannot be made or written: one sentence that says why and what to do. */
export class ExportError extends Error {
  override name = "ExportError";
}

/** What an error says, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
