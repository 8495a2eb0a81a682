"use strict";
(function () {
  var table = document.getElementById("matrix");
  var form = document.querySelector(".filters");
  var body = table.tBodies[0];
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var rows = Array.prototype.slice.call(body.rows);
  var search = document.getElementById("search");
  var choices = Array.prototype.slice.call(form.querySelectorAll("[data-filter]"));
  var found = form.querySelector(".found");
  var order = new Intl.Collator("en", { numeric: true });

  function filter() {
    var wanted = search.value.trim().toLowerCase();
    var shown = 0;
    rows.forEach(function (row) {
      var fits = row.dataset.search.indexOf(wanted) >= 0 && choices.every(function (choice) {
        return !choice.value || row.dataset[choice.dataset.filter] === choice.value;
      });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    found.textContent = shown + " of " + rows.length + " shown";
  }

  function key(row, at, kind) {
    var cell = row.cells[at];
    return kind === "number" ? Number(cell.dataset.value) : cell.textContent.trim();
  }

  function sort(head) {
    var at = heads.indexOf(head);
    var kind = head.dataset.sort;
    var before = head.getAttribute("aria-sort");
    var up = before ? before === "descending" : kind === "text";
    var keyed = rows.map(function (row, place) { return { row: row, key: key(row, at, kind), place: place }; });
    keyed.sort(function (one, other) {
      var least = kind === "number" ? one.key - other.key : order.compare(one.key, other.key);
      return (up ? least : -least) || one.place - other.place;
    });
    rows = keyed.map(function (each) { return each.row; });
    var sorted = document.createDocumentFragment();
    rows.forEach(function (row) { sorted.appendChild(row); });
    body.appendChild(sorted);
    heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  heads.forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) { button.appendChild(head.firstChild); }
    head.appendChild(button);
    button.addEventListener("click", function () { sort(head); });
  });
  search.addEventListener("input", filter);
  choices.forEach(function (choice) { choice.addEventListener("change", filter); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  form.hidden = false;
  filter();
})();
