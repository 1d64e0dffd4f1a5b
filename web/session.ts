/**
 * What a browser keeps in the place of the token: a cookie that says until when it is good, signed
 * with the token, so that it outlives a start of the server and ends with the token.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** How long a cookie is good, in seconds. */
const LIFE_S = 30 * 24 * 3600;
const VALUE = /^(\d{1,12})\.([\w-]{43})$/;

/** Equal texts, in a time that does not tell where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** Makes and checks the cookies of one server. */
export class Sessions {
  readonly #token: string;
  readonly #secure: boolean;
  /** The cookie's name. Cookies do not know ports: two servers of a user take two names. */
  readonly name: string;

  /** @param secure whether browsers are to send it through TLS only */
  constructor(token: string, place: string, secure: boolean) {
    this.#token = token;
    this.#secure = secure;
    this.name = `parsloscope-${place}`;
  }

  /** The header `set-cookie` that begins a session. */
  begin(nowMs: number): string {
    const expires = String(Math.floor(nowMs / 1000) + LIFE_S);
    const parts = [
      `${this.name}=${expires}.${this.#sign(expires)}`,
      "Path=/",
      `Max-Age=${LIFE_S}`,
      "HttpOnly",
      "SameSite=Strict",
    ];
    if (this.#secure) parts.push("Secure");
    return parts.join("; ");
  }

  /** Whether a request's header `cookie` holds a session that goes on. */
  isIn(cookies: string | null, nowMs: number): boolean {
    for (const pair of cookies?.split(";") ?? []) {
      const [name, value = ""] = pair.trim().split("=", 2);
      if (name !== this.name) continue;
      const [, expires, signature] = VALUE.exec(value) ?? [];
      if (expires === undefined || Number(expires) * 1000 <= nowMs) continue;
      if (isSame(signature, this.#sign(expires))) return true;
    }
    return false;
  }

  #sign(expires: string): string {
    return createHmac("sha256", this.#token).update(`${this.name} ${expires}`).digest("base64url");
  }
}
