/** What a report says of itself beside its pages: that it is at work, and what went wrong. */
import { messageOf } from "../../errors.ts";

/** A page that comes so soon, in ms, needs no word before. */
const SOON_MS = 120;

/** The line that shows that a page is being made; the function returned takes it away. */
export function waiting(): () => void {
  let line: HTMLElement | undefined;
  const timer = setTimeout(() => {
    line = document.createElement("div");
    line.className = "loading report-wait";
    line.setAttribute("role", "status");
    const bar = document.createElement("progress");
    bar.className = "loading-line";
    const text = document.createElement("span");
    text.className = "loading-text";
    text.textContent = "Opening the page…";
    line.append(bar, text);
    document.body.append(line);
  }, SOON_MS);
  return () => {
    clearTimeout(timer);
    line?.remove();
  };
}

/** Says what went wrong, above the page, which stays readable. */
export function complain(error: unknown): void {
  const why = messageOf(error);
  console.error(why);
  document.querySelector(".report-problem")?.remove();
  const note = document.createElement("p");
  note.className = "report-problem";
  note.setAttribute("role", "alert");
  note.textContent = `This page of the report could not be made: ${why} ` +
    "What is shown below still holds. Load the file again, or open it in a current Chromium, " +
    "Firefox or Safari.";
  document.body.prepend(note);
}

/** Takes back what was said last. */
export function calm(): void {
  document.querySelector(".report-problem")?.remove();
}
