import type { DagColour } from "../../model/dag/view.ts";
import { dagNodes } from "../../model/dag/nodes.ts";
import type { DagPageView } from "../../model/views/dag.ts";
import type { State } from "../../state.ts";
import { addressOf } from "../../live/views/address.ts";
import { type Shown, showRun } from "../../live/views/views.ts";

/** The DAG page of the run that the path names, drawn of what the parameter `nodes` asks for. */
export async function showDag(
  { state, url }: { state: State; url: URL },
  colour: DagColour,
): Promise<Shown<DagPageView>> {
  const asked = new URLSearchParams({ colour });
  const nodes = dagNodes(url.searchParams.get("nodes"));
  if (nodes) asked.set("nodes", nodes);
  const shown = await showRun(state, "dag", { ...addressOf(url), params: asked });
  state.title = `DAG · ${shown.view.head.name}`;
  return shown;
}
