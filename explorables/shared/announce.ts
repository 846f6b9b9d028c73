/* The one voice of a page: a polite live region, heard by screen readers and seen by nobody.
   mount.ts speaks through it, once, after a movement has ended; an explorable only gives the sentence. */

const ID = "explorables-voice"

/** Say a sentence. The same sentence twice in a row is said once. */
export function announce(sentence: string): void {
  voice().textContent = sentence
}

/** The live region; it must stand in the page before it first speaks. */
export function voice(): HTMLElement {
  const found = document.getElementById(ID)
  if (found) return found
  const made = document.createElement("div")
  made.id = ID
  made.setAttribute("role", "status") // polite and atomic
  return document.body.appendChild(made)
}
