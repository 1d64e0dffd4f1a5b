import type { Size } from "../../picture/geometry.ts";
import { legendEntries } from "../../picture/dag/draw/colours.ts";
import { keepLayout } from "../../picture/dag/layout/stored_layout.ts";
import type { KeptLayout } from "../../host/kept_layout.ts";
import { type DagLayouts, layoutKey } from "../../picture/dag/layout/layouts.ts";
import { count } from "../../looks/format.ts";
import { stateVar } from "../../looks/palette.ts";
import type { DagView } from "../../model/dag/view.ts";
import type { Run } from "../../model/run/run.ts";
import { Swatch } from "./chart.tsx";
import { type DagDrawing, dagDrawing } from "./dag_drawing.ts";
import { paperTheme } from "./paper_theme.ts";

/** Room for the drawing: what the first A4 page has left, at two thirds of the screen's size. */
const PAGE: Size = { width: 1000, height: 760 };
/** The window that the layout for the interactive page is made for, in pixels. */
const SCREEN: Size = { width: 1280, height: 640 };

/** A DAG on paper, and the layout with which its interactive page begins. */
export interface PaperDag extends DagDrawing {
  /** Better layouts of it took too long. */
  plain: boolean;
  screen: KeptLayout;
}

/**
 * Lays out and draws a DAG.
 *
 * @param css the app's style sheets, for their colours
 * @param room bytes that the pictures of groups may take together
 */
export async function paperDag(
  run: Run,
  view: DagView,
  { layouts, css }: { layouts: DagLayouts; css: string },
  room?: number,
): Promise<PaperDag> {
  const { signal } = new AbortController();
  const tree = { view, opened: new Map() };
  const screen = await layouts.lay(tree, signal, SCREEN);
  const laid = screen.plain ? screen : await layouts.lay(tree, signal, PAGE);
  return {
    ...dagDrawing(run, laid, paperTheme(css), PAGE, room),
    plain: laid.plain,
    screen: keepLayout(layoutKey(view, SCREEN), view, screen),
  };
}

/** A drawn DAG with what its colours mean. */
export function PaperDagFigure({ view, dag }: { view: DagView; dag: PaperDag }) {
  const { entries } = legendEntries(view, "states");
  return (
    <figure class="paper-dag">
      <div
        role="img"
        aria-label={`The graph of ${count(view.tasks)} tasks with ${
          count(view.dependencies)
        } dependencies.`}
        // deno-lint-ignore react-no-danger
        dangerouslySetInnerHTML={{ __html: dag.svg }}
      />
      <p class="paper-legend">
        {entries.map(({ bucket, label, tasks }) => (
          <span key={bucket}>
            <Swatch colour={stateVar(view.states[bucket])} />
            {label} {tasks}
          </span>
        ))}
      </p>
      {dag.undrawn > 0 && (
        <p class="paper-note">
          The tasks of {count(dag.undrawn)} {dag.undrawn === 1 ? "group" : "groups"}{" "}
          are not drawn one by one here; they are in the interactive part of this file.
        </p>
      )}
      {dag.plain && <p class="paper-note">Plain layout: the full one took too long.</p>}
    </figure>
  );
}
