/* Changing the page only where it differs. To write into it what is there already costs a browser as much as something
   new, and most of a picture stays as it is from one frame to the next. */

/** Attributes of an element. */
export function put(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value))
  }
}

/** The text of an element that holds nothing else. The node of the text stays: with another one, a browser would ask of
    every rule of the page whether it holds still. */
export function write(element: Element, text: string): void {
  const held = element.firstChild as Text | null
  if (!held) element.textContent = text
  else if (held.data !== text) held.data = text
}
