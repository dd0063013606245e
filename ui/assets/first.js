// The first document is a working search, or what an address asks for (ui/plain/views.py). This script
// sends its form without leaving the page, starts the application once the search is painted, and lets
// it take over what was typed and shown: nothing moves, no letter and no place is lost.

const KEPT = "cs-kept"
const MOST = 20
const QUIET_MS = 300
const PAUSE_MS = 1500
const first = document.getElementById("cs-first")
const form = document.getElementById("cs-plain-form")
const field = () => form?.elements.q // an input, until assets/box.js replaces it
const answer = () => document.getElementById("cs-answer")
const appBox = () => document.querySelector(".st-key-question textarea")
const appMain = () => document.querySelector("[data-testid=stMain]")
// With large text the whole document scrolls (assets/helper.js).
const scroller = (own) => (document.documentElement.classList.contains("cs-tall-top") ? document.scrollingElement : own)
const isTouch = matchMedia("(pointer: coarse)").matches

// -- what this tab asked, sealed: only the clinic's running program can read it (ui/service/sealed.py) --

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? {} } catch { return {} }
}
function keep(name, sealed) {
  const all = kept()
  delete all[name]
  if (sealed) all[name] = sealed
  const newest = Object.fromEntries(Object.entries(all).slice(-MOST))
  try { sessionStorage.setItem(KEPT, JSON.stringify(newest)) } catch { /* full, or forbidden */ }
}
const searchName = () => new URLSearchParams(location.search).get("search") ?? ""

// -- searching before the application is there --

let pending = 0 // the number of the search that has no answer yet
let searches = 0
let shown = null // { name, question } of the results that stand here
let at = location.search // the part of the address that this document belongs to
let told = "" // the name of the search that the application was asked to draw

// Each search has a random name, as in ui/page/session.py: its words enter no address.
function named() {
  const address = new URL(location.href)
  const embed = address.searchParams.get("embed")
  const name = [...crypto.getRandomValues(new Uint8Array(4))].map((one) => one.toString(16).padStart(2, "0")).join("")
  address.search = embed ? `?embed=${encodeURIComponent(embed)}&search=${name}` : `?search=${name}`
  history.pushState({}, "", address)
  at = location.search
  return name
}

const find = (question) => show({ q: question })
const restore = () => show({ kept: kept()[searchName()] })

async function show(sent) {
  const number = pending = ++searches
  const before = [...answer().childNodes]
  const late = setTimeout(wait, QUIET_MS)
  let part = null
  try {
    const response = await fetch("./plain", { method: "POST", body: new URLSearchParams({ ...sent, part: "1" }), priority: "high" })
    part = await response.json()
  } catch (error) {
    clearTimeout(late)
    if (number !== pending) return
    pending = 0
    if (error instanceof SyntaxError) return form.submit() // a plain page says what is wrong
    answer().replaceChildren(...before)
    document.dispatchEvent(new CustomEvent("cs-lost"))
    return look()
  }
  clearTimeout(late)
  if (number !== pending) return // a newer question was asked
  pending = 0
  document.dispatchEvent(new CustomEvent("cs-back"))
  if (sent.kept && !part.question) keep(searchName(), "")
  if (part.question) {
    const name = sent.kept ? searchName() : named()
    keep(name, part.kept)
    shown = { name, question: part.question }
    if (!field().value) field().value = part.question
  }
  draw(part.html)
  carryName()
  scroller(first).scrollTo(0, 0)
  document.dispatchEvent(new CustomEvent("cs-found", { detail: part.said }))
  look()
}

// A document of its own does not know which search it was opened from: the name of that search goes with
// the link, and leads back. Only in the tab that knows what was asked.
const LINKS = 'a.cs-in:is([href^="?article="], [href^="?like="])'
function carryName() {
  const name = searchName()
  if (!kept()[name]) return
  for (const link of first.querySelectorAll(LINKS)) link.setAttribute("href", `${link.getAttribute("href")}&search=${name}`)
}

function wait() {
  const words = document.createElement("h2")
  words.textContent = answer().dataset.busy
  const panel = document.createElement("div")
  panel.className = "cs-panel cs-busy"
  panel.append(words)
  answer().replaceChildren(panel)
}

// Everything but the form, in which somebody may be typing. It is escaped by the server, like all of
// this document.
function draw(html) {
  const drawn = document.createElement("template")
  drawn.innerHTML = html
  const parts = [...drawn.content.children]
  const place = parts.findIndex((part) => part.id === form.id)
  for (const old of [...form.parentElement.children]) if (old !== form) old.remove()
  form.before(...parts.slice(0, place))
  form.after(...parts.slice(place + 1))
}

form?.addEventListener("submit", (event) => {
  event.preventDefault()
  const button = event.submitter
  const question = (button?.name === "again" ? button.value : field().value).trim()
  if (button?.name === "again") field().value = question
  if (isTouch) field().blur() // the keyboard would cover the answer
  if (!held) return find(question)
  takeOver()
  document.dispatchEvent(new CustomEvent("cs-ask", { detail: question }))
})

// Back and Forward before the application is there: what the address names is drawn by the server,
// and results come from what this tab keeps.
addEventListener("popstate", (event) => {
  if (event.isTrusted && first.isConnected && !held) location.reload()
})

// -- the application takes over --

let isLoaded = false // all that the first document needs
let held = false // it is complete, and waits for a moment at which nobody notices

