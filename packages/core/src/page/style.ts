import { CURVES } from './style-curves.js';
import { FIGURES } from './style-figures.js';
import { PICTURES } from './style-pictures.js';
import { REMEDIES } from './style-remedies.js';
import { TOKENS } from './tokens.js';

const BASE = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:56px}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
code,pre,time{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
.wide{max-width:1120px;margin:0 auto;padding:0 24px}
h1,h2,h3,p,ul,dl,dd,pre{margin:0;padding:0}
ul{list-style:none}
a{color:inherit}
[hidden]{display:none!important}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;z-index:9;background:var(--card);padding:8px 12px}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.meta{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;padding-top:20px;color:var(--quiet);font-size:13px}
.meta b{color:var(--ink)}
.env{border:1px solid var(--strong);border-radius:4px;padding:1px 6px;color:var(--soft)}
.env.production{border-color:var(--fail);color:var(--fail);font-weight:650}
.top{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,430px);gap:20px 48px;padding:14px 0 24px;align-items:start}
.verdict{display:grid;grid-template-columns:30px minmax(0,1fr);gap:0 12px}
.verdict .mark{margin-top:4px}
h1{font-size:27px;line-height:1.22;letter-spacing:-.018em;font-weight:680;text-wrap:balance}
.detail{grid-column:2;margin-top:8px;color:var(--soft);font-size:15px;max-width:60ch}
.counts{grid-column:2;display:flex;flex-wrap:wrap;gap:6px 18px;margin-top:12px;font-weight:620}
.badge{display:inline-flex;align-items:center;gap:7px;font-weight:620;white-space:nowrap}
.mark{flex:none;vertical-align:-3px}
.mark .b{fill:currentColor}.mark .s{fill:none;stroke:var(--card);stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}.mark .o{fill:none;stroke:currentColor;stroke-width:1.6}
.badge.pass,.mark.pass,.count.pass{color:var(--pass)}.badge.fail,.mark.fail,.count.fail,.bad{color:var(--fail)}.badge.inconclusive,.mark.inconclusive{color:var(--inconclusive)}
.badge.none,.mark.none{color:var(--none)}.badge.error,.mark.error,.count.error{color:var(--error)}.badge.remedied,.mark.remedied{color:var(--remedied)}.badge.needs-you,.mark.needs-you{color:var(--needs-you)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px}
.todo{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.todo h2{font-size:13px;font-weight:650;margin-bottom:4px}
.todo li{display:grid;grid-template-columns:16px minmax(0,1fr);gap:10px;padding:9px 0}
.todo li+li{border-top:1px solid var(--line)}
.todo .mark{margin-top:3px}
.todo .none,.todo .more{color:var(--quiet)}
.cmd{display:block;color:var(--soft);margin-top:2px;white-space:pre-wrap}
.cmd-box{display:flex;gap:8px;align-items:start;justify-content:space-between;margin-top:2px}
.cmd-box .cmd{margin-top:2px}
button{font:inherit;font-size:12px;color:var(--soft);background:var(--sunk);border:1px solid var(--line);border-radius:5px;padding:2px 9px;min-height:24px;min-width:24px;cursor:pointer;flex:none}
.find{padding:0 7px;margin-left:6px}
button:hover{border-color:var(--strong);color:var(--ink)}
nav{position:sticky;top:0;z-index:5;background:var(--page);border-block:1px solid var(--line)}
nav ul{display:flex;gap:4px 20px;overflow-x:auto;scrollbar-width:none}
nav a{display:block;padding:10px 0;font-size:13px;color:var(--soft);text-decoration:none;white-space:nowrap}
nav a:hover{color:var(--ink);text-decoration:underline;text-underline-offset:4px}
nav a sup{font-size:11px;line-height:1;vertical-align:baseline;margin-left:4px;color:var(--quiet)}
main section.part{padding-top:34px}
h2{font-size:16px;font-weight:660;letter-spacing:-.006em}
h3{font-size:14px;font-weight:640}
h3.small{font-size:12px;font-weight:600;color:var(--quiet)}
h2+.card,.empty+.card{margin-top:10px}
.lede{color:var(--soft);max-width:80ch;text-wrap:pretty;margin:2px 0 12px}
.sub{color:var(--quiet);font-size:13px;margin-bottom:8px}
.fine{color:var(--quiet);font-size:12.5px;margin-top:8px;max-width:100ch}
.quiet,.note{color:var(--quiet);font-weight:400}
.note{font-size:12.5px}
.under{display:block;color:var(--quiet);font-size:12.5px;font-weight:400}
.empty{color:var(--quiet);padding:4px 0}
.num{text-align:right;white-space:nowrap}
.scroll{overflow-x:auto}
.scroll table{overflow-wrap:break-word}.scroll td code{white-space:nowrap}.scroll td:not(.num){min-width:110px}.scroll td:last-child{min-width:150px}.scroll tbody th{min-width:130px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:600;text-align:left}
thead th{font-size:12.5px;font-weight:500;color:var(--quiet);white-space:nowrap;vertical-align:bottom}
th.num{text-align:right}
th,td{padding:7px 12px;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0}
tbody th{font-weight:550}
table td .under:first-child{display:block}
.cause{margin-top:10px}
.cause>summary,.inner>summary{cursor:pointer;padding:10px 14px;list-style-position:outside;min-height:24px}
.cause>summary{display:flex;gap:10px;align-items:baseline;list-style:none}
.cause>summary::-webkit-details-marker{display:none}
.cause>summary::after{content:"";margin-left:auto;align-self:center;width:7px;height:7px;border-right:1.5px solid var(--quiet);border-bottom:1.5px solid var(--quiet);transform:rotate(45deg);flex:none}
.cause[open]>summary::after{transform:rotate(225deg)}
.cause[open]>summary{border-bottom:1px solid var(--line)}
.count{display:inline-flex;gap:6px;align-items:center;font-weight:680;flex:none;min-width:36px}
.cause-title{font-weight:620;min-width:0}
.cause-body{padding:12px 14px 6px}
.cause-body>p{color:var(--soft)}
dl{display:grid;grid-template-columns:84px minmax(0,1fr);gap:4px 12px;margin-top:10px}
dt{color:var(--quiet);font-size:12.5px;padding-top:1px}
.words dd{font-size:16px}
del{color:var(--fail);background:var(--fail-tint);text-decoration:line-through;text-decoration-thickness:1.5px;border-radius:3px;padding:0 2px}
ins{text-decoration:none;border:1.5px solid var(--inconclusive);color:var(--inconclusive);border-radius:4px;padding:0 3px}
.got{color:var(--fail)}
.again{background:var(--sunk);border-radius:6px;padding:8px 10px;margin-top:12px}
.inner{margin-top:6px}.inner>summary{padding:6px 0;list-style-position:inside;color:var(--soft)}
.payload{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:12px;padding-bottom:8px}
pre{white-space:pre-wrap;background:var(--sunk);border-radius:6px;padding:8px 10px;max-height:320px;overflow:auto}
footer p{color:var(--quiet);font-size:12.5px;border-top:1px solid var(--line);margin:44px 0 40px;padding-top:16px}
`;

const SMALL = `@media (max-width:900px){.top{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:900px){table.slos,.slos thead,.slos tbody{display:block}
.slos thead tr{display:block}.slos thead th{display:none}.slos thead th.strips{display:block;width:auto;border:0;padding:6px 12px 0}
.slos tr.group{display:block}.slos tr.group th{display:block}
.slos tr.slo{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 12px;padding:10px 12px;border-top:1px solid var(--line)}
.slos tr.slo>*{display:block;border:0;padding:0;box-shadow:none!important}.slos tr.slo.fail{box-shadow:inset 3px 0 var(--fail)}.slos tr.slo.error{box-shadow:inset 3px 0 var(--error)}.slos tr.slo.inconclusive{box-shadow:inset 3px 0 var(--inconclusive)}
.slos .v{order:1;width:auto}.slos .actual{order:2}.slos .name{order:3;grid-column:1/-1}.slos .target{order:4;text-align:left}.slos .n{order:5}.slos .n::before{content:"n "}.slos td.interval{order:6;grid-column:1/-1;text-align:left}.slos .strips{order:7;grid-column:1/-1;width:auto;padding-top:4px}
.slos tr.none td.interval{display:none}}
@media (max-width:720px){.wide{padding:0 14px}h1{font-size:24px}.detail,.counts{grid-column:1/-1}
dl{grid-template-columns:minmax(0,1fr);gap:0}dd+dt{margin-top:6px}
.erow .p{display:none}
th,td{padding:7px 9px}}
@media screen and (max-width:720px){.slos tr.pass td.n,.slos tr.pass td.interval,.slos tr.pass .note{display:none}}
@media (forced-colors:active){.mark .s{stroke:Canvas}.badge,.count{forced-color-adjust:none;background:Canvas}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;

const PRINT = `@media print{body{background:#fff;font-size:11px}nav,.copy,.find,.search,.skip,#copy-lines{display:none!important}#log{display:none!important}#milestones{display:block!important}.wide{max-width:none;padding:0}.top{grid-template-columns:1.2fr 1fr}
.slo,.cause>summary,.serie,.lane,.todo li,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}.scroll table{overflow-wrap:anywhere}.scroll td code{white-space:normal}.scroll td,.scroll th,.scroll td:last-child,.scroll tbody th{min-width:0}table{font-size:10px}th,td,.slos th,.slos td{padding:4px 6px}.slos .strips{width:190px}.cards{grid-template-columns:1fr 1fr}pre{max-height:none}a{text-decoration:none}main section.part{padding-top:18px}}
`;

/** The whole style of the page. Widths of figures are attributes in per cent, so that no element needs a style of its own. */
export const STYLE = `${TOKENS}${BASE}${FIGURES}${CURVES}${PICTURES}${SMALL}${REMEDIES}${PRINT}`;
