/// Progressive enhancement of the leaderboard: without it the table is there and sorted all the same.
enum SiteScript {
  static let text: StaticString = """
    "use strict";
    (function () {
      var table = document.getElementById("board");
      if (!table) { return; }
      var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
      var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
      var controls = document.getElementById("controls"), count = document.getElementById("count");
      var filters = [];

      function show() {
        var shown = 0;
        rows.forEach(function (row) {
          var fits = filters.every(function (fits) { return fits(row); });
          row.hidden = !fits;
          if (fits) { shown += 1; }
        });
        count.textContent = shown + " of " + rows.length + " figures";
      }

      function field(title, element) {
        var label = document.createElement("label");
        label.textContent = title;
        label.appendChild(element);
        controls.appendChild(label);
        return element;
      }

      var text = field("Device", document.createElement("input"));
      text.type = "search";
      text.id = "filter-device";
      text.addEventListener("input", show);
      filters.push(function (row) {
        return row.cells[0].textContent.toLowerCase().indexOf(text.value.trim().toLowerCase()) >= 0;
      });

      function choice(title, id, value) {
        var select = field(title, document.createElement("select"));
        select.id = id;
        var seen = {};
        rows.forEach(function (row) { seen[value(row)] = true; });
        [""].concat(Object.keys(seen).filter(Boolean).sort()).forEach(function (name) {
          var option = document.createElement("option");
          option.value = name;
          option.textContent = name || "all";
          select.appendChild(option);
        });
        select.addEventListener("change", show);
        filters.push(function (row) { return !select.value || value(row) === select.value; });
      }

      choice("Algorithm", "filter-algorithm", function (row) { return row.cells[1].textContent; });
      choice("Scope", "filter-scope", function (row) { return row.cells[6].textContent; });
      choice("Origin", "filter-origin", function (row) { return row.getAttribute("data-origin"); });

      heads.forEach(function (head, index) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.textContent = "";
        head.appendChild(button);
        var isNumber = head.classList.contains("right");
        button.addEventListener("click", function () {
          var wasDescending = head.getAttribute("aria-sort") === "descending";
          var wasAscending = head.getAttribute("aria-sort") === "ascending";
          var descending = isNumber ? !wasDescending : wasAscending;
          heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
          head.setAttribute("aria-sort", descending ? "descending" : "ascending");
          var direction = descending ? -1 : 1;
          rows.sort(function (left, right) {
            var a = left.cells[index], b = right.cells[index];
            if (isNumber) {
              var x = a.getAttribute("data-value"), y = b.getAttribute("data-value");
              if (x === null || y === null) { return (x === null) - (y === null); }
              return direction * (Number(x) - Number(y));
            }
            return direction * a.textContent.localeCompare(b.textContent);
          });
          rows.forEach(function (row) { body.appendChild(row); });
        });
      });

      controls.hidden = false;
      show();
    })();
    """
}
