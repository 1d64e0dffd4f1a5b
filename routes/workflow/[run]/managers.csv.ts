import { managersOf } from "../../../model/capacity.ts";
import { managersCsv } from "../../../model/fleet_csv.ts";
import { define } from "../../../state.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { noSuchRun } from "../../(_lib)/views.ts";

/** All managers of a run as CSV. */
export const handler = define.handlers({
  async GET(ctx) {
    const followed = await ctx.state.catalog.run(ctx.params.run);
    if (!followed) throw noSuchRun(ctx.params.run);
    const { run } = followed;
    return csvFile(run, "managers", managersCsv(managersOf(run)));
  },
});
