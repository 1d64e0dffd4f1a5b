/**
 * Texts that nobody reads on a page are cut there: a database may have a name of a gigabyte, once for
 * each of its rows. Downloads have them whole.
 */

/** The longest text that a page has, and how much is left of a longer one, in characters. */
export interface Limit {
  longest: number;
  left: number;
}

/** For names and messages, of which a page may have hundreds. */
export const NAMES: Limit = { longest: 4000, left: 1000 };
/** For the texts of one task. */
export const LONG_TEXTS: Limit = { longest: 100_000, left: 20_000 };

/** A text as a page has it. Texts that differ do so when they are cut, too. */
export function shortText(text: string, { longest, left }: Limit = NAMES): string {
  if (text.length <= longest) return text;
  const last = text.charCodeAt(left - 1);
  const beginning = text.slice(0, last >= 0xd800 && last < 0xdc00 ? left - 1 : left);
  return `${beginning}… (${text.length.toLocaleString("en")} characters, ${digest(text)})`;
}

/** The name of a list that a page shows like this; the text itself when there is none. */
export function wholeName(names: Iterable<string | null>, shown: string): string {
  if (!shown.includes("…")) return shown;
  for (const name of names) if (name !== null && shortText(name) === shown) return name;
  return shown;
}

/** A view with all of its texts as a page has them: itself when none of them is too long. */
export function shortTexts<T>(value: T, limit: Limit = NAMES): T {
  return shortened(value, limit) as T;
}

function shortened(value: unknown, limit: Limit): unknown {
  if (typeof value === "string") return shortText(value, limit);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (typeof item === "number") continue;
      const short = shortened(item, limit);
      if (short === item) continue;
      copy ??= [...value];
      copy[i] = short;
    }
    return copy ?? value;
  }
  let copy: Record<string, unknown> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const short = shortened(item, limit);
    const name = shortText(key, limit);
    if (short === item && name === key) continue;
    copy ??= { ...value };
    if (name !== key) delete copy[key];
    copy[name] = short;
  }
  return copy ?? value;
}

/** Eight signs that differ where texts do, but for chance (FNV-1a). */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
