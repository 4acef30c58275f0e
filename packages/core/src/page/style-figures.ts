/** The style of the SLO table, the drawings and the event list. */
export const FIGURES = `svg{display:block}
svg.mark{display:inline-block}
svg text{font-size:11.5px;fill:var(--quiet);font-family:inherit}
.slos th,.slos td{vertical-align:middle;padding:5px 12px}
.slos .v{width:128px}.slos .name{font-weight:560;min-width:150px}.slos .note{display:inline-block}
.slos .actual b{font-weight:680}.slos td.interval,.slos .n{color:var(--quiet)}
.slos .strips{width:clamp(170px,25vw,270px);padding-right:16px}
.slos .strips svg{overflow:visible}
.slos tr.group th{background:var(--sunk);font-size:12.5px;font-weight:560;color:var(--soft);padding:4px 12px}
.slos tr.slo.fail{background:var(--fail-tint)}.slos tr.slo.error{background:var(--error-tint)}
.slos tr.slo.fail>td:first-child{box-shadow:inset 3px 0 var(--fail)}.slos tr.slo.error>td:first-child{box-shadow:inset 3px 0 var(--error)}.slos tr.slo.inconclusive>td:first-child{box-shadow:inset 3px 0 var(--inconclusive)}
.axis .strong{fill:var(--ink);font-weight:640}
.bins path{fill:var(--bins)}
line.limit{stroke:var(--ink);stroke-width:1.25}
line.interval{stroke:var(--quiet);stroke-width:3}line.interval.open{stroke-width:2;stroke-dasharray:2 4}
.dot{fill:var(--ink);stroke:var(--card);stroke-width:1.5}
.fail .dot{fill:var(--fail)}.fail line.interval{stroke:var(--fail)}
.inconclusive .dot.ring,.error .dot.ring,.none .dot.ring{fill:var(--card);stroke:var(--inconclusive);stroke-width:2.5}
.arrow{fill:none;stroke:var(--fail);stroke-width:2}.beyond{fill:var(--fail)!important;font-weight:620}
.pass .arrow{stroke:var(--ink)}
.unmeasured{display:block;border:1px dashed var(--strong);border-radius:5px;text-align:center;color:var(--quiet);font-size:12.5px;padding:4px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:14px}
.chart{padding:14px 16px}
.serie{display:grid;grid-template-columns:minmax(90px,30%) minmax(0,1fr) minmax(96px,auto);gap:0 12px;align-items:center;padding:3px 0}
.serie svg{overflow:visible}
.serie.tall{grid-template-columns:minmax(0,1fr) auto;gap:4px 12px;padding:5px 0}.serie.tall>svg{grid-column:1/-1;grid-row:2}
.serie-name .note{display:block}
.figures{text-align:right;white-space:nowrap;font-size:13px}
line.floor{stroke:var(--line)}
line.p50{stroke:var(--quiet);stroke-width:1.5}line.p95{stroke:var(--accent);stroke-width:2.5}
.chart line.limit{stroke-dasharray:4 3}
.timeline{padding:10px 16px 8px}
.lane{display:grid;grid-template-columns:minmax(120px,21%) minmax(0,1fr);gap:0 14px;align-items:center}
.lanes .lane+.lane{border-top:1px solid var(--line)}
.lane-name{font-size:13px;padding:3px 0}.lane-name .quiet,.lane-name .bad{font-size:12px}
.phases line{stroke:var(--strong)}
line.grid{stroke:var(--line)}
path.passed{fill:var(--pass)}path.failed{fill:var(--fail)}path.error{fill:var(--error)}path.skipped,path.cancelled,path.open{fill:var(--strong)}
line.wait{stroke:var(--inconclusive);stroke-width:2;stroke-dasharray:1 4}
.key{display:flex;flex-wrap:wrap;gap:4px 6px;align-items:center}
.k{display:inline-block;width:14px;height:8px;margin-left:10px}.k:first-child{margin-left:0}
.k.passed{background:var(--pass)}.k.failed{background:var(--fail);height:13px}.k.error{background:var(--error);height:13px}.k.skipped{background:var(--strong)}.k.wait{height:0;border-top:2px dotted var(--inconclusive)}
.search{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;margin-bottom:10px}
input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--strong);border-radius:6px;padding:5px 9px;min-height:32px;min-width:0;width:min(320px,100%)}
output{color:var(--quiet);font-size:13px}
.window{height:420px;overflow:auto;position:relative;contain:strict}
.space{position:relative}
.erow{position:absolute;left:0;right:0;height:28px;display:grid;grid-template-columns:96px 128px 150px minmax(0,1fr);gap:0 12px;align-items:center;padding:0 12px;font-size:13px;border-bottom:1px solid var(--line);cursor:pointer}
.erow span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.erow .t{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;color:var(--quiet)}
.erow.chosen{background:var(--sunk);box-shadow:inset 3px 0 var(--accent)}
.json{margin-top:10px;border-radius:8px}
table.events td{white-space:nowrap}table.events td:last-child{white-space:normal;min-width:240px}
@media (max-width:720px){.lane{grid-template-columns:minmax(0,1fr);padding:4px 0}.serie{grid-template-columns:minmax(0,1fr) auto}.serie>svg{grid-column:1/-1;grid-row:2}.serie:not(.tall).axis>span{display:none}.erow{grid-template-columns:92px 104px minmax(0,1fr)}.timeline,.chart{padding:10px 12px}.figures{min-width:0}.serie.tall{grid-template-columns:minmax(0,1fr);gap:1px}.serie.tall>svg{grid-row:auto}.serie.tall>.figures{text-align:left;grid-row:2;white-space:normal}.serie.tall:not(.axis)>svg{grid-row:3}}
`;
