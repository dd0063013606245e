// The desk's keys, its copies, comparison and file. What is copied was drawn by the server and is only
// cloned here; every word that is said stands in the page.

const desk = () => document.getElementById("cs-desk")
const bar = () => document.querySelector(".cs-desk-bar")
const rows = () => [...document.querySelectorAll(".cs-desk-row")]
const box = () => document.querySelector(".st-key-desk_questions textarea")
const sheet = () => document.querySelector("dialog.cs-sheet")
const isTyping = (at) => at.isContentEditable
  || at.matches("textarea, select, [role=combobox], input:not([type=checkbox])")

let run = null
let current = ""
let singleKeys = true
const picked = new Set()
const opened = new Set()

// -- what was chosen and opened stays so when a filter draws the table anew --

function drawn() {
  enter()
  const here = desk()
  if (!here) return sheet() && tell("cs-sheet-close") // it comes back unchanged: Streamlit empties a place before it fills it
  setSwitch("[data-desk-keys]", singleKeys)
  setSwitch("[data-desk-scores]", withScores())
  if (here.dataset.run !== run) {
    const isFirst = run === null && !document.activeElement?.matches("textarea, button")
    run = here.dataset.run
    current = ""
    picked.clear()
    opened.clear()
    dress()
    if (!isFirst && rows()[0]) {
      go(rows()[0])
      if (innerWidth <= 1000) bar().scrollIntoView({ block: "start" })
    }
  } else if (rows().some((row) => !row.dataset.dressed)) dress()
}

const withScores = () => document.documentElement.classList.contains("cs-desk-scores")

function setSwitch(selector, isOn) {
  const found = document.querySelector(selector)
  if (found && found.checked !== isOn) found.checked = isOn
}

// Whoever comes to the desk without results comes to type. Until they act the box keeps the focus: React
// may draw it once more.
let hasActed = false
for (const act of ["keydown", "pointerdown"]) addEventListener(act, () => { hasActed = true }, true)
addEventListener("focusout", () => setTimeout(enter), true)
function enter() {
  const typing = box()
  if (!typing) { hasActed = false; return }
  if (hasActed || desk() || !matchMedia("(pointer: fine)").matches) return
  const at = document.activeElement
  if (at === document.body || at?.matches("#cs-title, .cs-top a")) typing.focus({ preventScroll: true })
}

function dress() {
  const all = rows()
  const keys = new Set(all.map((row) => row.dataset.row))
  for (const key of picked) if (!keys.has(key)) picked.delete(key)
  if (!keys.has(current)) current = all[0]?.dataset.row ?? ""
  for (const row of all) {
    row.dataset.dressed = "yes"
    row.tabIndex = row.dataset.row === current ? 0 : -1
    row.querySelector("[data-desk-pick]").checked = picked.has(row.dataset.row)
    show(row, opened.has(row.dataset.row))
  }
  count()
  fit()
}

// Whether a passage is cut off depends on the width of its column.
function fit() {
  const cut = rows().filter((row) => !opened.has(row.dataset.row)).map((row) => {
    const words = row.querySelector(".cs-desk-text")
    return [row.querySelector("[data-desk=open]"), words.scrollHeight > words.clientHeight]
  })
  for (const [button, isCut] of cut) if (button) button.hidden = !isCut
}

function count() {
  const told = document.querySelector("[data-desk-count]")
  if (told && told.textContent !== String(picked.size)) told.textContent = String(picked.size)
}

function go(row) {
  if (!row) return
  for (const one of rows()) one.tabIndex = one === row ? 0 : -1
  current = row.dataset.row
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: "nearest" })
}

// -- from question to question --

const questions = () => [...document.querySelectorAll(".cs-desk-table tbody")]

function jump(to) {
  const body = questions()[to]
  if (!body) return
  const first = body.querySelector(".cs-desk-row") ?? body.querySelector(".cs-desk-q")
  if (first.matches(".cs-desk-row")) go(first)
  else { first.tabIndex = -1; first.focus({ preventScroll: true }) }
  body.scrollIntoView({ block: "start" })
}

