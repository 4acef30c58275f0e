/** The style of curves. */
export const CURVES = `.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;margin:2px 0 10px}
.legend li{display:inline-flex;gap:7px;align-items:center}.legend svg{flex:none;overflow:visible}
.curve{display:grid;grid-template-columns:46px minmax(0,1fr);gap:0 8px}
.curve svg{overflow:visible}
.look{color:var(--ink)}.l1{color:var(--look-1)}.l2{color:var(--look-2)}.l3{color:var(--look-3)}.l4{color:var(--look-4)}.l5{color:var(--look-5)}
.legend .look{color:inherit}.legend .l0 svg{color:var(--ink)}.legend .l1 svg{color:var(--look-1)}.legend .l2 svg{color:var(--look-2)}.legend .l3 svg{color:var(--look-3)}.legend .l4 svg{color:var(--look-4)}.legend .l5 svg{color:var(--look-5)}
.course{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke}.l0 .course{stroke-width:2.75}
.whisker{fill:none;stroke:currentColor;stroke-width:1.25}.whisker.open{stroke-dasharray:2 3}
.point{fill:currentColor;stroke:var(--card);stroke-width:1.25}
line.level{stroke:var(--quiet);stroke-width:1.5}.level-band{fill:var(--bins);opacity:.45}
line.base{stroke:var(--strong)}
.limit-word{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.ticks .strong{fill:var(--ink);font-weight:600}.count-of{font-size:11px}
.chart .inner .card{margin-top:6px;max-height:340px;overflow:auto}.chart .inner .scroll td,.chart .inner .scroll td:last-child,.chart .inner .scroll tbody th{min-width:0;padding:4px 10px}
@media print{.curve{break-inside:avoid}.chart .inner .card{max-height:none;overflow:visible}}
`;
