import { UserError } from "../errors.ts";

/** A report that cannot be made or written: one sentence that says why and what to do. */
export class ExportError extends UserError {
  override name = "ExportError";
}