function leap(by) {
  const all = questions()
  const at = all.indexOf(document.activeElement?.closest("tbody") ?? here()?.closest("tbody"))
  jump(Math.min(Math.max(at + by, 0), all.length - 1))
}

function markQuestion(body) {
  const at = questions().indexOf(body)
  for (const one of document.querySelectorAll("[data-desk=jump]")) {
    if (Number(one.dataset.to) === at) one.setAttribute("aria-current", "true")
    else one.removeAttribute("aria-current")
  }
}

const here = () => rows().find((row) => row.dataset.row === current) ?? rows()[0]

function step(by) {
  const all = rows()
  const isThere = document.activeElement?.closest(".cs-desk-row")
  go(isThere ? all[Math.min(Math.max(all.indexOf(here()) + by, 0), all.length - 1)] : here())
}

function pick(row) {
  const box = row.querySelector("[data-desk-pick]")
  if (picked.delete(row.dataset.row)) box.checked = false
  else { picked.add(row.dataset.row); box.checked = true }
  count()
}

function show(row, isOpen) {
  const button = row.querySelector("[data-desk=open]")
  if (!button) return
  row.classList.toggle("cs-desk-open", isOpen)
  button.setAttribute("aria-expanded", String(isOpen))
  button.textContent = isOpen ? bar().dataset.less : bar().dataset.more
  if (isOpen) opened.add(row.dataset.row)
  else opened.delete(row.dataset.row)
}

// -- copies: of the chosen rows in the table's order, or of the current one --

function chosen() {
  const all = rows().filter((row) => picked.has(row.dataset.row))
  return all.length ? all : [here()].filter(Boolean)
}

const part = (row) => document.querySelector(`[data-part="${CSS.escape(row.dataset.passage)}"]`)

const parts = () => [...new Set(chosen().map(part))]

async function copy(selector, between, said) {
  const words = parts().map((one) => one.querySelector(selector).textContent).join(between)
  if (words) say(await toClipboard(words) ? bar().dataset[said] : bar().dataset.failed)
}

async function toClipboard(words) {
  try {
    await navigator.clipboard.writeText(words)
    return true
  } catch { // there is no clipboard on a plain http address other than this machine's own
    const before = document.activeElement
    const area = document.createElement("textarea")
    area.value = words
    area.className = "cs-vh"
    document.body.append(area)
    area.select()
    try { return document.execCommand("copy") } finally { area.remove(); before?.focus() }
  }
}

function say(words) {
  const live = document.getElementById("cs-live")
  const seen = document.querySelector(".cs-desk-toast") ?? document.createElement("p")
  seen.className = "cs-desk-toast"
  seen.setAttribute("aria-hidden", "true") // it is announced by the live region
  seen.textContent = words
  document.body.append(seen)
  clearTimeout(say.timer)
  say.timer = setTimeout(() => seen.remove(), 2500)
  if (!live) return
  live.textContent = ""
  setTimeout(() => { live.textContent = words }, 100)
}

function save(button) {
  const file = new Blob(["\ufeff", JSON.parse(button.dataset.csv)], { type: "text/csv" })
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = "desk.csv"
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

// -- a sheet over the page (assets/sheet.js): a handout of what was chosen, or two side by side --

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }))

function handout() {
  if (here()) tell("cs-handout", chosen().map(({ dataset }) => ({ article: dataset.article, section: dataset.section })))
}

function compare() {
  const two = rows().filter((row) => picked.has(row.dataset.row))
  if (two.length !== 2) return say(bar().dataset.two)
  const title = document.createElement("h1")
  title.textContent = bar().dataset.compare
  const columns = document.createElement("div")
  columns.className = "cs-sheet-two"
  columns.append(...two.map(column))
  tell("cs-sheet", { kind: "cs-comparison", title, content: [title, columns] })
}

