/** What a browser may do with an answer: said with each, errors and downloads too. */
import { createHash } from "node:crypto";
import { PLOT_STYLE } from "../looks/plot_style.ts";

/** Where Fresh puts the nonce of a page that it rendered. */
const NONCE = Symbol.for("__freshNonce");

const ALWAYS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/** For whatever is no page of ours: nothing at all. */
const CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const plotStyle = createHash("sha256").update(PLOT_STYLE).digest("base64");

/** What a page needs: its own files, and the script with its nonce that starts its islands. */
function pagePolicy(nonce: string | undefined): string {
  const script = nonce === undefined ? "" : ` 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src 'self'${script}`,
    `style-src 'self' 'sha256-${plotStyle}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The headers of answers that no page is made for, as lines of HTTP. */
export const CLOSED_HEADERS: readonly (readonly [string, string])[] = [
  ...ALWAYS,
  ["content-security-policy", CLOSED],
];

/** The answer with what a browser may do with it. */
export function secured(response: Response): Response {
  const { [NONCE]: nonce } = response as Response & { [NONCE]?: string };
  try {
    response.headers.set("x-content-type-options", "nosniff");
  } catch {
    // Responses of `Response.redirect` and of fetch have headers that cannot be changed.
    response = new Response(response.body, response);
  }
  const { headers } = response;
  for (const [name, value] of ALWAYS) headers.set(name, value);
  const isPage = headers.get("content-type")?.startsWith("text/html") &&
    !headers.get("content-disposition")?.startsWith("attachment");
  headers.set("content-security-policy", isPage ? pagePolicy(nonce) : CLOSED);
  return response;
}
