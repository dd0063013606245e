// What a page drawn by Streamlit cannot do by itself: announce results, move the focus, open our own
// links without loading the page again, copy and print.
// A plain file without dependencies, loaded before Streamlit's own script.

const SILENT = { bubbles: true }
const state = () => document.getElementById("cs-state")
const main = () => document.querySelector("[data-testid=stMain]")
const isTall = () => document.documentElement.classList.contains("cs-tall-top")
const scroller = () => (isTall() ? document.scrollingElement : main())
const box = () => document.querySelector(".st-key-question textarea")
const isConnected = () => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED"
const form = () => box()?.closest("[data-testid=stForm]")
const isTouch = () => matchMedia("(pointer: coarse)").matches

// Sent a moment after it is in the box (assets/box.js).
function ask(question) {
  document.dispatchEvent(new CustomEvent("cs-fill", { detail: [question] }))
  setTimeout(() => document.dispatchEvent(new CustomEvent("cs-send")))
}

// Soon after a question was sent, what an older one found is no longer to be seen: not even when
// the answer is late, or the connection is lost.
const QUIET_MS = 300
let asking = 0
function asks() {
  clearTimeout(asking)
  asking = setTimeout(() => document.documentElement.classList.add("cs-asking"), QUIET_MS)
}
function answered() {
  clearTimeout(asking)
  document.documentElement.classList.remove("cs-asking")
}

// -- what is announced, focused and scrolled when a view is complete --

const scrolls = new Map()
const followed = new Map() // the link that was followed from each address, for the way back
let token = null
let address = null
let wanted = null
let drawnAt = null // the part of the address that what is shown belongs to

const alarm = document.createElement("div") // what cannot wait is said at once
alarm.className = "cs-vh"
alarm.setAttribute("role", "alert")
function say(words, isUrgent = false) {
  const live = document.getElementById("cs-live")
  if (!live) return
  if (!alarm.isConnected) live.after(alarm)
  for (const [place, said] of [[live, isUrgent ? "" : words], [alarm, isUrgent ? words : ""]]) {
    place.textContent = ""
    if (said) setTimeout(() => { place.textContent = said }, 100)
  }
}

function dress() {
  const input = box()
  if (!input) return
  const around = form()
  if (around && around.getAttribute("role") !== "search") around.setAttribute("role", "search")
  const hint = document.getElementById("cs-hint")
  if (hint && input.getAttribute("aria-describedby") !== "cs-hint") {
    input.setAttribute("aria-describedby", "cs-hint")
  }
  for (const [name, value] of [["enterkeyhint", "search"], ["autocomplete", "off"]]) {
    if (input.getAttribute(name) !== value) input.setAttribute(name, value)
  }
}

function markCurrentPage() {
  const view = new URLSearchParams(location.search)
  const here = view.get("article") ? "?view=articles" : view.get("view") ? `?view=${view.get("view")}` : "./"
  for (const link of document.querySelectorAll(".cs-top nav a")) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
}

function complete() {
  dress()
  if (headed && !headed.isConnected) {
    headed = null
    if (document.activeElement === document.body) focusHeading()
  }
  const now = state()
  if (!now || now.dataset.token === token) return
  const isAsk = now.dataset.address.startsWith("ask|")
  if (isAsk && !box()) return // the box is loaded later than the rest; look again when it is there
  const drawn = { address: now.dataset.address, kept: now.dataset.kept, carried: false }
  if (!document.dispatchEvent(new CustomEvent("cs-drawn", { cancelable: true, detail: drawn }))) return
  const isNew = now.dataset.address !== address
  token = now.dataset.token
  address = now.dataset.address
  answered()
  markCurrentPage()
  drawnAt = location.search
  if (drawn.carried) return // assets/first.js has announced, placed and focused what stands here
  const isAsked = isAsk && now.dataset.address.split("|")[4] !== ""
  say(now.dataset.say, isAsked && isEmergency(document))
  const back = wanted === null ? null : followed.get(location.search)
  if (back) reopen(back)
  if (isNew) place(now.dataset.scroll, isAsked)
  if (isNew) focusHeading(now.dataset.scroll, back)
}

function place(target, isAsked) {
  const back = wanted
  wanted = null
  requestAnimationFrame(() => {
    if (back !== null) return scroller()?.scrollTo(0, back)
    const there = target && document.getElementById(target)
    if (there) return there.scrollIntoView({ block: "start" })
    scroller()?.scrollTo(0, 0)
    if (isAsked) reveal(document.querySelector(".cs-notices, .st-key-results"))
  })
}

// Large text, a small screen: what was found is not left below the edge.
function reveal(found) {
  if (found && found.getBoundingClientRect().top > innerHeight / 2) found.scrollIntoView({ block: "start" })
}

// From assets/first.js: the results of a search that the first document shows, and what to say of them.
const isEmergency = (within) => within.querySelector("section.cs-emergency") !== null
document.addEventListener("cs-found", (event) => {
  const found = document.getElementById("cs-answer")
  say(event.detail, isEmergency(found))
  reveal(found)
})

// The link that was followed may be in a passage that was opened.
const linkTo = (href) => [...document.querySelectorAll(".stApp a.cs-in")].find((one) => one.getAttribute("href") === href)
function reopen(href) {
  const around = linkTo(href)?.closest("details")
  if (around) around.open = true
}

