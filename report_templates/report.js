"use strict";
(function () {
  var root = document.documentElement;
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.filter.call(document.querySelectorAll("details"), function (part) {
      return !part.open;
    });
    closed.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (part) { part.open = false; });
    closed = [];
    root.classList.remove("summary-only");
  });
  Array.prototype.forEach.call(document.querySelectorAll(".tools"), function (tools) {
    tools.hidden = false;
    tools.addEventListener("click", function (event) {
      var wanted = event.target.getAttribute("data-print");
      if (!wanted) { return; }
      root.classList.toggle("summary-only", wanted === "summary");
      window.print();
    });
  });
})();
