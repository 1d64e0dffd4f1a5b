/** WfFields of a JSON object, checked. What a trace may leave out reads as null or as empty. */
import { ImportError } from "./import_error.ts";

/** A JSON object. */
export type WfFields = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is WfFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a field; an empty one when the field is not there. */
export function objectIn(fields: WfFields, name: string): WfFields {
  const value = fields[name] ?? {};
  if (!isFields(value)) throw wrong(fields, name, "an object");
  return value;
}

/** The objects of a list; none when the field is not there. */
export function objectsIn(fields: WfFields, name: string): WfFields[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || !value.every(isFields)) {
    throw wrong(fields, name, "a list of objects");
  }
  return value;
}

/** The texts of a list, numbers as texts; none when the field is not there. */
export function textsIn(fields: WfFields, name: string): string[] {
  const value: unknown = fields[name] ?? [];
  if (!Array.isArray(value)) throw wrong(fields, name, "a list of texts");
  return value.map((item: unknown) => {
    if (typeof item === "string") return item;
    if (typeof item === "number") return String(item);
    throw wrong(fields, name, "a list of texts");
  });
}

/** A text; a number is taken as one, as some traces write ids and versions. */
export function textIn(fields: WfFields, name: string): string | null {
  const value = fields[name] ?? null;
  if (value === null || value === "") return null;
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") throw wrong(fields, name, "a text");
  return value;
}

/** A number of 0 or more, under the first of some names that is there. */
export function amountIn(fields: WfFields, ...names: string[]): number | null {
  for (const name of names) {
    const given = fields[name] ?? null;
    if (given === null) continue;
    // Integers that a number does not hold come as texts.
    const value = typeof given === "string" && /^\d{16,}$/.test(given) ? Number(given) : given;
    if (typeof value !== "number" || !(value >= 0) || !Number.isFinite(value)) {
      throw wrong(fields, name, "a number of 0 or more");
    }
    return value;
  }
  return null;
}

/** @param fields whose id or name says where the field is */
function wrong(fields: WfFields, name: string, wanted: string): ImportError {
  const owner = fields.id ?? fields.name;
  const where = typeof owner === "string" || typeof owner === "number" ? ` (in ${owner})` : "";
  return new ImportError(`its field "${name}" is not ${wanted}${where}`);
}
