#!/usr/bin/env python3
"""Opens pages in headless Chromium and checks what a person would see.

usage: check_pages.py CHROMIUM OUTPUT_FOLDER report=FILE.html index=FILE.html search=FILE.html device=FILE.html

Speaks the DevTools protocol over a pipe; needs nothing but Python and Chromium. Prints one line for each failure and
exits with 1 when there is any. Screenshots go to OUTPUT_FOLDER.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, program, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def wire():
            # The protocol's ends are file descriptors 3 (to the browser) and 4 (from it).
            high_in, high_out = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--hide-scrollbars", "--user-data-dir=" + profile, "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "about:blank"],
            preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.reader = os.fdopen(ours_in, "rb", buffering=0)
        self.writer = os.fdopen(ours_out, "wb", buffering=0)
        self.buffer = b""
        self.number = 0
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.buffer:
            chunk = self.reader.read(65536)
            if not chunk:
                raise SystemExit("Chromium ended before the check did")
            self.buffer += chunk
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            request["sessionId"] = self.session
        self.writer.write(json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def open(self, path, width, height, scheme):
        self.events = []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait_for_load()

    def wait_for_load(self):
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit("%s: %s" % (expression, answer["exceptionDetails"]["text"]))
        return answer["result"].get("value")

    def press(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def screenshot(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def close(self):
        self.session = None
        self.writer.write(json.dumps({"id": 0, "method": "Browser.close", "params": {}}).encode() + b"\0")
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()


OVERFLOW = """
(() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) { return []; }
  return Array.from(document.querySelectorAll('body *'))
    .filter(e => e.getBoundingClientRect().right > limit + 1 && !e.closest('svg *'))
    .slice(0, 5).map(e => e.tagName + ': ' + e.textContent.slice(0, 60))
    .concat(['page is ' + document.documentElement.scrollWidth + ' wide in ' + limit]);
})()
"""
# WCAG 2.1, relative luminance and contrast of every text against the background behind it.
CONTRAST = """
(() => {
  // A mixed colour is told as 'color(srgb 0.7 0.1 0.1 / 0.38)'; all others as 'rgb(...)' or 'rgba(...)'.
  const parts = c => { const n = (c.match(/[0-9.]+/g) || []).map(Number);
    return c.startsWith('color(srgb') ? n.map((v, i) => i < 3 ? v * 255 : v) : n; };
  const light = c => { const l = parts(c).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
  // What shines through is mixed with what is behind it.
  const back = e => { if (!e) { return 'rgb(255,255,255)'; }
    const c = parts(getComputedStyle(e).backgroundColor), a = c.length < 4 ? 1 : c[3];
    if (a === 1) { return 'rgb(' + c.slice(0, 3).join(',') + ')'; }
    const below = parts(back(e.parentElement));
    return 'rgb(' + c.slice(0, 3).map((v, i) => v * a + below[i] * (1 - a)).join(',') + ')'; };
  const bad = [];
  document.querySelectorAll('body *').forEach(e => {
    if (e.closest('svg') || !Array.from(e.childNodes).some(n => n.nodeType === 3 && n.textContent.trim())) { return; }
    const a = light(getComputedStyle(e).color), b = light(back(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) { bad.push(e.tagName + ' ' + ratio.toFixed(2) + ': ' + e.textContent.slice(0, 40)); }
  });
  return bad.slice(0, 5);
})()
"""


def main():
    program, output = sys.argv[1], sys.argv[2]
    pages = dict(argument.split("=", 1) for argument in sys.argv[3:])
    failures = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)

        def expect(condition, text):
            if not condition:
                failures.append(text)

        def quiet(name):
            browser.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            for event in browser.events:
                method, data = event.get("method"), event.get("params", {})
                if method == "Runtime.exceptionThrown":
                    failures.append("%s: exception %s" % (name, data["exceptionDetails"]["text"]))
                if method == "Runtime.consoleAPICalled":
                    failures.append("%s: console %s" % (name, data["type"]))
                if method == "Log.entryAdded":
                    failures.append("%s: log %s" % (name, data["entry"]["text"]))
                if method == "Network.requestWillBeSent":
                    address = data["request"]["url"]
                    if not address.startswith(("file:", "data:")):
                        failures.append("%s: asks for %s" % (name, address))

        def open_by_keyboard(name, link, address):
            quiet(name + " in use")
            browser.events = []
            browser.value("document.querySelector('%s').focus()" % link)
            browser.press("Enter", 13, "\r")
            browser.wait_for_load()
            expect(address in browser.value("location.href"), name + ": the link leads elsewhere")
            expect(browser.value("document.querySelectorAll('h1').length") == 1, name + ": the device's page has no heading")

        for page, path in pages.items():
            for label, width, height in (("phone", 390, 844), ("tablet", 900, 1100), ("desktop", 1280, 900)):
                for scheme in ("light", "dark"):
                    name = "%s-%s-%s" % (page, label, scheme)
                    browser.open(path, width, height, scheme)
                    wide = browser.value(OVERFLOW)
                    expect(not wide, "%s overflows: %s" % (name, wide))
                    faint = browser.value(CONTRAST)
                    expect(not faint, "%s lacks contrast: %s" % (name, faint))
                    expect(browser.value("document.title.length > 0"), name + ": no title")
                    quiet(name)
                    browser.screenshot(os.path.join(output, name + ".png"))

        if "index" in pages:
            browser.open(pages["index"], 1280, 900, "light")
            shown = "Array.from(document.querySelectorAll('#board tbody tr')).filter(r => !r.hidden)"
            column = shown + ".map(r => r.cells[%d]).map(c => c.getAttribute('data-value') || c.textContent)"
            total = browser.value(shown + ".length")
            expect(total > 1, "index: fewer than two rows")
            # Sort by keyboard: focus the button of a column and press Enter.
            for index, numeric in ((3, True), (0, False)):
                browser.value("document.querySelectorAll('#board thead button')[%d].focus()" % index)
                browser.press("Enter", 13, "\r")
                values = browser.value(column % index)
                if numeric:
                    numbers = [float(value) for value in values if value.replace(".", "").replace("e", "").replace("+", "").isdigit()]
                    expect(numbers == sorted(numbers, reverse=True), "index: not sorted by throughput")
                else:
                    ordered = browser.value("(%s).every((v, i, all) => i === 0 || all[i - 1].localeCompare(v) <= 0)" % (column % index))
                    expect(ordered, "index: not sorted by device")
                state = browser.value("document.querySelectorAll('#board th')[%d].getAttribute('aria-sort')" % index)
                expect(state == ("descending" if numeric else "ascending"), "index: aria-sort is %s" % state)
            # Filter by typing.
            word = browser.value(shown + "[0].cells[0].textContent").split()[0]
            browser.value("document.getElementById('filter-device').focus()")
            browser.call("Input.insertText", text=word)
            names = browser.value(column % 0)
            expect(names and all(word.lower() in name.lower() for name in names), "index: filter shows others")
            browser.value("(() => { const s = document.getElementById('filter-origin'); s.selectedIndex = 1; s.dispatchEvent(new Event('change')); })()")
            kept = browser.value(shown + ".length")
            expect(kept <= len(names), "index: a second filter shows more")
            # Open a page by keyboard.
            browser.value("document.getElementById('filter-device').value = ''; document.getElementById('filter-origin').selectedIndex = 0; document.getElementById('filter-device').dispatchEvent(new Event('input'))")
            expect(browser.value(shown + ".length") == total, "index: filters do not let go")
            open_by_keyboard("index", "#board tbody a", "/devices/")
            # Without scripts the table is readable and sorted.
            browser.call("Emulation.setScriptExecutionDisabled", value=True)
            browser.open(pages["index"], 1280, 900, "light")
            browser.screenshot(os.path.join(output, "index-without-scripts.png"))
            browser.call("Emulation.setScriptExecutionDisabled", value=False)
        if "search" in pages:
            browser.open(pages["search"], 1280, 900, "light")
            items = "Array.from(document.querySelectorAll('#found li'))"

            def search(words):
                browser.value("(() => { const s = document.getElementById('search'); s.value = ''; s.focus(); })()")
                browser.call("Input.insertText", text=words)
                return browser.value(items + ".map(item => item.textContent)")

            expect(browser.value(items + ".length") == 0, "search: devices are shown before anything is asked")
            # By name and identifier, of either case; more than fit are counted.
            names = search("77 CLAIMED")
            expect(names and all("77" in name for name in names), "search: shows %s" % names)
            many = search("claimed")
            count = browser.value("document.getElementById('count').textContent")
            expect(len(many) == 200 and "the first 200 are shown" in count, "search: %d devices, %s" % (len(many), count))
            expect(search("no such device") == [], "search: finds what is not there")
            expect(len(search("claimed/d1000 device")) == 1, "search: an identifier is not found")
            open_by_keyboard("search", "#found a", "/devices/asic-claimed-d1000.html")
        browser.close()
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
