/** What reports are made with, out of a bundle: in the place of assets/report.ts. */
import type { PackedScript, ReportAssets } from "../export/assets.ts";
import { unpackedText } from "../export/packed_text.ts";

type Script = Exclude<keyof ReportAssets, "css" | "icon">;

/** A report's assets without what follows from the rest. */
export interface BundledReport {
  css: string;
  icon: string;
  scripts: Record<Script, Omit<PackedScript, "text">>;
}

/** What a bundle holds of a report's assets. */
export function bundledReport({ css, icon, ...scripts }: ReportAssets): BundledReport {
  const short = ({ packed, hash }: PackedScript) => ({ packed, hash });
  const { boot, app, elk } = scripts;
  return { css, icon, scripts: { boot: short(boot), app: short(app), elk: short(elk) } };
}

/** Makes the function that gives the assets of reports. */
export function reportAssetsOf({ css, icon, scripts }: BundledReport) {
  const whole = ({ packed, hash }: Omit<PackedScript, "text">): PackedScript => ({
    packed,
    hash,
    text: unpackedText(packed),
  });
  let made: ReportAssets | undefined;
  return (): Promise<ReportAssets> => {
    const { boot, app, elk } = scripts;
    made ??= { css, icon, boot: whole(boot), app: whole(app), elk: whole(elk) };
    return Promise.resolve(made);
  };
}