// From assets/helper.js, whenever a view of the application is complete. Prevented: not yet.
document.addEventListener("cs-drawn", (event) => {
  const drawn = event.detail
  const isAsk = drawn.address.startsWith("ask|")
  const name = searchName()
  if (isAsk && name && drawn.kept) keep(name, drawn.kept)
  if (!first.isConnected) {
    // A search from before the page was loaded: only a new document can ask it again.
    if (isAsk && name && !drawn.kept && kept()[name]) location.reload()
    return
  }
  if (location.search !== at) return leave() // somebody has gone on to another view
  const isShown = shown && shown.name === name
  if (pending) return event.preventDefault()
  if (isShown && !drawn.kept) {
    event.preventDefault()
    if (told === name) return
    told = name
    return void document.dispatchEvent(new CustomEvent("cs-ask", { detail: shown.question }))
  }
  held = true
  if (isBusy()) return event.preventDefault()
  takeOver()
  drawn.carried = !isAsk || !name || isShown // what is said of a search that is forgotten is new
})

let composing = false // a word is not finished: on a phone nearly always while somebody types
let pressed = false
function isBusy() {
  const marked = getSelection()
  const active = document.activeElement
  const isElsewhere = active !== field() && first.contains(active) && active.matches("input, textarea")
  return composing || pressed || isElsewhere || (!marked.isCollapsed && first.contains(marked.anchorNode))
}
function look() {
  if (isLoaded) start()
  if (first.isConnected) document.dispatchEvent(new CustomEvent("cs-look"))
}
addEventListener("compositionstart", () => { composing = true }, true)
addEventListener("compositionend", () => { composing = false; setTimeout(look) }, true)
addEventListener("pointerdown", () => { pressed = true }, true)
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => { pressed = false; setTimeout(look) }, true)
}
addEventListener("focusout", () => setTimeout(look), true)
document.addEventListener("selectionchange", () => { if (held) look() })

function takeOver() {
  held = false
  const place = reading()
  const scrolled = scroller(first).scrollTop
  const active = document.activeElement
  const typed = field()
  const caret = typed && [typed.selectionStart, typed.selectionEnd, typed.selectionDirection]
  const lines = typed?.scrollTop
  const there = active === typed ? appBox() : twin(active, "a, button, summary")
  for (const opened of first.querySelectorAll("details[open]")) {
    const same = twin(opened, "details")
    if (same) same.open = true
  }
  first.classList.add("cs-gone")
  if (typed) document.dispatchEvent(new CustomEvent("cs-fill", { detail: [typed.value, caret[0]] })) // assets/box.js
  if (place) scroller(appMain()).scrollTop += place.same.getBoundingClientRect().top - place.top
  else scroller(appMain()).scrollTop = scrolled
  there?.focus({ preventScroll: true })
  if (active === typed && there) there.setSelectionRange(...caret)
  if (typed && appBox()) appBox().scrollTop = lines
  leave()
  if (active === typed && there && typed.value !== shown?.question) document.dispatchEvent(new CustomEvent("cs-typed"))
}

function leave() {
  document.querySelector(".cs-skip").setAttribute("href", "#root")
  first.remove()
}

// The same element in the application: of those with the same words, the one at the same place.
function twin(element, among) {
  if (!first.contains(element) || !element.matches(among)) return null
  const words = element.textContent
  const like = (within) => [...within.querySelectorAll(among)].filter((one) => one.textContent === words)
  return like(appMain())[like(first).indexOf(element)] ?? null
}

// The first block that is wholly to be seen, and how far below the top it is.
const BLOCKS = "h1, h2, h3, h4, p, li, summary"
function reading() {
  if (scroller(first).scrollTop === 0) return null
  const top = Math.max(first.getBoundingClientRect().top, 0)
  for (const block of first.querySelectorAll(BLOCKS)) {
    const at = block.getBoundingClientRect()
    const same = at.top >= top && at.height ? twin(block, BLOCKS) : null
    if (same) return { same, top: at.top }
  }
  return null
}

// -- at once --

// A clinic's own link: the question is taken out of the address before anything else reads it.
function takeQuestion() {
  const address = new URL(location.href)
  const fragment = new URLSearchParams(address.hash.slice(1))
  const question = address.searchParams.get("q") ?? fragment.get("q")
  if (question === null) return ""
  address.searchParams.delete("q")
  address.hash = ""
  history.replaceState(history.state, "", address)
  return question.trim()
}

function begin() {
  const linked = takeQuestion()
  at = location.search
  const view = new URLSearchParams(location.search)
  if (!form && view.has("search") && !kept()[searchName()]) { // from another tab, or forgotten
    view.delete("search")
    return location.replace(`?${view}`)
  }
  if (!form) carryName()
  const part = view.get("passage") ? "cs-found" : view.get("section") ? `cs-part-${view.get("section")}` : ""
  document.getElementById(part || `notice-${view.get("notice")}`)?.scrollIntoView({ block: "start" })
  if (!form) return
  if (!isTouch && self === top && document.activeElement === document.body) field().focus({ preventScroll: true })
  if (linked) {
    field().value = linked
    find(linked)
  } else if (kept()[searchName()]) restore()
}
begin()

// Once everything that the first document needs is here: on a slow line the application would come
// between a visitor and the search. On a slow phone its start would hold up letters, so it waits for a
// pause.
let typing = 0
form?.addEventListener("input", () => {
  clearTimeout(typing)
  typing = setTimeout(() => { typing = 0; look() }, PAUSE_MS)
})
function start() {
  const application = document.getElementById("cs-app")
  if (pending || typing || !application) return // `look` tries again
  document.head.append(application.content)
  application.remove()
}
function loaded() {
  isLoaded = true
  start()
}
if (document.readyState === "complete") loaded()
else addEventListener("load", loaded, { once: true })
