/** The style of causes, changes and alerts, and of the marks that changes leave in other drawings. */
export const REMEDIES = `.remedy{margin-top:10px;padding:0 0 4px}
.remedy>header{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;padding:12px 16px 10px}
.remedy h3{min-width:0}
.story{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,210px),1fr));gap:0;margin:0;border-block:1px solid var(--line)}
.story>div{padding:10px 16px;border-left:1px solid var(--line);margin-left:-1px}
.story dd{margin-top:1px}
.story b{font-weight:660}
.fact{display:block}
.fact bdi{color:var(--soft)}
.shifts{padding:8px 16px 4px}
.shifts .serie{grid-template-columns:minmax(120px,24%) minmax(0,1fr) 230px}
.shifts .figures{white-space:normal}.shifts .figures .badge{margin-left:8px}
.remedy>.again{margin:8px 16px 12px}
.remedy>.again p+.cmd-box,.remedy>.again p+.cmd{margin-top:4px}
.held{padding:8px 16px 2px;color:var(--soft);font-size:13px}
.held li+li{margin-top:3px}
h3.between{margin:18px 0 8px}
s.was{color:var(--quiet);font-weight:400;font-size:12.5px}
.strip .was{fill:var(--card);stroke:var(--fail);stroke-width:1.75}.strip .was.held{stroke:var(--quiet)}
line.shift{stroke:var(--remedied);stroke-width:1.5}
.slos tr.slo.remedied>td:first-child{box-shadow:inset 3px 0 var(--remedied)}
line.change{stroke:var(--remedied);stroke-width:1.75}line.change.undone{stroke-dasharray:4 3}
svg text.change{fill:var(--remedied);font-weight:620;paint-order:stroke;stroke:var(--card);stroke-width:4px}
.k.change{width:0;height:13px;border-left:2px solid var(--remedied)}
@media screen and (max-width:900px){.slos tr.slo.remedied{box-shadow:inset 3px 0 var(--remedied)}}
@media (max-width:720px){.shifts .serie{grid-template-columns:minmax(0,1fr)}.shifts .figures{text-align:left;grid-row:3}.shifts .serie.axis{display:grid}.story>div{border-left:0;margin-left:0}.story>div+div{border-top:1px solid var(--line)}}
`;
