/* Changing only what differs. To write into a page what is there already costs a browser as much as something new, and
   most of a picture stays as it is from one frame to the next. */

/** Attributes of an element; null takes one away. */
export function put(element: Element, attributes: Readonly<Record<string, string | number | null>>): void {
  for (const name in attributes) {
    const value = attributes[name] === null ? null : String(attributes[name])
    if (element.getAttribute(name) === value) continue
    if (value === null) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }
}

/** The text of an element that holds nothing else. The node of the text stays: with another one, a browser would ask of
    every rule of the page whether it holds still. */
export function write(element: Element, text: string): void {
  const held = element.firstChild as Text | null
  if (!held) element.textContent = text
  else if (held.data !== text) held.data = text
}

/** What `make` made under this name, or what it makes now where `hangsOn` has changed since. */
export type Again = <V>(name: string, hangsOn: readonly unknown[], make: () => V) => V

export function memory(): Again {
  const known = new Map<string, readonly [string, unknown]>()
  return <V>(name: string, hangsOn: readonly unknown[], make: () => V): V => {
    const key = hangsOn.join()
    const found = known.get(name)
    if (found?.[0] === key) return found[1] as V
    const made = make()
    known.set(name, [key, made])
    return made
  }
}
