"""The print style of a pack's sheet: A4, two pages, system fonts, nothing from outside."""

STYLE = """
@page { size: A4 portrait; margin: 0 }
* { box-sizing: border-box; margin: 0; padding: 0 }
:root { --ink: #16202b; --soft: #5b6775; --line: #d5dbe2; --tint: #f3f6f9; --accent: #0f5c7a }
body.returns { --accent: #7a4a0f }
body.promotion { --accent: #8a1f3d }
body.live { --accent: #5a2d82 }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact }
body {
  font-family: -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  color: var(--ink); background: #e9edf1; line-height: 1.42;
}
.page {
  width: 210mm; height: 297mm; margin: 8mm auto; padding: 9mm 10mm 7mm; background: #fff; overflow: hidden;
  display: flex; flex-direction: column; box-shadow: 0 1mm 4mm rgb(0 0 0 / .18);
}
header {
  display: flex; justify-content: space-between; align-items: baseline; gap: 6mm;
  border-bottom: .7mm solid var(--accent); padding-bottom: 1.6mm;
}
h1 { font-size: 16pt; line-height: 1.15; white-space: nowrap }
header p { font-size: 7.4pt; color: var(--soft); display: flex; gap: 3.5mm; white-space: nowrap }
h2 { font-size: 10.5pt; color: var(--accent); margin: 2.2mm 0 1.2mm; letter-spacing: .05em }
footer {
  margin-top: auto; padding-top: 1.4mm; border-top: .25mm solid var(--line); color: var(--soft);
  font-size: 7.6pt; text-align: center; white-space: nowrap;
}
ol { list-style: none }
.answers {
  flex: 1; display: grid; grid-template-columns: 1fr 1fr; grid-template-rows: repeat(10, 1fr);
  grid-auto-flow: column; gap: 1.5mm 3.5mm; counter-reset: answer; padding-bottom: 1.5mm; min-height: 0;
}
.answers li {
  counter-increment: answer; position: relative; padding: 1.3mm 2mm 1.2mm 8.6mm; overflow: hidden;
  border: .25mm solid var(--line); border-left: 1mm solid var(--accent); border-radius: 1mm;
}
.answers li::before {
  content: counter(answer); position: absolute; left: 1.3mm; top: 1.1mm; width: 6mm; text-align: center;
  font-size: 1.3em; font-weight: 700; color: var(--accent); line-height: 1.3;
}
.when { font-weight: 700; font-size: 1.12em; line-height: 1.3 }
.title { color: var(--accent); font-size: .92em }
.gist { max-height: 4.08em; overflow: hidden; color: var(--soft); font-size: .88em; line-height: 1.36 }
.back { flex: 1; display: grid; grid-template-columns: 1fr 1fr; gap: 3.5mm; padding-bottom: 1.5mm;
  min-height: 0 }
.column { display: flex; flex-direction: column; justify-content: space-between; gap: 1.4mm; min-height: 0 }
.column > * { flex: none }
.column > .procedure { flex: 1 0 auto; display: flex; flex-direction: column }
.procedure { border: .25mm solid var(--line); border-radius: 1mm; overflow: hidden }
.procedure h3 { background: var(--accent); color: #fff; font-size: 1.1em; padding: .5mm 2mm }
.procedure ol { flex: 1; display: flex; flex-direction: column; justify-content: space-evenly;
  counter-reset: step;
  padding: .6mm 2mm .8mm 0 }
.procedure li { counter-increment: step; position: relative; padding: .45mm 0 .45mm 9.6mm }
.procedure li + li { border-top: .15mm dashed var(--line) }
.procedure li::before {
  content: counter(step); position: absolute; left: 5.2mm; font-weight: 700; color: var(--accent);
}
.procedure li::after {
  content: ""; position: absolute; left: 1.8mm; top: 1.1mm; width: 2.3mm; height: 2.3mm;
  border: .25mm solid var(--soft); border-radius: .4mm;
}
.procedure span { display: block; line-height: 1.34 }
.do { font-weight: 700 }
.check, .fails { color: var(--soft); font-size: .92em }
.check b, .fails b { color: var(--ink); font-weight: 600; margin-right: .6em }
.fails b { color: #a3341c }
.column h2 { margin: 0; color: #b3261e }
.card { border: .4mm solid #b3261e; border-radius: 1mm; overflow: hidden }
.card h3 { background: #b3261e; color: #fff; font-size: 1.12em; padding: .5mm 2mm }
.card dl { display: grid; grid-template-columns: max-content 1fr; gap: .2mm 1.6mm; padding: .6mm 2mm }
.card dt { font-weight: 700; color: #b3261e }
.card dd { line-height: 1.34 }
@media print {
  body { background: none }
  .page { margin: 0; box-shadow: none; break-after: page; break-inside: avoid }
  .page:last-of-type { break-after: auto }
}
"""
