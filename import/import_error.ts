import { UserError } from "../errors.ts";

/** A file that cannot be imported: one sentence that says why and what to do. */
export class ImportError extends UserError {
  override name = "ImportError";
}

/** Does something with a file, whose path goes before the message of what is wrong with it. */
export function naming<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    throw new ImportError(`${path} cannot be imported: ${error.message}.`);
  }
}
