/**
 * The script in a report that runs first: it inflates the one that does the rest. Written so that
 * old browsers can at least say that they are too old.
 */
import { inflateText } from "./inflate.ts";

const PROBLEM =
  "This browser is too old for the interactive part of this report: use Chromium or " +
  "Edge 103, Firefox 113, Safari 16.4 or newer. What you see here is the run's summary.";

function say(text: string): void {
  const note = document.createElement("p");
  note.className = "report-problem";
  note.textContent = text;
  document.body.insertBefore(note, document.body.firstChild);
}

function boot(): Promise<void> {
  const block = document.querySelector('script[data-part="app"]')!;
  return inflateText(block.textContent!).then((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    block.replaceWith(script);
  });
}

if (typeof DecompressionStream === "undefined") say(PROBLEM);
else boot().catch((error) => say(`${PROBLEM} (${error})`));
