// For the page in a frame on the clinic's website: whatever leads away from it opens in a tab of
// its own, because most websites refuse to be shown inside of another one.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]")
  if (link && /^https?:$/.test(link.protocol) && link.origin !== location.origin) {
    link.target = "_blank"
  }
}, { capture: true })
