import { type Cause, causeNamed } from "./cause.ts";
import type { PythonCall, PythonValue } from "./python_values.ts";
import { withoutWhatVaries } from "./what_varies.ts";

const HEAD =
  /^(?:(?:[\p{L}_][\p{L}\p{N}_]*\.)*ValidationError: )?(\d+) validation errors? for (.+)$/mu;

/** Whether a text is that of pydantic's ValidationError. */
export function isValidation(text: string): boolean {
  return HEAD.test(text);
}

/**
 * The cause in the text of pydantic's ValidationError, whose first line names the model and whose
 * others the fields: `1 validation error for Patient: age: Input should be a valid integer`. Errors
 * that differ by an index or a value count once. Null for any other text.
 */
export function validationCause(text: string): Cause | null {
  const [head, ...lines] = text.split("\n");
  const match = HEAD.exec(head);
  if (match === null) return null;
  const errors: string[] = [];
  let field = "";
  for (const line of lines) {
    const message = line.trim();
    if (message === "" || message.startsWith("For further information")) continue;
    if (!/^\s/.test(line)) field = withoutWhatVaries(message);
    else errors.push(said(field, message.replace(/ ?[[(]type=[^]*$/, "")));
  }
  return validationOf(match[2], errors);
}

/** The same of what pydantic 1 writes: `ValidationError(model='Patient', errors=[{'loc': …}])`. */
export function validationOfCall(call: PythonCall): Cause | null {
  const model = text(argument(call.args, "model"));
  const errors = argument(call.args, "errors");
  if (model === null || errors?.kind !== "items") return null;
  const told = errors.items.flatMap((error) => {
    const items = error.kind === "items" ? error.items : [];
    const place = argument(items, "loc");
    const parts = place?.kind === "items" ? place.items : [];
    const field = parts.map((part) => "text" in part ? part.text : "…").join(".");
    return said(withoutWhatVaries(field), text(argument(items, "msg")) ?? "");
  });
  return validationOf(model, told);
}

function said(field: string, message: string): string {
  return [field, withoutWhatVaries(message)].filter(Boolean).join(": ");
}

function validationOf(model: string, errors: string[]): Cause {
  const distinct = [...new Set(errors)].sort();
  const count = Math.max(1, distinct.length);
  const head = `${count} validation ${count === 1 ? "error" : "errors"} for ` +
    withoutWhatVaries(model);
  return causeNamed(distinct.length === 0 ? head : `${head}: ${distinct.join("; ")}`);
}

function argument(args: readonly PythonValue[], name: string): PythonValue | null {
  for (const arg of args) {
    if (arg.kind === "pair" && "text" in arg.name && arg.name.text === name) return arg.value;
  }
  return null;
}

function text(value: PythonValue | null): string | null {
  return value?.kind === "text" ? value.text : null;
}
