// A sheet over the page, which is all that is printed while it is open: two passages side by side, or a
// handout. What is typed on a handout stays on it: it is not sent, not stored, and goes with the sheet.

const sheet = () => document.querySelector("dialog.cs-sheet")
const behind = () => document.querySelectorAll("#root, .cs-top, .cs-skip")
const drawn = () => document.getElementById("cs-desk-sheet").cloneNode(true)

function lay(kind, title, acts, page) {
  close()
  const dialog = document.createElement("dialog")
  dialog.className = `cs-sheet ${kind}`
  title.id = "cs-sheet-title"
  dialog.setAttribute("aria-labelledby", title.id)
  dialog.append(acts, page)
  document.body.append(dialog)
  // Not modal: what lies in the browser's top layer is cut off after one page of paper.
  for (const one of behind()) one.inert = true
  dialog.show()
  acts.querySelector("button").focus()
}

function close() {
  if (!sheet()) return
  sheet().remove()
  for (const one of behind()) one.inert = false
  document.dispatchEvent(new CustomEvent("cs-sheet-closed"))
}

document.addEventListener("cs-sheet-close", close)

document.addEventListener("cs-sheet", ({ detail }) => {
  const acts = drawn().querySelector(".cs-sheet-acts")
  acts.querySelector("fieldset").remove()
  const page = document.createElement("div")
  page.className = "cs-sheet-page stApp"
  page.append(...detail.content)
  lay(detail.kind, detail.title, acts, page)
})

// -- a handout: sections or whole articles, as the page for readers draws them --

document.addEventListener("cs-handout", ({ detail }) => {
  const made = drawn()
  const page = made.querySelector(".cs-sheet-page")
  // Only here: a name would make one group of these and those of the hidden original.
  for (const choice of made.querySelectorAll("[type=radio]")) choice.name = "cs-sheet-which"
  lay("cs-handout", page.querySelector("h1"), made.querySelector(".cs-sheet-acts"), page)
  sheet().addEventListener("change", () => fill(detail))
  sheet().addEventListener("input", ({ target }) => said(target))
  fill(detail)
})

async function fill(places) {
  const dialog = sheet()
  const slot = dialog.querySelector(".cs-sheet-slot")
  const sources = dialog.querySelector(".cs-sheet-sources")
  const isWhole = dialog.querySelector("[value=articles]").checked
  try {
    const names = [...new Set(places.map(({ article }) => article))]
    const read = await Promise.all(names.map(article))
    if (isWhole !== dialog.querySelector("[value=articles]").checked) return
    slot.replaceChildren(...read.map((one, at) => {
      const wanted = places.filter((place) => place.article === names[at]).map(({ section }) => `cs-part-${section}`)
      return part(one, [...one.querySelectorAll(":scope > section[id]")].filter(({ id }) => isWhole || wanted.includes(id)))
    }))
    sources.replaceChildren(...read.map(source))
  } catch {
    slot.textContent = slot.dataset.failed
  }
}

// An article's name is no question: it may stand in an address.
async function article(name) {
  const answer = await fetch(`./plain/article?${new URLSearchParams({ article: name })}`)
  if (!answer.ok) throw new Error(answer.status)
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  return page.querySelector("article.cs-article")
}

const level = (heading) => Number(heading.tagName[1])
const headings = (one) => [...one.querySelectorAll("h2, h3, h4, h5, h6")]

// Sections as they stand, each below the headings that it stands under in its article.
function part(one, sections) {
  const made = document.createElement("section")
  made.className = "cs-sheet-part cs-article"
  made.append(retitled(one.querySelector("h1"), 2))
  const shown = new Set()
  for (const section of sections) {
    for (const heading of [...above(one, section), ...headings(section)]) {
      if (!shown.has(heading) && !section.contains(heading)) made.append(retitled(heading, level(heading) + 1))
      shown.add(heading)
    }
    const copy = section.cloneNode(true)
    copy.removeAttribute("id")
    for (const heading of headings(copy)) heading.replaceWith(retitled(heading, level(heading) + 1))
    made.append(copy)
  }
  return made
}

function above(one, section) {
  const before = headings(one).filter((heading) => heading.compareDocumentPosition(section) & Node.DOCUMENT_POSITION_FOLLOWING
    && heading.closest("section[id]"))
  let least = Math.min(...headings(section).map(level), 7)
  if (least === 7) return []
  return before.reverse().filter((heading) => level(heading) < least && (least = level(heading))).reverse()
}

function retitled(heading, depth) {
  const made = document.createElement(`h${Math.min(depth, 6)}`)
  if (heading.lang) made.lang = heading.lang
  if (heading.dir) made.dir = heading.dir
  made.append(...heading.cloneNode(true).childNodes)
  return made
}

function source(one) {
  const made = document.createElement("div")
  made.className = "cs-sheet-source"
  const title = document.createElement("p")
  title.append(...one.querySelector("h1").cloneNode(true).childNodes)
  made.append(title, ...[...one.querySelectorAll(".cs-trust ul:not(li ul), .cs-online")].map((each) => each.cloneNode(true)))
  return made
}

// On paper a field is what was typed into it, however long; an empty one is not there.
function said(field) {
  const around = field.closest(".cs-sheet-field")
  if (!around) return
  around.querySelector(".cs-only-print").textContent = field.value
  around.classList.toggle("cs-said", Boolean(field.value.trim()))
}

document.addEventListener("click", (event) => {
  const does = event.target.closest?.("[data-sheet]")?.dataset.sheet
  if (does === "print") print()
  if (does === "close") close()
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !sheet()) return
  event.preventDefault()
  // One slip must not take a note away.
  if (event.target.closest?.(".cs-sheet .cs-said")) sheet().querySelector("[data-sheet=close]").focus()
  else close()
})
