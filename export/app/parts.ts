import { DATA, HEADER_ID, PART } from "../header.ts";

/** A deflated part of the report, in base64; it is taken out of the document. */
export function takePart(name: string): string {
  const block = document.querySelector(`script[${PART}="${name}"]`);
  if (!block) throw new Error(`This report is not whole: it lacks its part ${name}.`);
  block.remove();
  return block.textContent ?? "";
}

/** All parts with the run's data, by the names that the data's header knows. */
export function takeData(): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const block of document.querySelectorAll(`script[${PART}^="${DATA}"]`)) {
    parts[block.getAttribute(PART)!.slice(DATA.length)] = block.textContent ?? "";
    block.remove();
  }
  return parts;
}

/** What the report says of itself, as JSON. */
export function aboutText(): string {
  const text = document.getElementById(HEADER_ID)?.textContent;
  if (!text) throw new Error("This report is not whole: it lacks its header.");
  return text;
}
