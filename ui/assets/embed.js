// For the page in a frame on the clinic's website. Whatever leads away from it opens in a tab of its
// own, because most websites refuse to be shown inside of another one. The website hears how high the
// frame would have to be for nothing to scroll inside of it, and where something new stands: two
// numbers, nothing of a question, and only to websites that the clinic has named, because no other one may
// show the page. The website's part is in docs/embedding.md.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]")
  if (link && /^https?:$/.test(link.protocol) && link.origin !== location.origin) {
    link.target = "_blank"
  }
}, { capture: true })

const GAP = 16
const CALM_MS = 400
const FLOATING = ".cs-help[open] .cs-help-panel, .cs-suggest:not([hidden])"
const banner = document.querySelector(".cs-top")
const content = () => document.querySelector(".cs-first > div, [data-testid=stMainBlockContainer]")
const topOf = (one) => banner.offsetHeight + one.getBoundingClientRect().top - content().getBoundingClientRect().top

let watched = null
let told = 0
let later = 0

function needed() {
  const floating = [...document.querySelectorAll(FLOATING)]
  const ends = floating.map((one) => one.getBoundingClientRect().top + one.scrollHeight + GAP)
  return Math.ceil(Math.max(banner.offsetHeight + watched.offsetHeight, ...ends))
}

// Lower only when it stays so: between two views there is next to nothing for a moment.
function tell() {
  if (!document.querySelector(".cs-first, #cs-state")) return // nothing has been drawn yet
  if (watched !== content()) {
    sizes.disconnect()
    watched = content()
    if (watched) sizes.observe(watched)
  }
  clearTimeout(later)
  if (!watched || needed() === told) return
  if (needed() > told) send()
  else later = setTimeout(() => watched.isConnected && send(), CALM_MS)
}

function send(place = {}) {
  told = needed()
  parent.postMessage({ height: told, ...place }, "*")
}

const sizes = new ResizeObserver(tell)
const attributeFilter = ["open", "hidden"]
new MutationObserver(tell).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter })

// What was found gets the focus (assets/helper.js). The link that was left gets it back, and keys may
// give it to any other: whether that is in sight on the website's page only an observer knows.
document.addEventListener("focusin", ({ target }) => {
  if (!content()?.contains(target)) return
  if (target.tabIndex < 0) return point(target)
  new IntersectionObserver(([seen], once) => {
    once.disconnect()
    if (!seen.isIntersecting && target.isConnected) point(target)
  }).observe(target)
})
function point(target) {
  send({ top: Math.max(0, Math.floor(topOf(target)) - GAP) })
}
