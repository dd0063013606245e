// Facts about the first element of a role whose name holds the given words, else null. What is to
// be clicked is brought into view first; `isFree` says that a click there would meet it.
(role, name, isWanted) => {
  const ROLES = {
    button: "button, summary, input[type=submit]", link: "a[href]", box: "input, textarea",
    option: "[role=option]", heading: "h1, h2, h3, h4", mark: "mark", alert: "[role=alert]",
  }
  const tidy = (words) => words.replace(/\s+/g, " ").trim()
  const named = (one) => tidy(one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent)
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true })
  const isChosen = (one) => one.getAttribute("aria-selected") === "true"
  const all = [...document.querySelectorAll(ROLES[role])].filter((one) => isShown(one) && named(one).includes(name))
  const found = all.find((one) => named(one) === name) ?? all.find(isChosen) ?? all[0]
  if (!found) return null
  const place = () => found.getClientRects()[0] ?? found.getBoundingClientRect()
  const isSeen = (at) => at.top >= 0 && at.bottom <= innerHeight
  const wasSeen = isSeen(place())
  if (isWanted && !wasSeen) found.scrollIntoView({ block: "center", behavior: "instant" })
  const at = place()
  const [x, y] = [at.left + at.width / 2, at.top + at.height / 2]
  const there = document.elementFromPoint(x, y)
  return {
    x, y, isSeen: wasSeen, isFree: found.contains(there) || Boolean(found.labels?.[0]?.contains(there)),
    text: tidy(found.textContent), value: found.value ?? "", href: found.getAttribute("href"),
    isChosen: isChosen(found), isFocused: document.activeElement === found,
  }
}
