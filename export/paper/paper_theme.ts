import { type Theme, themeOf } from "../../looks/theme.ts";

/** The light colours of the app's style sheets, which declare them before the dark ones. */
export function paperTheme(css: string): Theme {
  return themeOf((property, otherwise) => {
    const [, value] = css.match(new RegExp(`${property}:\\s*(#[\\da-f]{3,6})\\b`, "i")) ?? [];
    if (!value) return otherwise;
    return value.length === 4 ? value.replace(/[\da-f]/gi, "$&$&") : value;
  });
}
