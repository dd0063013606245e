// Suggests the clinic's own questions while somebody types. The list is fetched once, whole, when the
// box is first used; what is typed never leaves the browser. A text area may not be an ARIA combobox: it
// is a text box that says it has a list, and whether there is one is said in words.

const MOST = 6
const FROM = 2
const LIST = "cs-suggestions"

let known = null // { label, counted, entries: [{ said, words }] } once it has been fetched
let fetching = false
let late = false // something was typed before the list was there
let shown = []
let active = -1

const box = () => document.querySelector(".st-key-question textarea")
const list = () => document.getElementById(LIST)
const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

async function load() {
  if (fetching) return
  fetching = true
  try {
    const answer = await fetch("./suggestions.json")
    const { label, counted, questions } = await answer.json()
    if (questions.length) known = { label, counted, entries: questions.map((said) => ({ said, words: plain(said) })) }
    else fetching = false // the index is still being opened: ask again at the next focus
    const input = box()
    if (known && input) dress(input)
    if (known && input && late) show(input)
  } catch { fetching = false } // a page without suggestions is a whole page
}

// React draws the box and leaves attributes alone that it knows nothing of.
function dress(input) {
  const mine = { "aria-autocomplete": "list", "aria-haspopup": "listbox", ...(list() && { "aria-controls": LIST }) }
  for (const [name, value] of Object.entries(mine)) {
    if (input.getAttribute(name) !== value) input.setAttribute(name, value)
  }
}

// Every word that was typed begins a word of the question; those that begin with them come first.
function matching(typed) {
  const wanted = plain(typed)
  if (!known || wanted.join("").length < FROM) return []
  const begins = (entry) => entry.words.join(" ").startsWith(wanted.join(" "))
  const found = known.entries.filter(({ words }) => wanted.every((one) => words.some((word) => word.startsWith(one))))
  if (found.some(({ words }) => words.join(" ") === wanted.join(" "))) return [] // it stands there already
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))].slice(0, MOST)
}

function place(input) {
  const held = list()
  if (held) return held
  const made = document.createElement("ul")
  made.id = LIST
  made.className = "cs-suggest"
  made.setAttribute("role", "listbox")
  made.addEventListener("mousedown", (event) => event.preventDefault()) // the box keeps the focus
  made.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]")
    if (option) choose([...made.children].indexOf(option))
  })
  input.closest("[data-testid=stForm]").append(made)
  return made
}

// The part of each word that was typed is set lightly, what it would add in bold.
function option({ said }, number, wanted) {
  const made = document.createElement("li")
  made.id = `${LIST}-${number}`
  made.setAttribute("role", "option")
  made.setAttribute("aria-selected", "false")
  for (const piece of said.split(/([\p{L}\p{N}\p{M}]+)/u)) {
    const start = wanted.filter((one) => plain(piece)[0]?.startsWith(one)).sort((a, b) => b.length - a.length)[0]
    const cut = start ? Math.min(start.length, piece.length) : 0
    made.append(piece.slice(0, cut))
    if (cut === piece.length) continue
    const rest = document.createElement("b")
    rest.textContent = piece.slice(cut)
    made.append(rest)
  }
  return made
}

function show(input) {
  shown = matching(input.value)
  active = -1
  if (!shown.length) return known && close()
  const held = place(input)
  const wanted = plain(input.value)
  held.setAttribute("aria-label", known.label)
  held.replaceChildren(...shown.map((entry, number) => option(entry, number, wanted)))
  held.hidden = false
  input.removeAttribute("aria-activedescendant")
  dress(input)
  tell(known.counted.replace("{n}", shown.length))
}

function close() {
  clearTimeout(telling)
  late = false
  shown = []
  active = -1
  const input = box()
  if (list()) list().hidden = true
  if (!input) return
  input.removeAttribute("aria-activedescendant")
  if (known) dress(input)
}

// Said when somebody stops typing, so that letters are not talked over.
let telling = 0
function tell(words) {
  clearTimeout(telling)
  telling = setTimeout(() => {
    const live = document.getElementById("cs-live")
    if (live && shown.length) live.textContent = words
  }, 900)
}

function move(step) {
  const count = shown.length
  active = active < 0 && step < 0 ? count - 1 : (active + step + count + 1) % (count + 1)
  if (active === count) active = -1 // past either end the typed words stand alone again
  const options = [...list().children]
  options.forEach((one, number) => one.setAttribute("aria-selected", String(number === active)))
  const input = box()
  if (active < 0) return input.removeAttribute("aria-activedescendant")
  input.setAttribute("aria-activedescendant", options[active].id)
  options[active].scrollIntoView({ block: "nearest" })
}

// assets/helper.js fills the box and sends the form for whatever carries a question of its own.
function choose(number) {
  const input = box()
  const { said } = shown[number]
  close()
  if (matchMedia("(pointer: coarse)").matches) input.blur() // the keyboard would cover the answer
  document.dispatchEvent(new CustomEvent("cs-ask", { detail: said }))
}

// The caret can move to the next line, or to the one before: the text up to it is less high than the whole.
function hasLine(input, key) {
  const { value, selectionStart: caret } = input
  const measured = input.cloneNode()
  measured.style.cssText = "position: absolute; visibility: hidden; height: 0; min-height: 0; field-sizing: fixed"
  measured.style.width = `${input.offsetWidth}px`
  input.after(measured)
  const height = (words) => { measured.value = words; return measured.scrollHeight }
  const here = height(value.slice(0, caret) + (value.slice(caret).match(/^\S+/) ?? ""))
  const edge = height(key === "ArrowDown" ? value : "")
  measured.remove()
  return here !== edge
}

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || event.isComposing) return
  const taken = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: close }
  if (/^Arrow(Down|Up)$/.test(event.key) && active < 0 && hasLine(event.target, event.key)) return
  if (event.key === "ArrowDown" && !shown.length) show(event.target)
  if (!shown.length) return
  if (event.key === "Enter" && active >= 0) choose(active)
  else if (event.key === "Enter" || event.key === "Tab") return close()
  else if (taken[event.key] && !event.altKey) taken[event.key]()
  else return
  event.preventDefault()
  event.stopPropagation()
}, true)

document.addEventListener("focusin", (event) => { if (event.target === box()) load() })
document.addEventListener("focusout", (event) => { if (event.target === box()) close() })
function typed() {
  late = true
  load()
  show(box())
}
document.addEventListener("input", (event) => {
  if (event.target === box() && event.isTrusted) typed() // the helper fills the box too
})
document.addEventListener("cs-typed", typed) // before the application took over: assets/first.js
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-testid=stFormSubmitButton]")) close()
})
new MutationObserver(() => {
  const input = box()
  if (input && known) dress(input)
}).observe(document.documentElement, { childList: true, subtree: true })
