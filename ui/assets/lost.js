// Says calmly, in the page's language, that the connection is lost and that it is back; nothing is
// covered and nothing becomes inert. Streamlit's own dialog is turned off (ui/server/files.py).

const LATE_MS = 700 // most losses are mended before anybody notices
const BACK_MS = 4000
const line = document.getElementById("cs-lost")
const app = () => document.querySelector("[data-testid=stApp]")
let wasConnected = false
let isLost = false
let typing = null // the box that somebody was in: Streamlit disables it, and the focus would be lost
let timer = 0

// The line takes room above the page; whoever reads further down stays at the same words.
function show(words) {
  const page = document.getElementById("cs-first") ?? document.querySelector("[data-testid=stMain]")
  const before = line.offsetHeight
  const said = document.createElement("p")
  said.textContent = words
  line.replaceChildren(...(words ? [said] : []))
  if (page?.scrollTop) page.scrollTop += line.offsetHeight - before
}

function lost() {
  if (isLost) return
  isLost = true
  clearTimeout(timer)
  timer = setTimeout(() => show(line.dataset.lost), LATE_MS)
}

function back() {
  if (!isLost) return
  isLost = false
  clearTimeout(timer)
  if (typing?.isConnected && document.activeElement === document.body) typing.focus({ preventScroll: true })
  if (!line.hasChildNodes()) return
  show(line.dataset.back)
  timer = setTimeout(() => show(""), BACK_MS)
}

document.addEventListener("cs-lost", () => { lost(); show(line.dataset.lost) })
document.addEventListener("cs-back", back)
document.addEventListener("focusin", (event) => { if (!isLost) typing = event.target.matches("input, textarea") ? event.target : null })

new MutationObserver(() => {
  const isConnected = app()?.dataset.testConnectionState === "CONNECTED"
  if (isConnected) {
    wasConnected = true
    if (isLost) document.dispatchEvent(new CustomEvent("cs-back"))
  } else if (wasConnected) lost()
}).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"],
})
