/* Changing the page only where it differs. To write into it what is there already costs a browser as much as something
   new, and most of a picture stays as it is from one frame to the next. */

/** Attributes of an element. */
export function put(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value))
  }
}

/** The text of an element that holds nothing else. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
