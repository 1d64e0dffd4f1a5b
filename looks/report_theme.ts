/** The colours that a report is shown in: those that the reader's system asks for, or one kind. */
export const REPORT_THEMES = ["auto", "light", "dark"] as const;

export type ReportTheme = (typeof REPORT_THEMES)[number];
