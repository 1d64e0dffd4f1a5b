/** What stands in a cause for whatever differs from task to task. */
export const VARIES = "…";
/** The most of a text that tells causes apart, without what varies: of its beginning and its end. */
const LONGEST_HEAD = 1200;
const LONGEST_TAIL = 800;
/** Digits that tell causes apart are kept from the rest as other characters for a while. */
const KEPT = 0xe000;

/** Words before a number that tells causes apart: what processes, servers and systems ended with. */
const TELLING: RegExp[] = [
  /(\bExitCode=)(\d+:\d+)/g,
  /(\[(?:Errno|WinError|Error)\s+)(-?\d+)/gi,
  /(\b(?:exit|return|error|response|result)[ _-]?(?:code|status|value)["']?\s*(?:[:=]|is|was|of)?\s*)(-?\d{1,10})(?![\d.]*\d)/gi,
  /(\b(?:exitcode|retcode|recode|errno|rc|status|exited with|abnormally: returned)["']?\s*(?:code)?\s*(?:[:=]|number|is)?\s*)(-?\d{1,5})\b(?!\.\d)/gi,
  /(\b(?:code|exit)["']?\s*(?:[:=]|is)?\s*)(-?\d{1,3})\b(?!\.\d)/gi,
  /(\b(?:signal|signum|sig)["']?\s*(?:[:=]|number|is)?\s*)([1-9]|[1-5]\d|6[0-4])\b(?!\.\d)/gi,
  /(<Signals\.\w+: )(\d+)(?=>)/g,
  /(\bHTTP(?:\/[\d.]+)?(?: error| status)?:?\s+)([1-5]\d\d)\b/gi,
  /()\b([1-5]\d\d)(?= (?:Client|Server) Error\b)/g,
  // The width of a number type is part of its name.
  /(\b(?:u?int|b?float|complex))(8|16|32|64|128|256)\b/g,
];

const BYTES = /\b[bB][rR]?(["'])(?:\\.|(?!\1)[^\\\n])*\1/g;
const OBJECT =
  /<([\p{L}_][\p{L}\p{N}_.]*(?:<locals>[\p{L}\p{N}_.]*){0,3})((?: [^<>]*?)?) at 0x[0-9a-f]+([^<>]*)>/giu;
const URL = /\b([a-z][a-z0-9+.-]{1,15}):\/\/[^\s'"`<>)\]},]+/gi;
const QUOTED_PATH = /(['"`])((?:[A-Za-z]:[\\/]|\.{0,2}\/|~\/)[^'"`\n:]*)\1/g;
const BEFORE = "(^|[\\s=(\\[{,;:'\"`<>|])";
const PART = "[^\\s'\"`,;:()<>\\[\\]{}|=\\\\/]+";
const PATH = new RegExp(`${BEFORE}((?:[A-Za-z]:)?(?:[\\\\/]${PART})+[\\\\/]?)`, "g");
const RELATIVE = new RegExp(`${BEFORE}(${PART}(?:/${PART})+/?)`, "g");
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
const MONTH = "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|" +
  "Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]*day)?";
/** Addresses, dates and times. */
const STAMPS: RegExp[] = [
  /\b0x[0-9a-f]+\b/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b\d{4}-\d\d-\d\d(?:[T_ ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?/g,
  new RegExp(
    `(?:\\b${DAY},? +)?\\b(?:${MONTH} +\\d{1,2}|\\d{1,2} +${MONTH}),?(?: +\\d{4})?` +
      "(?: +\\d\\d:\\d\\d(?::\\d\\d)?)?(?: +(?:GMT|UTC|[+-]\\d{4}))?(?: +\\d{4})?\\b",
    "g",
  ),
  /(?:\b\d+ days?, )?\b\d+:\d\d(?::\d\d(?:\.\d+)?)?\b/g,
  /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi,
];
const AMOUNT = /(?<![\w.])[-+]?\d[\d.,]{0,30}(?=(?:[kKMGTP]i?[Bb]|[munµ]?s|min|hrs?|h)\b)/g;
const NUMBER =
  /(?:(?<![\w…])[-+])?(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)*\.?|\.\d+)(?:[eE][-+]?\d+)?(?![A-Za-z0-9_]|\.\d)/g;
const WORD = /[A-Za-z0-9]+/g;
const TEMPORARY = /\btmp[a-z0-9_]{8}\b/g;
const REPEATED = /(["'`]?[^\s,'"`()[\]{}]{0,40}…[^\s,'"`()[\]{}]{0,40}["'`]?)(?:,? (?:and )?\1)+/g;

/**
 * A text without what differs from task to task of one cause: numbers, ids, addresses, bytes, paths
 * (their endings stay), times, and how many of them there are. Numbers that tell causes apart stay:
 * exit codes, signals, errno, status codes of HTTP.
 */
export function withoutWhatVaries(text: string): string {
  let out = text;
  for (const pattern of TELLING) {
    out = out.replace(pattern, (_, words: string, number: string) => words + kept(number));
  }
  out = out.replace(BYTES, VARIES)
    .replace(OBJECT, (_, name: string, more: string, rest: string) => objectText(name, more, rest))
    .replace(URL, (_, scheme: string) => `${kept(scheme)}://${VARIES}`)
    .replace(QUOTED_PATH, (_, quote: string, path: string) => quote + pathText(path) + quote)
    .replace(RELATIVE, (whole, before: string, path: string) => {
      const isPath = path.split("/").length > 2 || /^[~.]/.test(path) || endingOf(path) !== "";
      return isPath ? before + pathText(path) : whole;
    })
    .replace(PATH, (_, before: string, path: string) => before + pathText(path))
    .replace(UUID, VARIES);
  for (const pattern of STAMPS) out = out.replace(pattern, VARIES);
  out = out.replace(TEMPORARY, VARIES).replace(AMOUNT, `${VARIES} `).replace(NUMBER, VARIES)
    .replace(WORD, wordText)
    .replace(/\s+/g, " ").trim();
  if (out.length > LONGEST_HEAD + LONGEST_TAIL) {
    out = out.slice(0, LONGEST_HEAD) + VARIES + out.slice(-LONGEST_TAIL);
  }
  return out.replace(REPEATED, "$1").replace(
    /[\ue000-\ue07f]/g,
    (c) => String.fromCharCode(c.charCodeAt(0) - KEPT),
  );
}

/**
 * What two texts without what varies have in common when they say the same: quotes, units, and
 * whether one or several of something are meant do not count.
 */
export function keyOf(text: string): string {
  return text.replace(/["'`\\]/g, "")
    .replace(/… ?(?:[kKMGTP]i?B|[bB]ytes?|B)\b/g, VARIES)
    .replace(/… ?(?:ns|us|µs|ms|s|secs?|seconds?|min|mins|minutes?|h|hours?|days?)\b/g, VARIES)
    .replace(/… (\p{L}{2,}?)s\b/gu, "… $1")
    .replace(/\s+/g, " ");
}

function kept(text: string): string {
  return text.replace(/[\w:-]/g, (c) => String.fromCharCode(c.charCodeAt(0) + KEPT));
}

/** The repr of an object that has none of its own: its class, and what it says of a failure. */
function objectText(name: string, more: string, rest: string): string {
  const raised = /\braised (\w+)/.exec(rest);
  const file = /\b(?:url|path)=(\S+)/.exec(rest);
  const tells = raised ? ` raised ${raised[1]}` : file ? ` ${pathText(file[1])}` : "";
  return `<${name.slice(name.lastIndexOf(".") + 1)}${more}${tells}>`;
}

/** A path tells what kind of file it is. */
function pathText(path: string): string {
  const [end] = /[.…]*$/.exec(path) ?? [""];
  const ending = endingOf(path.slice(0, path.length - end.length));
  return VARIES + kept(ending) + end;
}

/** `.nc` of `/data/x.nc`; "" where there is none. */
function endingOf(path: string): string {
  return /[^/\\](\.[A-Za-z][A-Za-z0-9]{0,4})$/.exec(path)?.[1] ?? "";
}

/** A word with digits in it. Hexadecimal ones, and long ones that mix, are ids as a whole. */
function wordText(word: string): string {
  const hasDigit = /\d/.test(word);
  if ((hasDigit || word.length >= 8) && /^[0-9a-f]+$/i.test(word)) return VARIES;
  if (!hasDigit) return word;
  if (word.length >= 8 && (word.match(/\d+/g)?.length ?? 0) > 1) return VARIES;
  return word.replace(/\d+/g, VARIES);
}
