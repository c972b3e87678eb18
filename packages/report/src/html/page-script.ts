/**
 * What the page does beyond being read: arrow keys between the bars of the timeline, their text below it, links that
 * open what they lead to, everything open on paper. Without it all is there; `page.test.ts` keeps the hash right.
 */
export const PAGE_SCRIPT: string = `(function () {
  var bars = Array.prototype.slice.call(document.querySelectorAll(".bar"));
  var readout = document.getElementById("readout");
  var tell = function (event) {
    var bar = event.target.closest && event.target.closest(".bar");
    if (bar && readout) readout.textContent = bar.getAttribute("aria-label");
  };
  document.addEventListener("focusin", tell);
  document.addEventListener("mouseover", tell);
  var enter = function (bar) {
    bars.forEach(function (each) { each.setAttribute("tabindex", each === bar ? "0" : "-1"); });
  };
  var rowOf = function (bar) { return bar.closest(".line"); };
  var next = function (bar, key) {
    var at = bars.indexOf(bar);
    if (key === "ArrowRight") return bars[at + 1];
    if (key === "ArrowLeft") return bars[at - 1];
    if (key === "Home") return bars[0];
    if (key === "End") return bars[bars.length - 1];
    if (key === "ArrowDown") return bars.slice(at).find(function (each) { return rowOf(each) !== rowOf(bar); });
    if (key === "ArrowUp") return bars.slice(0, at).reverse().find(function (each) { return rowOf(each) !== rowOf(bar); });
  };
  if (bars.length > 0) enter(bars[0]);
  document.addEventListener("keydown", function (event) {
    var bar = event.target.closest && event.target.closest(".bar");
    if (!bar || event.altKey || event.ctrlKey || event.metaKey) return;
    var to = next(bar, event.key);
    if (!to) return;
    event.preventDefault();
    enter(to);
    to.focus();
  });
  var open = function () {
    var id = location.hash.slice(1);
    var target = id === "" ? null : document.getElementById(id);
    if (!target || target.tagName !== "DETAILS") return;
    target.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", open);
  open();
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (each) { each.open = true; });
  });
})();
`;

/** SHA-256 of {@link PAGE_SCRIPT}, base64: the page's policy lets no other script run. */
export const PAGE_SCRIPT_HASH: string = "zAugV74MI13696I+VoI+ktqiJSEEm+WvmBK8Yoig3z0=";
