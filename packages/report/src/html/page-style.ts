/** The look of the page: system fonts, light and dark by the reader's choice, paper. `page.test.ts` keeps the hash right. */
export const PAGE_STYLE: string = `
:root{color-scheme:light dark;--bg:#f6f6f3;--surface:#fff;--ink:#1d1f24;--dim:#5d626b;--line:#e0e0da;--soft:#efefea;--accent:#2f55b8;--track:#ebebe6;
--green:#12703f;--green-bg:#e3f4ea;--red:#b3261e;--red-bg:#fdeceb;--blue:#1f55b5;--blue-bg:#e6eefb;--amber:#7d5200;--amber-bg:#fcf1d6;--orange:#a1420b;--orange-bg:#fceee3;--grey:#5d626b;--grey-bg:#ecece8;
--work:#5b7fd6;--review:#9b6bd0;--check:#2f9c95;--fix:#cf8a2a;
--mono:ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace;--sans:system-ui,-apple-system,"Segoe UI",Inter,Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{--bg:#121316;--surface:#1a1c20;--ink:#e7e7e4;--dim:#a3a8b1;--line:#30333a;--soft:#24262c;--accent:#9ab8ff;--track:#25282e;
--green:#63cf94;--green-bg:#12301f;--red:#ff8f87;--red-bg:#3c1a19;--blue:#93b8ff;--blue-bg:#1a2846;--amber:#e9bb55;--amber-bg:#33280f;--orange:#f6a26c;--orange-bg:#382112;--grey:#a3a8b1;--grey-bg:#2a2c32;
--work:#6f93ea;--review:#b088e2;--check:#47b3ab;--fix:#dca04a}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 var(--sans);overflow-wrap:anywhere}
code,time,.time,.path{font-family:var(--mono);font-size:.88em}
a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;z-index:9;padding:.5rem 1rem;background:var(--surface);border:1px solid var(--accent);border-radius:6px}
.skip:focus{top:1rem}
.lead,main,footer,nav ul{width:min(82rem,100% - 3rem);margin-inline:auto}
.lead{padding:2.5rem 0 1.5rem}
.lead>*{margin:0}
.eyebrow{color:var(--dim);font-size:.87rem}
h1{font-size:clamp(1.5rem,1.1rem + 1.6vw,2.15rem);line-height:1.2;letter-spacing:-.015em;font-weight:650;text-wrap:balance}
.lead h1{margin:.25rem 0 .9rem}
.outcome{display:flex;flex-wrap:wrap;gap:.4rem .7rem;align-items:baseline;font-size:1.07rem}
.lead .dim{margin-top:.6rem;font-size:.87rem}
.lead .note{margin-top:.5rem}
.note code{background:var(--soft);padding:.15rem .4rem;border-radius:5px}
.dim{color:var(--dim)}
nav{position:sticky;top:0;z-index:5;background:var(--bg);border-block:1px solid var(--line)}
nav ul{display:flex;gap:1.4rem;padding:0;margin-block:0;list-style:none;overflow-x:auto;scrollbar-width:none;font-size:.87rem}
nav a{display:block;padding:.6rem 0;color:var(--dim);text-decoration:none;white-space:nowrap}
nav a:hover{color:var(--ink)}
main{padding:1.5rem 0}
section{margin-bottom:2.75rem}
h2{font-size:1.16rem;line-height:1.3;letter-spacing:-.005em;font-weight:650;margin:0 0 .9rem}
h3{font-size:1rem;font-weight:600;margin:0}
p,ul,ol,dl,figure{margin:0 0 .8rem}
.figures{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;background:var(--line);border:1px solid var(--line);border-radius:12px;overflow:hidden}
.figures div{background:var(--surface);padding:.9rem 1.1rem}
.figures dt{color:var(--dim);font-size:.82rem}
.figures dd{margin:.1rem 0 0}
.figures strong{display:block;font-size:1.22rem;line-height:1.35;font-weight:620;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.figures small{font-size:.8rem;font-weight:500;color:var(--dim)}
.figures span{display:block;color:var(--dim);font-size:.8rem;line-height:1.4}
.limits{display:flex;flex-wrap:wrap;gap:.4rem 2rem;list-style:none;padding:0;margin:.8rem .2rem 0;font-size:.87rem}
.limits li{display:flex;align-items:center;gap:.5rem}
.limits .share{width:6rem;height:4px;margin:0;fill:var(--c)}
.s-completed{--c:var(--green);--cb:var(--green-bg)}.s-failed{--c:var(--red);--cb:var(--red-bg)}.s-running{--c:var(--blue);--cb:var(--blue-bg)}.s-waiting{--c:var(--amber);--cb:var(--amber-bg)}.s-interrupted{--c:var(--orange);--cb:var(--orange-bg)}.s-cancelled,.s-skipped,.s-pending{--c:var(--grey);--cb:var(--grey-bg)}
.badge{display:inline-flex;align-items:center;gap:.35em;padding:.05rem .55rem .05rem .4rem;border-radius:99px;background:var(--cb);color:var(--c);font-size:.8rem;font-weight:600;line-height:1.55;white-space:nowrap}
.outcome .badge{font-size:.9rem;padding:.15rem .75rem .15rem .55rem}
.mark{color:var(--c);font-weight:700;width:1em;text-align:center;flex:none}
.failure{background:var(--surface);border:1px solid var(--line);border-left:4px solid var(--red);border-radius:8px;padding:.9rem 1.1rem;margin-bottom:.8rem}
.failure .message{margin:.35rem 0 .6rem}
.failure .output{max-height:18rem;overflow:auto;margin:0 0 .7rem;padding:.5rem .7rem;background:var(--soft);border-radius:6px;font:.82rem/1.45 var(--mono);white-space:pre-wrap}
.failure dl{display:grid;gap:.25rem;margin:0;font-size:.9rem}
.failure dl div{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1rem}
.failure dt{color:var(--dim)}.failure dd{margin:0}
.warnings{list-style:none;padding:0}
.warnings li{background:var(--amber-bg);border-radius:8px;padding:.6rem 1rem;margin-bottom:.4rem}
.stages{display:grid;gap:1.25rem;align-items:start}
.beside{grid-template-columns:minmax(15rem,auto) minmax(0,1fr)}
.graph-frame,.table-frame,.timeline,.log,.rounds{background:var(--surface);border:1px solid var(--line);border-radius:12px}
.graph-frame{margin:0;padding:.5rem;overflow:auto;max-width:min(38rem,43vw);max-height:calc(100vh - 5rem);text-align:center}
.beside .graph-frame{position:sticky;top:3.6rem}
.graph{display:inline-block;max-width:100%;height:auto;vertical-align:top}
.graph text{font-family:var(--sans);font-size:11px;fill:var(--dim)}
.graph .id{font-family:var(--mono);font-size:11.5px;fill:var(--ink)}
.graph .glyph{font-size:11px;font-weight:700;text-anchor:middle;fill:var(--surface)}
.node{text-decoration:none}
.node rect{fill:var(--surface);stroke:var(--c);stroke-width:1.25}
.node circle{fill:var(--c)}
.node.s-pending rect,.node.s-skipped rect{stroke-dasharray:4 3}
.node.s-pending circle{fill:none;stroke:var(--c)}.node.s-pending .glyph{fill:var(--c)}
.node.critical rect{stroke-width:2.25}
.node:hover rect,.node:focus-visible rect{fill:var(--cb)}
.node:focus-visible{outline:none}.node:focus-visible rect{stroke:var(--accent);stroke-width:3}
.box rect{fill:var(--bg);stroke:var(--line);stroke-width:1.25}
.box text{font-weight:600}
.edge{fill:none;stroke:var(--dim);stroke-width:1.1;opacity:.65;marker-end:url(#arrow)}
.edge.critical{stroke-width:2.25;opacity:1}
#arrow path{fill:var(--dim)}
.table-frame{overflow-x:auto;margin-bottom:.8rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
th,td{padding:.5rem .8rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--dim);font-size:.78rem;font-weight:600;white-space:nowrap;padding-block:.55rem}
tbody th{font-weight:400}
.n{text-align:right;white-space:nowrap}
.stage-table tbody th{min-width:12rem}
.name{color:var(--dim)}
.tag{display:inline-block;border:1px solid var(--line);border-radius:5px;padding:0 .35rem;font-size:.75rem;color:var(--dim)}
.remark,.path{display:block;color:var(--dim);font-size:.82rem;overflow-wrap:anywhere}
.share{display:block;width:5.5rem;height:3px;margin:.3rem 0 0 auto;fill:var(--work);background:var(--track);border-radius:2px}
.below{display:block;color:var(--dim);font-size:.82rem}
.hash{font-size:.74rem;color:var(--dim);overflow-wrap:anywhere}
.time{white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;color:var(--dim);font-size:.82rem}
.key::before{content:"";display:inline-block;width:1.1em;height:.75em;margin-right:.45em;border-radius:2px;background:var(--k)}
.k-work{--k:var(--work)}.k-review{--k:var(--review)}.k-check{--k:var(--check)}.k-fix{--k:var(--fix)}.k-failed{--k:var(--red)}.k-interrupted{--k:var(--orange)}
.key.k-interrupted::before{background:none;border:1.5px dashed var(--k)}
.key.k-break::before{background:repeating-linear-gradient(135deg,var(--line) 0 2px,transparent 2px 5px);outline:1px solid var(--line)}
.timeline{padding:.5rem 1.1rem .7rem}
.line{display:grid;grid-template-columns:minmax(7rem,14rem) minmax(0,1fr) 6.5rem;gap:1rem;align-items:center}
.line .label{display:flex;gap:.35rem;align-items:baseline;min-width:0;text-decoration:none;font-size:.9rem}
.line .label code{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.line .label:hover code{text-decoration:underline}
.axis .label{color:var(--dim);font-size:.78rem;white-space:nowrap}
.track{display:block;width:100%;background:linear-gradient(var(--line),var(--line)) center/100% 1px no-repeat;overflow:visible}
.axis .track{background:none}
.axis text{font-size:11px;fill:var(--dim)}
.axis line{stroke:var(--line)}
.sum{text-align:right;color:var(--dim);font-size:.82rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.more{display:block;font-size:.75rem}
.bar rect{fill:var(--k);stroke:var(--k);stroke-width:1}
.bar.k-interrupted rect{fill:var(--surface);stroke-width:1.5;stroke-dasharray:3 2}
.bar:hover rect{filter:brightness(1.12)}
.bar:focus-visible{outline:none}.bar:focus-visible rect{stroke:var(--ink);stroke-width:2.5}
.pause{fill:var(--bg);stroke:var(--line);stroke-dasharray:2 3}
.band{position:relative;margin:.35rem -.6rem;padding:1.2rem .6rem .15rem;background:var(--bg);border-radius:8px}
.band-name{position:absolute;top:.2rem;left:.6rem;color:var(--dim);font-size:.74rem;font-weight:600}
.readout{min-height:1.5em;margin-top:.6rem;color:var(--dim);font-size:.85rem}
.rounds,.log{list-style:none;padding:.4rem 1.1rem}
.rounds li,.log>li{padding:.5rem 0;border-bottom:1px solid var(--line)}
.rounds>li:last-child,.log>li:last-child{border-bottom:0}
.rounds p{margin:0}
.rounds ul{margin:.35rem 0 .1rem;padding-left:2.2rem}
.rounds ul li{padding:0;border:0;list-style:disc}
.log time{color:var(--dim);margin-right:.5rem}
main>section>details{background:var(--surface);border:1px solid var(--line);border-radius:10px;margin-bottom:.5rem}
summary{cursor:pointer}
main summary{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:center;padding:.55rem 1rem}
main summary::before{content:"▸";color:var(--dim);font-size:.8em;width:.8em}
main details[open]>summary::before{content:"▾"}
main summary::-webkit-details-marker{display:none}
main summary .badge{margin-left:auto}
main details>p{padding:0 1rem;margin-bottom:.6rem}
main details .table-frame{border-width:1px 0 0;border-radius:0;margin:0}
.error{color:var(--red)}
.left-out{color:var(--dim);font-size:.85rem;font-style:italic;padding:.2rem 0;margin:.4rem .2rem}
main details>.left-out{padding:.3rem 1rem}
footer{padding:0 0 3rem;color:var(--dim);font-size:.87rem}
footer p{max-width:46rem;margin:.6rem 0}
@media (max-width:72rem){.figures{grid-template-columns:repeat(3,1fr)}.beside{grid-template-columns:minmax(0,1fr)}.beside .graph-frame{position:static;max-width:none;max-height:min(85vh,44rem)}}
@media (max-width:40rem){body{font-size:14.5px}.lead,main,footer,nav ul{width:calc(100% - 2rem)}.lead{padding-top:1.5rem}.line{grid-template-columns:minmax(0,1fr) auto;gap:.1rem .6rem}.line .track{grid-row:2;grid-column:1/-1}.axis .label{display:none}.failure dl div{grid-template-columns:1fr}.figures{grid-template-columns:1fr 1fr}.figures div{padding:.7rem .8rem}th,td{padding:.45rem .65rem}}
@media print{:root{--bg:#fff;--surface:#fff}body{font-size:10pt}nav,.skip,.readout{display:none}.beside .graph-frame{position:static;max-height:none;max-width:none;overflow:visible}.graph{max-height:15cm}.beside{grid-template-columns:1fr}.table-frame{overflow:visible}table{font-size:.82rem}th,td{padding:.3rem .5rem}main summary,main details>p{break-after:avoid}tr,.failure,.line,.rounds li{break-inside:avoid}h2{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (forced-colors:active){.bar rect{fill:LinkText;stroke:LinkText}.node rect{stroke:LinkText}.badge{border:1px solid}}
`;

/** SHA-256 of {@link PAGE_STYLE}, base64: the page's policy lets no other style apply. */
export const PAGE_STYLE_HASH: string = "fQcjn45yhef1QKBjSgl5K+CDS9qgm3ui5evQUuID7SI=";
