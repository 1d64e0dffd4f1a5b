/** Cells of tables as they are printed, without links and marks. */
import { count } from "../../looks/format.ts";
import { stateLabel } from "../../looks/palette.ts";
import { measuredText } from "../../components/measured.tsx";
import type { Cells } from "../../components/table/cells.tsx";
import { PaperBar } from "./bar.tsx";
import { short } from "./short.ts";

export const PAPER_CELLS = {
  app: (app) => short(app),
  states: ({ counts, total }) => (
    <PaperBar
      counts={counts.map(({ name, count }) => ({ state: name, count }))}
      total={total}
    />
  ),
  text: (text) => short(text ?? "–"),
  task: (id) => id,
  measured: (figure) =>
    `${figure.exact && figure.value !== null ? "= " : ""}${measuredText(figure)}`,
  state: stateLabel,
  dependencies: ({ ids, more }) => (
    <>
      {ids.join(", ") || "–"}
      {more ? ` +${count(more)}` : ""}
    </>
  ),
} satisfies Partial<Cells<unknown>>;
