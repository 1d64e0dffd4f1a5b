/** The style sheet that Observable Plot puts into each chart: pages are allowed it by its digest. */
export const PLOT_STYLE = `:where(.plot-d6a7b5) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.plot-d6a7b5 text),
:where(.plot-d6a7b5 tspan) {
  white-space: pre;
}`;
