/**
 * Who may look: every request passes here before the pages see it. On a login node others reach
 * 127.0.0.1 as well, so an address is no permission.
 */
import { hostOf, type ServedNames } from "./served_names.ts";
import { isSame, Sessions } from "./session.ts";
import { signInPage } from "./sign_in.tsx";
import { WrongTokens } from "./wrong_tokens.ts";

/** Answers a request. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** The same; calls `admit` once it is known that the request's sender may look. */
export type AdmittingAnswer = (
  request: Request,
  admit: () => void,
) => Response | Promise<Response>;

/** What a gate goes by. */
export interface GateOptions {
  /** Null when whoever comes may look. */
  token: string | null;
  /** What tells this server's cookies from those of others at the same host: its port. */
  place: string;
  names: ServedNames;
  /** Whether requests come through TLS. */
  secure: boolean;
  /** How to find the token, in one sentence for people. */
  whereItIs: string;
  /** Milliseconds between answers to wrong tokens. */
  paceMs?: number;
}

const TOKEN_PARAM = "token";
/** Where the form of the page goes that asks for a token. */
export const SIGN_IN_PATH = "/sign-in";
/** What the page that asks for a token is made of: the same for everybody. */
const FOR_ALL: ReadonlySet<string> = new Set(["/style.css", "/favicon.svg"]);
/** Bytes of a form that are read. */
const MAX_FORM_BYTES = 4096;
const TOO_MANY = "Too many wrong tokens were given; try again in a few seconds.\n";

/** Puts a gate before whoever answers. */
export function gated(answer: Answer, options: GateOptions): AdmittingAnswer {
  const gate = new Gate(options);
  return (request, admit) =>
    gate.pass(request, answer, (request) => {
      admit();
      return answer(request);
    });
}

class Gate {
  readonly #options: GateOptions;
  readonly #sessions: Sessions | null;
  readonly #wrong: WrongTokens;

  constructor(options: GateOptions) {
    const { token, place, secure } = options;
    this.#options = options;
    this.#sessions = token === null ? null : new Sessions(token, place, secure);
    this.#wrong = new WrongTokens(options.paceMs);
  }

  /**
   * @param open answers what is the same for everybody
   * @param answer answers who may look
   */
  async pass(request: Request, open: Answer, answer: Answer): Promise<Response> {
    const host = request.headers.get("host");
    if (!this.#options.names.has(host)) return misdirected(host);
    const { token } = this.#options;
    const url = new URL(request.url);
    if (token === null) {
      return url.pathname === SIGN_IN_PATH ? seeOther("/") : await answer(request);
    }
    if (FOR_ALL.has(url.pathname)) return await open(request);
    if (url.pathname === SIGN_IN_PATH && request.method === "POST") {
      return await this.#signIn(request, token);
    }
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined) {
      return isSame(bearer, token) ? await answer(request) : await this.#refuse(request, true);
    }
    const isIn = this.#sessions!.isIn(request.headers.get("cookie"), Date.now());
    const given = url.searchParams.get(TOKEN_PARAM);
    if (given !== null) {
      const isRight = isSame(given, token);
      if (!isRight && !isIn) return await this.#refuse(request, true);
      return await this.#exchange(request, url, answer, isRight);
    }
    if (!isIn) return await this.#refuse(request, false);
    return url.pathname === SIGN_IN_PATH ? seeOther("/") : await answer(request);
  }

  /** A browser gets a cookie for its token, and an address without it; a program just its answer. */
  async #exchange(request: Request, url: URL, answer: Answer, isRight: boolean): Promise<Response> {
    const bare = new URL(url);
    bare.searchParams.delete(TOKEN_PARAM);
    if (!wantsPage(request)) return await answer(new Request(bare, request));
    const target = bare.pathname === SIGN_IN_PATH ? "/" : localPath(bare.pathname + bare.search);
    const response = cameFromElsewhere(request) ? signInPage({ on: target }) : seeOther(target);
    if (isRight) response.headers.append("set-cookie", this.#sessions!.begin(Date.now()));
    return response;
  }

  async #signIn(request: Request, token: string): Promise<Response> {
    const origin = request.headers.get("origin");
    if (origin !== null && origin !== "null" && !this.#isOwn(origin, request)) {
      return text(403, "Another site's page has sent this: open the address yourself.\n");
    }
    const form = await formOf(request);
    if (form === null) return text(400, "Send the form of the page that asks for a token.\n");
    const next = localPath(form.get("next") ?? "/");
    if (!isSame((form.get("token") ?? "").trim(), token)) {
      return await this.#refuse(request, true, next);
    }
    const response = seeOther(next);
    response.headers.append("set-cookie", this.#sessions!.begin(Date.now()));
    return response;
  }

  #isOwn(origin: string, request: Request): boolean {
    const host = hostOf(request.headers.get("host"));
    return URL.canParse(origin) && hostOf(new URL(origin).host) === host;
  }

  /** Says where the token is, and asks for it. */
  async #refuse(request: Request, wrong: boolean, next?: string): Promise<Response> {
    if (wrong && !await this.#wrong.turn()) {
      return text(429, TOO_MANY, { "retry-after": "5" });
    }
    const { whereItIs } = this.#options;
    if (!wantsPage(request) && request.method !== "POST") {
      const why = wrong ? "That is not the token of this server." : "This server asks for a token.";
      return text(401, `${why} ${whereItIs} Send it as "Authorization: Bearer TOKEN".\n`, {
        "www-authenticate": 'Bearer realm="Parsloscope"',
      });
    }
    const url = new URL(request.url);
    url.searchParams.delete(TOKEN_PARAM);
    next ??= localPath(url.pathname + url.search);
    // A link on another site's page: a strict cookie comes only when our own page follows it.
    if (!wrong && cameFromElsewhere(request)) return signInPage({ on: next, status: 401 });
    return signInPage({ ask: { next, wrong, whereItIs } });
  }
}

/** Whether somebody looks at the answer, not a program or a part of a page. */
function wantsPage(request: Request): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const mode = request.headers.get("sec-fetch-mode");
  if (mode !== null && mode !== "navigate") return false;
  return request.headers.get("accept")?.includes("text/html") ?? false;
}

function cameFromElsewhere(request: Request): boolean {
  return request.headers.get("sec-fetch-site") === "cross-site" &&
    request.headers.get("sec-fetch-dest") === "document";
}

/** A path of this server, whatever was asked for. */
function localPath(path: string): string {
  // What browsers leave out of an address goes first: two slashes may be found behind it.
  const bare = path.replaceAll(/[\p{Cc}\\]/gu, "");
  return bare.startsWith("/") ? bare.replace(/^\/+/, "/") : "/";
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}

function text(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      connection: "close",
      ...headers,
    },
  });
}

function misdirected(host: string | null): Response {
  const name = hostOf(host);
  return text(
    421,
    name === null
      ? "The request names no host: use the address that Parsloscope printed.\n"
      : `Parsloscope does not answer for ${name}: use the address that it printed, or start it ` +
        `with --host ${name} if that is a name of its machine.\n`,
  );
}

/** A form's fields; null when it is none, or longer than any of ours. */
async function formOf(request: Request): Promise<URLSearchParams | null> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded") || !request.body) return null;
  let body = "";
  const decoder = new TextDecoder();
  for await (const chunk of request.body) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > MAX_FORM_BYTES) return null;
  }
  return new URLSearchParams(body);
}
