import { nodesCsv } from "../../../model/figures/node_columns.ts";
import { nodeFigures } from "../../../model/figures/nodes.ts";
import { define } from "../../../state.ts";
import { addressOf } from "../../../live/views/address.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { noSuchRun } from "../../../live/views/page_error.ts";

/** All hosts of a run that were looked at themselves, as CSV. */
export const handler = define.handlers({
  async GET(ctx) {
    const asked = addressOf(ctx.url);
    const followed = await ctx.state.catalog.run(asked.run);
    if (!followed) throw noSuchRun(asked.run, ctx.state);
    const { run } = followed;
    return csvFile(run, "nodes", nodesCsv(nodeFigures(run)));
  },
});
