/** What themes a report can have; `auto` is what the reader's system says. */
export const THEMES = ["auto", "light", "dark"] as const;
export type ReportTheme = typeof THEMES[number];
