import { UserError } from "../../errors.ts";

/** The hub cannot run, in one sentence that says what to do. Shown without a stack. */
export class HubError extends UserError {
  override name = "HubError";
}
