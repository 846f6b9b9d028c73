// Takes the focus along when one of furo's drawers is opened or closed, and closes it on Escape and after a link.
for (const [name, place] of [["__navigation", ".sidebar-drawer"], ["__toc", ".toc-drawer"]]) {
  const box = document.getElementById(name), drawer = document.querySelector(place)
  const firstLink = () => [...drawer.querySelectorAll("a")].find((link) => link.checkVisibility())
  box.addEventListener("change", () => box.checked && firstLink()?.focus())
  drawer.addEventListener("click", ({ target }) => {
    if (target.closest("a")) box.checked = false
  })
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !box.checked) return
    box.checked = false
    box.focus()
  })
}
