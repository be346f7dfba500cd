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
      var points = Array.prototype.slice.call(document.querySelectorAll(".chart [data-row]"));
      var byNumber = {};
      rows.forEach(function (row) { byNumber[row.getAttribute("data-row")] = row; });
      var charts = Array.prototype.slice.call(document.querySelectorAll(".chart"));
      var place = document.getElementById("charts");
      if (place) {
        charts.forEach(function (chart) { place.appendChild(chart); });
        var details = place.querySelector("details");
        if (details) { details.remove(); }
      }

      function show() {
        var shown = 0;
        rows.forEach(function (row) {
          var fits = filters.every(function (fits) { return fits(row); });
          row.hidden = !fits;
          if (fits) { shown += 1; }
        });
        points.forEach(function (point) {
          point.style.display = byNumber[point.getAttribute("data-row")].hidden ? "none" : "";
        });
        var chosen = document.getElementById("filter-algorithm");
        charts.forEach(function (chart, index) {
          chart.hidden = chosen && chosen.value
            ? chart.getAttribute("data-algorithm") !== chosen.value : index > 0;
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
      choice("Scope", "filter-scope", function (row) { return row.cells[8].textContent; });
      choice("Origin", "filter-origin", function (row) { return row.getAttribute("data-origin"); });

      // "1MH/J": at least so much work for a joule; "20 J/TH": at most so many joules for the work.
      function limit(words) {
        var match = /^\\s*([0-9.]+)\\s*(?:([kMGT]?)(H|Sol)\\/J|J\\/([kMGT]?)(H|Sol))\\s*$/.exec(words);
        if (!match || !(Number(match[1]) > 0)) { return null; }
        var factors = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
        return match[3]
          ? { least: Number(match[1]) * factors[match[2]], unit: match[3] }
          : { least: factors[match[4]] / Number(match[1]), unit: match[5] };
      }

      var least = field("Efficiency, such as 1MH/J or 20J/TH", document.createElement("input"));
      least.type = "search";
      least.id = "filter-efficiency";
      least.addEventListener("input", show);
      filters.push(function (row) {
        var wanted = limit(least.value);
        least.setAttribute("aria-invalid", String(least.value.trim() !== "" && !wanted));
        if (!wanted) { return true; }
        var value = row.cells[5].getAttribute("data-value");
        return value !== null && Number(value) >= wanted.least
          && row.cells[5].textContent.indexOf(wanted.unit + "/J") >= 0;
      });

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

  /// Searches the lines of a text, a device each, by every word that is given.
  static let search: StaticString = """
    "use strict";
    (function () {
      var text = document.getElementById("names"), found = document.getElementById("found");
      if (!text || !found) { return; }
      var names = text.textContent.split("\\n").filter(Boolean), lower = text.textContent.toLowerCase().split("\\n").filter(Boolean);
      var controls = document.getElementById("controls"), count = document.getElementById("count");
      var label = document.createElement("label"), box = document.createElement("input"), most = 200;
      box.type = "search";
      box.id = "search";
      label.textContent = "Device";
      label.appendChild(box);
      controls.appendChild(label);
      function item(line) {
        var parts = line.split("\\t"), link = document.createElement("a"), id = document.createElement("span");
        link.textContent = parts[0];
        link.href = parts[2] || "devices/" + parts[1].replace(/\\//g, "-") + ".html";
        id.className = "faint";
        id.textContent = " " + parts[1];
        var item = document.createElement("li");
        item.appendChild(link);
        item.appendChild(id);
        return item;
      }
      function show() {
        var words = box.value.toLowerCase().split(/\\s+/).filter(Boolean), fitting = 0;
        var items = document.createDocumentFragment();
        if (words.length) {
          lower.forEach(function (line, index) {
            // An address behind a second tabulator is no word of a device.
            var end = line.indexOf("\\t", line.indexOf("\\t") + 1), own = end < 0 ? line : line.slice(0, end);
            if (!words.every(function (word) { return own.indexOf(word) >= 0; })) { return; }
            fitting += 1;
            if (fitting <= most) { items.appendChild(item(names[index])); }
          });
        }
        found.replaceChildren(items);
        count.textContent = words.length
          ? fitting + " of " + names.length + " devices" + (fitting > most ? ", the first " + most + " are shown" : "") : "";
      }
      box.addEventListener("input", show);
      controls.hidden = false;
      show();
    })();

    """
}