function column(row) {
  const one = part(row).cloneNode(true)
  one.querySelector(".cs-text").replaceWith(row.querySelector(".cs-desk-text").cloneNode(true))
  const asked = document.createElement("p")
  asked.className = "cs-sheet-asked"
  asked.textContent = row.parentElement.querySelector(".cs-desk-q").firstChild.textContent.trim()
  const scores = document.createElement("dl")
  const cells = [...row.querySelectorAll(".cs-desk-no")]
  const rank = [bar().dataset.rank, row.querySelector(".cs-desk-pick").textContent]
  for (const [label, said] of [rank, ...cells.map((one) => [one.dataset.label, one.textContent])]) {
    const pair = document.createElement("div")
    const name = document.createElement("dt")
    const value = document.createElement("dd")
    name.textContent = label
    value.textContent = said
    pair.append(name, value)
    scores.append(pair)
  }
  one.prepend(asked)
  one.append(scores)
  return one
}

// -- keys and clicks --

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  n: () => leap(1), p: () => leap(-1), x: () => here() && pick(here()), b: compare, h: handout,
  c: () => copy(".cs-sheet-cite", "\n", "copiedCite"), t: () => copy(".cs-text", "\n\n", "copiedText"),
}

// Streamlit's box sends at Ctrl+Enter. So does Enter here, while the list has one line.
function send(event) {
  if (event.shiftKey || event.isComposing || box().value.includes("\n")) return
  event.preventDefault()
  event.stopPropagation()
  box().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }))
}

// From every page for staff to the desk's box.
function toBox(event) {
  const typing = box()
  const link = document.querySelector('.cs-top a[href="?view=desk"]')
  if (sheet() || !(typing || link)) return
  event.preventDefault()
  if (!typing) return link.click()
  typing.focus()
  typing.select()
}

document.addEventListener("keydown", (event) => {
  const isWith = event.ctrlKey || event.metaKey
  if (isWith && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return toBox(event)
  if (event.target === box() && event.key === "Enter" && !isWith && !event.altKey) return send(event)
  if (!bar() && event.key !== "/") return
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const at = event.target
  if (sheet()) return
  if (event.key === "Escape" && at === box() && here()) {
    event.preventDefault()
    return go(here())
  }
  if (isTyping(at)) return
  if (event.key === "Enter" && at.matches(".cs-desk-row")) {
    event.preventDefault()
    return show(at, !at.classList.contains("cs-desk-open"))
  }
  const isArrow = event.key.startsWith("Arrow")
  // Arrows scroll the page where no row has the focus; single letters can be switched off.
  if (isArrow ? !at.closest(".cs-desk-row") : !singleKeys) return
  if (event.key === "/" && box()) { event.preventDefault(); box().focus(); box().select() }
  const does = KEYS[event.key]
  if (!does) return
  event.preventDefault()
  does()
}, { capture: true })

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".cs-desk-row")
  if (row && row.dataset.row !== current) {
    for (const one of rows()) one.tabIndex = one === row ? 0 : -1
    current = row.dataset.row
  }
  const body = event.target.closest?.(".cs-desk-table tbody")
  if (body) markQuestion(body)
})

document.addEventListener("cs-sheet-closed", () => here() && go(here()))

document.addEventListener("click", (event) => {
  const row = event.target.closest?.(".cs-desk-row")
  const does = event.target.closest?.("button[data-desk]")
  if (!does && row && !event.target.closest("a, label, input") && !String(getSelection())) go(row)
  if (!does) return
  const act = does.dataset.desk
  if (act === "open") show(row, !row.classList.contains("cs-desk-open"))
  else if (act === "cite") KEYS.c()
  else if (act === "text") KEYS.t()
  else if (act === "handout") handout()
  else if (act === "compare") compare()
  else if (act === "csv") save(does)
  else if (act === "jump") jump(Number(does.dataset.to))
})

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-desk-keys]")) singleKeys = event.target.checked
  if (event.target.matches?.("[data-desk-scores]")) {
    document.documentElement.classList.toggle("cs-desk-scores", event.target.checked)
    fit()
  }
  const row = event.target.matches?.("[data-desk-pick]") && event.target.closest(".cs-desk-row")
  if (row) { pick(row); event.target.checked = picked.has(row.dataset.row) }
})

addEventListener("resize", fit)
new MutationObserver(drawn).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-run"],
})
drawn()
