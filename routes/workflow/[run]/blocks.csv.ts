import { blocksOf } from "../../../model/figures/blocks.ts";
import { blocksCsv } from "../../../model/figures/fleet_columns.ts";
import { define } from "../../../state.ts";
import { addressOf } from "../../../live/views/address.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { noSuchRun } from "../../../live/views/page_error.ts";

/** All blocks of a run as CSV. */
export const handler = define.handlers({
  async GET(ctx) {
    const asked = addressOf(ctx.url);
    const followed = await ctx.state.catalog.run(asked.run);
    if (!followed) throw noSuchRun(asked.run, ctx.state);
    const { run } = followed;
    return csvFile(run, "blocks", blocksCsv(blocksOf(run)));
  },
});
