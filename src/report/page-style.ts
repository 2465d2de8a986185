/** The page's style, light and dark. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --panel: #ffffff; --ink: #1d2330; --soft: #5c6475; --line: #dfe2e8; --grid: #eceef2;
  --event: #2059c9; --model: #a8600a; --spotter: #6d7585; --truth: #1f8a50; --limit: #c2283c; --signal: #1d2330;
  --brows: #7b3fc4; --eyes: #0b7f9e; --nose: #8a6d00; --cheeks: #c2487b; --mouth: #c24a14; --chin: #3d7a1f; --head: #7a8090;
  --notice: #fff6e0; --notice-line: #e3c780;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171d; --panel: #1b1f27; --ink: #e6e9ef; --soft: #9aa3b5; --line: #343b48; --grid: #262c36;
    --event: #7fabff; --model: #f0ad55; --spotter: #98a1b3; --truth: #54cc8a; --limit: #ff7a88; --signal: #dfe4ee;
    --brows: #b98cf5; --eyes: #4cc3e0; --nose: #d4b548; --cheeks: #f28ab5; --mouth: #ff9461; --chin: #8ccc66; --head: #8a92a3;
    --notice: #2b2516; --notice-line: #6a5724;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 84rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; max-width: 75ch; }
a { color: var(--event); }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.kicker { color: var(--soft); margin: 0; }
.notice { background: var(--notice); border: 1px solid var(--notice-line); border-radius: 6px; padding: .5rem .8rem; }
.truth-notice { background: none; border: 1px dashed var(--truth); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .6rem 1.5rem; margin: 1rem 0; }
.facts dt, .details dt { color: var(--soft); font-size: .8rem; }
.facts dd, .details dd { margin: 0; }
.facts .wide { grid-column: 1 / -1; } .facts code { display: inline; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .5rem 0; list-style: none; }
.counts li, .verdict { border: 1px solid currentColor; border-radius: 999px; padding: 0 .6rem; white-space: nowrap; }
.rank-2 { color: var(--event); } .rank-1 { color: var(--model); } .rank-0 { color: var(--spotter); }
.counts .rank-2, .verdict.rank-2 { font-weight: 600; }
.tools { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center;
  background: var(--paper); border-bottom: 1px solid var(--line); padding: .5rem 0; }
.tools output, #pointed { color: var(--soft); margin-left: .5rem; font-variant-numeric: tabular-nums; }
#pointed { margin-left: auto; }
button { font: inherit; font-size: .85rem; color: inherit; background: var(--panel); border: 1px solid var(--line);
  border-radius: 5px; padding: .15rem .6rem; cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--event); outline-offset: 2px; }
.chart { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .6rem 0; }
.chart > :not(svg) { margin: .4rem 1rem; }
.picture { display: block; touch-action: pan-y; cursor: crosshair; user-select: none; }
.picture.dragged { cursor: grabbing; }
.picture text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.picture .axis { fill: var(--soft); font-size: 11px; }
.picture .name, .picture .threshold-name { paint-order: stroke; stroke: var(--panel); stroke-width: 4px; }
.picture .truth-name { fill: var(--truth); }
.grid { stroke: var(--grid); } .hairline { stroke: var(--soft); stroke-dasharray: 2 3; pointer-events: none; }
.score { fill: none; stroke: var(--signal); stroke-width: 1.4; stroke-linejoin: round; }
.threshold { stroke: var(--limit); stroke-dasharray: 6 4; } .picture .threshold-name { fill: var(--limit); font-size: 11px; }
.strip { fill: none; }
.trace { fill: none; stroke-width: 1.2; stroke-linejoin: round; } .trace.x { stroke-dasharray: 3 3; opacity: .75; }
.trace.dense { stroke-dasharray: none; stroke-linejoin: bevel; }
.trace.strong { stroke-width: 2.6; opacity: 1; }
.shade { fill: currentColor; stroke: none; opacity: .12; } .shade.rank-2 { opacity: .22; }
.apex, .ends { fill: none; stroke: currentColor; opacity: .5; } .ends { stroke-dasharray: 3 3; opacity: .3; }
.sign { cursor: pointer; outline-offset: 0; } .target { fill: transparent; }
.glyph { fill: var(--panel); stroke: currentColor; stroke-width: 1.6; } .rank-2 .glyph { fill: currentColor; }
.sign:hover .glyph, .is-chosen .glyph { stroke-width: 3; }
.chosen .shade { opacity: .25; } .chosen line { stroke: currentColor; } .picture .chosen text { font-size: 11px; fill: currentColor; }
.truth { fill: var(--soft); opacity: .45; } .truth.micro { fill: var(--truth); opacity: .9; }
.chooser { display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; font-size: .85rem; }
.chooser button { border-color: currentColor; } .chooser button[aria-pressed="false"] { opacity: .55; border-style: dashed; }
.chooser button[aria-pressed="true"] { font-weight: 600; } .chooser .action { color: var(--ink); border-color: var(--line); }
${["brows", "eyes", "nose", "cheeks", "mouth", "chin", "head"]
  .map((group) => `.group-${group} { color: var(--${group}); stroke: var(--${group}); }`)
  .join("\n")}
button[class^="group-"] { stroke: none; }
.details { border-top: 1px solid var(--line); padding-top: .6rem; min-height: 5rem; color: var(--soft); }
.details dl { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 0 0 .3rem; color: var(--ink); }
.details dl > div { max-width: 34rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
table { border-collapse: collapse; width: 100%; font-size: .85rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; font-size: .8rem; white-space: nowrap; }
tr:last-child td { border-bottom: 0; } tr:target { background: var(--notice); }
td.number, .place { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.why { min-width: 15rem; } td code, dd code { display: block; color: var(--soft); overflow-wrap: normal; }
.pictures { display: flex; gap: .4rem; } .pictures img { display: block; border-radius: 4px; width: 112px; height: 112px; }
td .pictures img { width: 64px; height: 64px; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .75rem; }
@media print { .tools, .chooser { display: none; } }
`;
