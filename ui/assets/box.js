// The search box: a text area of one line that grows with its words to three, so that a long question can
// be read on a phone. In all else it is the one-line box that it takes the place of: Enter sends, and no
// line ends but at the edge. Loaded before assets/first.js.

const BOXES = "#cs-plain-form textarea, .st-key-question textarea"
const isBox = (one) => one.matches?.(BOXES)
const isTouch = matchMedia("(pointer: coarse)").matches
// Where style sheets cannot let a text area grow (assets/app.css).
const isByScript = !CSS.supports("field-sizing", "content")

const appBox = () => document.querySelector(".st-key-question textarea")

// React takes notice of the native setter only.
function put(box, words) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, words)
}
function enter(box, words) {
  put(box, words)
  box.dispatchEvent(new Event("input", { bubbles: true }))
}

// -- what other scripts put into the application's box, and send --

// A moment after it has drawn the box, React sets it up and empties it once more: also under the hands of
// somebody who has typed on.
const SET_UP_MS = 3000
document.addEventListener("cs-fill", ({ detail: [words, place] }) => {
  const box = appBox()
  if (!box) return
  if (box.value !== words) enter(box, words)
  let [kept, caret] = [words, place ?? words.length]
  const end = new AbortController()
  const { signal } = end
  function look() {
    if (box.value || !kept) return
    const there = caret
    enter(box, kept)
    box.setSelectionRange(caret = there, there)
  }
  function note() {
    [kept, caret] = [box.value, box.selectionStart]
    setTimeout(look)
  }
  const watch = new MutationObserver(look) // React changes the text in it with its value
  watch.observe(box, { childList: true })
  signal.addEventListener("abort", () => watch.disconnect())
  addEventListener("input", note, { capture: true, signal })
  setTimeout(look)
  addEventListener("popstate", () => end.abort(), { signal }) // another question may be wanted
  setTimeout(() => end.abort(), SET_UP_MS)
})

// Streamlit takes what is in the box, and fills it again later, only where these keys send it.
document.addEventListener("cs-send", () => {
  const keys = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }
  if (!appBox()?.disabled) appBox()?.dispatchEvent(new KeyboardEvent("keydown", keys))
})

// -- its height, and the button that empties it --

function fit(box) {
  if (!isByScript) return
  box.style.height = ""
  if (box.value) box.style.height = `${box.scrollHeight}px`
}

function cross() {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "cs-clear"
  button.setAttribute("aria-label", document.getElementById("cs-lost").dataset.clear)
  return button
}

function dress() {
  for (const box of document.querySelectorAll(BOXES)) {
    if (!box.parentElement.querySelector(".cs-clear")) box.parentElement.append(cross())
    fit(box)
  }
}

document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.(".cs-clear")) event.preventDefault() // the box keeps the focus
})
document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".cs-clear")?.parentElement.querySelector("textarea")
  if (!box) return
  enter(box, "")
  box.focus()
  document.dispatchEvent(new CustomEvent("cs-typed")) // nothing is suggested to an empty box
})

// -- one line --

// A browser that wants to begin a line knows whether Enter chose a word in a list of its own instead.
document.addEventListener("beforeinput", (event) => {
  if (!isBox(event.target) || !/^insert(LineBreak|Paragraph)$/.test(event.inputType)) return
  event.preventDefault()
  send(event.target)
})

function send(box) {
  if (isTouch) box.blur() // the keyboard would cover the answer
  if (box.form) box.form.requestSubmit()
  else document.dispatchEvent(new CustomEvent("cs-send"))
}

// Pasted lines become one, before React reads them.
document.addEventListener("input", ({ target }) => {
  if (!isBox(target)) return
  if (target.value.includes("\n")) {
    const caret = [target.selectionStart, target.selectionEnd]
    put(target, target.value.replaceAll("\n", " "))
    target.setSelectionRange(...caret)
  }
  fit(target)
}, true)

// -- in the first document, whose form needs an input to be sent by Enter without scripts --

const input = document.querySelector("#cs-plain-form input[type=search]")
let composing = false

function replaceInput() {
  if (composing || !input.isConnected) return
  const around = document.createElement("div")
  around.className = "cs-box"
  const area = document.createElement("textarea")
  const caret = [input.selectionStart, input.selectionEnd, input.selectionDirection]
  const isFocused = document.activeElement === input
  area.value = input.value
  around.append(area)
  input.before(around)
  if (isFocused) area.focus({ preventScroll: true })
  input.remove()
  for (const { name, value } of input.attributes) {
    if (name !== "type" && name !== "value") area.setAttribute(name, value)
  }
  if (isFocused) area.setSelectionRange(...caret)
  dress()
}

// Whoever is typing already may be in the middle of a word that is composed: no script can ask for that.
if (input?.value && document.activeElement === input) {
  for (const type of ["input", "compositionend", "blur"]) {
    input.addEventListener(type, (event) => { composing = event.isComposing ?? false; setTimeout(replaceInput) })
  }
} else if (input) replaceInput()

new MutationObserver(dress).observe(document.documentElement, { childList: true, subtree: true })
if (isByScript) {
  addEventListener("resize", dress)
  document.fonts.ready.then(dress)
}
dress()
