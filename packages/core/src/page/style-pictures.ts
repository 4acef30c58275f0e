/** The style of the pictures that steps draw. */
export const PICTURES = `.picture{margin-top:6px}.picture .score{min-width:704px}.picture .scroll{padding-bottom:2px}
.close-up+.close-up{margin-top:14px}.close-up h3{display:flex;flex-wrap:wrap;gap:2px 8px;align-items:center}.cause-body .picture{margin:2px 0 12px}.cause-body h3.small{margin-top:14px}.picture h4,.close-up h4{margin:8px 0 4px;font-size:13px;font-weight:620}
.score-line+.score-line{margin-top:10px;border-top:1px solid var(--line);padding-top:6px}
.score .lane{grid-template-columns:130px minmax(0,1fr);align-items:start}.score .lane-name{position:sticky;left:0;background:var(--card);color:var(--soft);font-size:12.5px;line-height:16px;padding:3px 6px 3px 0;z-index:1}
.picture .inner .card{margin-top:6px;max-height:340px;overflow:auto}.picture .inner .scroll td,.picture .inner .scroll td:last-child,.picture .inner .scroll tbody th{min-width:0;padding:4px 10px}
.score svg{overflow:visible}
.tone{stroke-width:1.5}
.tone.neutral{fill:var(--look-1);stroke:var(--look-1)}.tone.good{fill:var(--pass-fill);stroke:var(--pass)}.tone.bad{fill:url(#look-bad);stroke:var(--fail)}.tone.unclear{fill:url(#look-unclear);stroke:var(--inconclusive)}.tone.muted{fill:var(--skip-fill);stroke:var(--strong)}
#look-bad .ground,#look-unclear .ground{fill:var(--card)}#look-bad .ink{fill:var(--fail)}#look-unclear .ink{fill:var(--inconclusive)}
.moment line{stroke:currentColor;stroke-width:1.5}.moment g{fill:currentColor;stroke:var(--card);stroke-width:1}
.moment{color:var(--ink)}.moment.good{color:var(--pass)}.moment.bad{color:var(--fail)}.moment.unclear{color:var(--inconclusive)}.moment.muted{color:var(--quiet)}
svg text.said{fill:var(--soft)}svg text.said.bad{fill:var(--fail);font-weight:620}
.legend.tones{margin:6px 0 2px;color:var(--quiet);font-size:12.5px}
@media (max-width:720px){.score .lane{grid-template-columns:minmax(0,1fr);padding:0}.score .lane-name{justify-self:start;padding:2px 6px 0 0}.score .time-axis .lane-name{display:none}.picture .score{min-width:560px}}
@media print{.score-line{break-inside:avoid}.picture .inner .card{max-height:none;overflow:visible}.picture .score{min-width:0}}
`;
