// What a page drawn by Streamlit cannot do by itself: announce results, move the focus, open our own
// links without loading the page again, copy and print.
// A plain file without dependencies, loaded before Streamlit's own script.

const SILENT = { bubbles: true }
const state = () => document.getElementById("cs-state")
const main = () => document.querySelector("[data-testid=stMain]")
const box = () => document.querySelector(".st-key-question input")
const isConnected = () => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED"
const form = () => box()?.closest("[data-testid=stForm]")
const isTouch = () => matchMedia("(pointer: coarse)").matches

// Streamlit's text box belongs to React, which only takes notice of the native setter.
function ask(question) {
  const input = box()
  const button = form()?.querySelector("[data-testid=stFormSubmitButton] button")
  if (!input || !button) return false
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, question)
  input.dispatchEvent(new Event("input", SILENT))
  setTimeout(() => button.click(), 0)
  return true
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
let token = null
let address = null
let wanted = null
let drawnAt = null // the part of the address that what is shown belongs to

function say(words) {
  const live = document.getElementById("cs-live")
  if (!live) return
  live.textContent = ""
  if (words) setTimeout(() => { live.textContent = words }, 100)
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
  if (input.getAttribute("enterkeyhint") !== "search") input.setAttribute("enterkeyhint", "search")
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
  say(now.dataset.say)
  if (isNew) place(now.dataset.scroll)
  if (isNew) focusHeading()
}

function place(target) {
  const back = wanted
  wanted = null
  requestAnimationFrame(() => {
    if (back !== null) main()?.scrollTo(0, back)
    else if (target && document.getElementById(target)) {
      document.getElementById(target).scrollIntoView({ block: "start" })
    } else main()?.scrollTo(0, 0)
  })
}

// Whoever types on keeps the box. Everything else that held the focus belongs to the view before:
// Streamlit takes it away a moment later, and the focus would be lost with it. The heading found
// first may be the old view's too; when it goes, `complete` looks for the new one.
let headed = null
let leafing = false // from result to result: the focus stays with the passage, and so do the keys
function focusHeading() {
  if (document.activeElement?.matches("input, textarea, select")) return
  const found = leafing ? document.getElementById("cs-found") : null
  const heading = found ?? document.getElementById("cs-results") ?? document.getElementById("cs-title")
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  headed = heading
}

new MutationObserver(complete).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-token"],
})

addEventListener("popstate", (event) => {
  if (!event.isTrusted) return
  wanted = scrolls.get(location.search) ?? 0
  leafing = false
})
addEventListener("scroll", (event) => {
  if (event.target === main() && wanted === null) scrolls.set(location.search, event.target.scrollTop)
}, { capture: true, passive: true })

// -- keys and clicks --

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeHelp(true)
  if (event.key === "Enter" && event.target === box() && !event.isComposing) {
    asks()
    if (isTouch()) event.target.blur()
  }
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
  if (!target.closest(".cs-help")) closeHelp(false)
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
  if (example) return void ask(example.dataset.ask)
  if (target.closest("[data-testid=stFormSubmitButton] button")) asks()
  const cite = target.closest("button[data-cite]")
  if (cite) return void copy(cite)
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
  if (there.search !== location.search) history.pushState({}, "", there.pathname + there.search)
  address = null // choosing the same part again scrolls there again
  leafing = Boolean(link.closest(".cs-pager"))
  wanted = null // a place that Back was about to return to is out of date
  dispatchEvent(new PopStateEvent("popstate", { state: {} }))
}

// A citation ends with the article's address below this page; only the browser knows the rest.
async function copy(button) {
  const words = button.dataset.cite
  const relative = words.slice(words.lastIndexOf(" ?") + 1)
  const full = words.slice(0, words.length - relative.length) + new URL(relative, location.href).href
  const before = button.textContent
  const isCopied = await toClipboard(full)
  const told = state()?.dataset ?? {}
  button.textContent = (isCopied ? told.copied : told.notcopied) ?? before
  say(isCopied ? told.saycopied : told.saynotcopied)
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
