import { MalformedMessage } from "../value.ts";

/** The error for damaged input. */
export function malformed(message: string): MalformedMessage {
  return new MalformedMessage(message);
}

/** The error for input that asks for something other than data. */
export function refused(message: string): MalformedMessage {
  return new MalformedMessage(message, true);
}

/** A name from the input as printable ASCII of at most 80 characters. */
export function printable(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 77)}...` : name;
  return short.replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