// Whoever types on keeps the box. Everything else that held the focus belongs to the view before:
// Streamlit takes it away a moment later, and the focus would be lost with it. The heading found
// first may be the old view's too; when it goes, `complete` looks for the new one.
let headed = null
let sought = []
function focusHeading(target = sought[0], back = sought[1]) {
  sought = [target, back]
  if (document.activeElement?.matches("input, textarea, select")) return
  const there = (back && linkTo(back)) ?? (target && document.getElementById(target))
  const heading = there || (document.getElementById("cs-results") ?? document.getElementById("cs-title"))
  if (!heading) return
  if (!heading.matches("a")) heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  headed = heading
}

new MutationObserver(complete).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-token"],
})

addEventListener("popstate", (event) => {
  if (!event.isTrusted) return
  wanted = scrolls.get(location.search) ?? 0
})
addEventListener("scroll", (event) => {
  if (wanted !== null || ![main(), document].includes(event.target)) return
  scrolls.set(location.search, scroller()?.scrollTop ?? 0)
}, { capture: true, passive: true })

// A header that takes more than a fifth of the height moves with the page: large text, short screens.
const banner = document.querySelector(".cs-top")
const measure = () => document.documentElement.classList.toggle("cs-tall-top", banner.offsetHeight > innerHeight / 5)
if (banner) {
  new ResizeObserver(measure).observe(banner)
  addEventListener("resize", measure)
}

// -- keys and clicks --

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeHelp(true)
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === box()) asks()
  const isTyping = event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  const input = box()
  if (!input) return
  event.preventDefault()
  input.focus()
  input.select()
})

function closeHelp(focus) {
  const help = document.querySelector(".cs-help[open]")
  if (!help) return
  help.open = false
  if (focus) help.querySelector("summary").focus()
}

document.addEventListener("click", (event) => {
  const target = event.target
  if (!target.closest) return
  // On a phone the page behind the numbers is a part of the disclosure that is none of its own.
  if (!target.closest(".cs-help") || target.matches(".cs-help")) closeHelp(false)
  if (target.closest(".cs-skip")) {
    event.preventDefault()
    const here = document.getElementById("cs-first") ?? main()
    if (here) { here.tabIndex = -1; here.focus() }
    return
  }
  const link = target.closest("a.cs-in")
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
  if (link && isPlain) return open(event, link)
  const example = target.closest("button[data-ask]")
  if (example) return ask(example.dataset.ask)
  if (target.closest("[data-testid=stFormSubmitButton] button")) {
    asks()
    if (isTouch()) box()?.blur() // the keyboard would cover the answer
  }
  const cite = target.closest("button[data-cite]")
  if (cite) return void copy(cite)
  const share = target.closest("button[data-share]")
  if (share) return void shareArticle(share)
  if (target.closest("button[data-print]")) print()
})

document.addEventListener("cs-ask", (event) => ask(event.detail)) // from assets/suggest.js and first.js
document.addEventListener("cs-look", complete)

// Back was pressed while the connection was lost: what is shown follows the address again.
document.addEventListener("cs-back", () => {
  if (drawnAt !== null && location.search !== drawnAt) dispatchEvent(new PopStateEvent("popstate", { state: {} }))
})

// Streamlit draws another view when it hears that the address changed; nothing is loaded again.
function open(event, link) {
  if (!state()) return // not running yet: an ordinary load does the same
  event.preventDefault()
  if (!isConnected()) return void document.dispatchEvent(new CustomEvent("cs-lost")) // nobody would hear of it
  const there = new URL(link.getAttribute("href"), location.href)
  followed.set(location.search, link.getAttribute("href"))
  if (there.search !== location.search) history.pushState({}, "", there.pathname + there.search)
  address = null // choosing the same part again scrolls there again
  // The way back leads to the place and the link that were left; any other link to a new place.
  wanted = link.closest(".cs-back") ? scrolls.get(there.search) ?? null : null
  dispatchEvent(new PopStateEvent("popstate", { state: {} }))
}

async function copy(button) {
  const told = state()?.dataset ?? {}
  report(button, await toClipboard(button.dataset.cite), told.saycopied, told.saynotcopied)
}

// The article's own address, which holds nothing of the question: by the phone's own sheet, else copied.
async function shareArticle(button) {
  const url = new URL(button.dataset.share, location.href).href
  if (isTouch() && navigator.share) {
    try { return await navigator.share({ title: button.dataset.title, url }) } catch (refused) {
      if (refused.name === "AbortError") return // closed without choosing
    }
  }
  const told = state()?.dataset ?? {}
  report(button, await toClipboard(url), told.shared, told.notshared)
}

function report(button, isDone, done, notDone) {
  const told = state()?.dataset ?? {}
  const before = button.dataset.before ?? button.textContent
  button.dataset.before = before // pressed twice, the word "Copied" is not kept
  button.textContent = (isDone ? told.copied : told.notcopied) ?? before
  say(isDone ? done : notDone)
  setTimeout(() => { button.textContent = before }, 2000)
}

async function toClipboard(words) {
  try {
    await navigator.clipboard.writeText(words)
    return true
  } catch { // there is no clipboard on a plain http address other than this machine's own
    const area = document.createElement("textarea")
    area.value = words
    area.className = "cs-vh"
    document.body.append(area)
    area.select()
    try { return document.execCommand("copy") } finally { area.remove() }
  }
}
markCurrentPage()
complete()
