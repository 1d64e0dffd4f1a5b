import type { ReportOptions } from "../state.ts";

/** How the style sheets say that what follows is for dark screens only. */
const DARK = /@media screen and \(prefers-color-scheme: ?dark\)/g;
const BOTH = /color-scheme: ?light dark/g;

/** Style sheets for one theme, whatever the system's setting is. */
export function themed(css: string, theme: ReportOptions["theme"] = "auto"): string {
  if (theme === "auto") return css;
  return css
    .replace(DARK, theme === "dark" ? "@media screen" : "@media not all")
    .replace(BOTH, `color-scheme:${theme}`);
}
