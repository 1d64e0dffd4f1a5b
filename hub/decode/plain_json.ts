import { DateTime, EnumMember, MalformedMessage, type Value } from "./value.ts";

/**
 * Decoded data as JSON; of what JSON has not, as a text.
 *
 * @param longest characters that it may have
 * @throws {MalformedMessage} when it has more
 */
export function plainJson(value: Value, longest: number): string {
  let left = longest;

  function write(value: Value): string {
    if (Array.isArray(value) || value instanceof Set) {
      return spend(`[${Array.from(value, write).join(",")}]`, 2);
    }
    if (value instanceof Map) {
      const members = Array.from(
        value,
        ([key, member]) => spend(`${JSON.stringify(named(key))}:`) + write(member),
      );
      return spend(`{${members.join(",")}}`, 2);
    }
    return spend(leaf(value));
  }

  function spend(text: string, length = text.length): string {
    left -= length + 1;
    if (left < 0) throw new MalformedMessage(`it has more than ${longest} characters as JSON`);
    return text;
  }

  return write(value);
}

function named(key: Value): string {
  return typeof key === "string" ? key : leaf(key);
}

function leaf(value: Value): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (typeof value === "bigint") return String(value);
  if (value instanceof DateTime) return JSON.stringify(value.text);
  if (value instanceof EnumMember) {
    return JSON.stringify(`${value.type}.${value.name ?? value.value}`);
  }
  if (value instanceof Uint8Array) return JSON.stringify(`${value.length} bytes`);
  if (typeof value === "string") return JSON.stringify(value.replaceAll("\0", "\u2400"));
  if (value === null || typeof value === "boolean") return String(value);
  return '"…"';
}
