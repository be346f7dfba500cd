/// A whole page: no request to anywhere, light and dark, printable, readable on a phone.
package struct HTMLPage: Sendable {
  let title: String
  let body: HTML
  /// Added after the page's own style; written in the program.
  let extraStyles: [StaticString]
  /// Progressive enhancement only; nil for pages without.
  let script: StaticString?

  init(
    title: String, body: HTML, extraStyles: [StaticString] = [], script: StaticString? = nil
  ) {
    self.title = title
    self.body = body
    self.extraStyles = extraStyles
    self.script = script
  }

  package var document: String {
    // The policy makes a browser refuse whatever a mistake in escaping might let through.
    let scripts = script.map { _ in "'unsafe-inline'" } ?? "'none'"
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src \(scripts); "
      + "base-uri 'none'; form-action 'none'"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="hashwatt">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <link rel="icon" href="data:,">
      <title>\(Escape.html(title))</title>
      <style>
      \(Self.style)\(extraStyles.map { "\($0)" }.joined())</style>
      </head>
      <body>
      \(body.markup)
      \(script.map { "<script>\n\($0)</script>\n" } ?? "")</body>
      </html>

      """
  }

  private static let style: StaticString = """
    :root { color-scheme: light dark; --back: #fcfcfa; --card: #ffffff; --text: #1c1f23; --faint: #5d646d;
      --line: #d9dce0; --accent: #0b5fa5; --good: #1a6e36; --bad: #b3261e; --doubt: #8a5a00; }
    @media (prefers-color-scheme: dark) {
      :root { --back: #15181c; --card: #1d2126; --text: #e6e8ea; --faint: #a0a7b0; --line: #363c44;
        --accent: #6db3f2; --good: #6fcf8a; --bad: #ff8a80; --doubt: #f0b849; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; max-width: 78rem; padding: 1rem clamp(.8rem, 3vw, 2rem) 3rem; background: var(--back);
      color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
      overflow-wrap: break-word; }
    h1, h2, h3, p, li, dd, td.break, pre { overflow-wrap: anywhere; }
    td.break { min-width: 11ch; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .3rem; }
    h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 .5rem; }
    h3 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
    p { margin: .4rem 0 .8rem; max-width: 70ch; }
    a { color: var(--accent); }
    a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, th:focus-visible,
      [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em; }
    pre { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem;
      white-space: pre-wrap; }
    table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem; background: var(--card);
      font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: .3rem 0; }
    th, td { text-align: left; padding: .38rem .6rem; border-bottom: 1px solid var(--line);
      vertical-align: baseline; }
    thead th { font-size: .88rem; color: var(--faint); border-bottom: 2px solid var(--line); }
    th.right, td.right { text-align: right; white-space: nowrap; }
    summary { cursor: pointer; color: var(--accent); }
    .faint { color: var(--faint); } .good { color: var(--good); } .bad { color: var(--bad); }
    .doubtful { color: var(--doubt); }
    .lead { color: var(--faint); margin-top: 0; }
    .notes { padding-left: 0; list-style: none; font-size: .92rem; color: var(--faint); }
    .notes li { margin: .25rem 0; padding-left: 2.2rem; text-indent: -2.2rem; }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; margin: .4rem 0; }
    dt { color: var(--faint); } dd { margin: 0; }
    figure { margin: .6rem 0 1.2rem; } figure svg { width: 100%; height: auto; display: block; }
    figcaption { font-size: .92rem; color: var(--faint); }
    @media (max-width: 80rem) { th, td { padding: .35rem .4rem; } }
    @media (max-width: 76rem) { th.right, td.right { white-space: normal; } }
    @media (max-width: 48rem) {
      table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      table.cards, table.cards tbody, table.cards tr, table.cards td, table.cards caption { display: block;
        width: 100%; }
      table.cards tr { border: 1px solid var(--line); border-radius: .4rem; margin: 0 0 .8rem;
        padding: .3rem .7rem; }
      table.cards td { display: flex; gap: 1rem; justify-content: space-between; border: 0; padding: .16rem 0;
        text-align: right; white-space: normal; overflow-wrap: anywhere; }
      table.cards td::before { content: attr(data-label); color: var(--faint); text-align: left; flex: none; }
      table.cards td:empty { display: none; }
      figure { overflow-x: auto; } figure svg { min-width: 36rem; }
      dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem; }
    }
    @media print {
      :root { --back: #fff; --card: #fff; --text: #000; --faint: #444; --line: #aaa; --accent: #000; }
      body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; }
      tr, figure { break-inside: avoid; } .screen-only { display: none; }
    }

    """
}
