/* Predict, then look: covers the output of each cell tagged `predict` until the reader has guessed it or asked to see
   it. What the reader did stays in the browser's storage, one entry a page, each cell under a hash of its code and
   output: a changed cell has no guess. What a guess is worth is found anew. _ext/predictions.py asks for this script. */

import { ascii, compare, parting, type Part } from "./predict/compare.ts"
import { messages } from "./predict/messages.ts"
import { language } from "./shared/messages.ts"

/** What the reader wrote ("" for nothing), and whether the output has been seen. */
interface Deed { guess: string; seen: boolean }

interface Prediction {
  field: HTMLInputElement | HTMLTextAreaElement
  guessed(): boolean
  draw(): void
}

const STORE = `predictions:${location.pathname}`
const words = messages[language()]
const deeds = new Map<string, Deed>()
const keys = new Set<string>()
const remembered = recall()

const cells = [...document.querySelectorAll<HTMLElement>(".cell.tag_predict")]
const predictions = cells.map(cover)
const count = tally()
draw()
delete document.documentElement.dataset["predicting"] // from here on each cell covers its own output

function draw(): void {
  for (const each of predictions) each.draw()
  ;(count.lastElementChild as HTMLElement).hidden = !deeds.size
  count.firstElementChild!.textContent = words.count(cells.length, predictions.filter(each => each.guessed()).length)
}

function cover(cell: HTMLElement, index: number): Prediction {
  const output = cell.querySelector<HTMLElement>(".cell_output")!
  const shown = output.querySelector(".verified-output pre")!
  const truth = shown.textContent!
  const raised = output.querySelector(".raised") !== null
  const lines = truth.trim().split("\n").length
  const key = unused(hash(cell.querySelector(".cell_input")!.textContent + truth))
  const kept = deed(key)
  if (kept) deeds.set(key, kept)

  const form = document.createElement("form")
  form.className = "prediction"
  form.innerHTML =
    `<div class="prediction-ask"><label for="prediction-${index}"></label><div><button></button><button type="button"></button></div></div>` +
    `<p role="status"></p><div class="prediction-guess"><code></code><span></span></div>`
  const [ask, verdict, yours] = form.children as unknown as [HTMLElement, HTMLElement, HTMLElement]
  const [check, look] = form.querySelectorAll("button") as unknown as [HTMLButtonElement, HTMLButtonElement]
  const field = document.createElement(lines > 1 && !raised ? "textarea" : "input")
  field.value = kept?.guess ?? ""
  field.id = `prediction-${index}`
  field.autocomplete = "off"
  field.autocapitalize = "none"
  field.spellcheck = false
  if (field instanceof HTMLTextAreaElement) {
    field.rows = lines
    field.title = words.keys
    field.addEventListener("keydown", event => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      form.requestSubmit()
    })
  }
  form.querySelector("label")!.textContent = raised ? words.askError(index + 1, cells.length) : words.ask(index + 1, cells.length, lines)
  check.textContent = words.check
  look.textContent = words.look
  yours.lastElementChild!.textContent = words.yours
  check.before(field)
  output.before(form)
  output.tabIndex = -1

  const worth = (guess: string) => compare(guess, truth, raised)
  const right = (guess: string) => /same|alike/.test(worth(guess))
  const act = (seen: boolean) => {
    const guess = ascii(field.value)
    if (!guess && !seen) {
      verdict.textContent = words.empty
      return field.focus()
    }
    deeds.set(key, { guess, seen: seen || right(guess) })
    keep()
    draw()
    ;(deeds.get(key)!.seen ? output : field).focus()
  }
  form.addEventListener("submit", event => {
    event.preventDefault()
    act(false)
  })
  look.addEventListener("click", () => act(true))

  return {
    field,
    guessed: () => right(deeds.get(key)?.guess ?? ""),
    draw() {
      const { guess, seen } = deeds.get(key) ?? { guess: "", seen: false }
      const found = guess ? worth(guess) : "none"
      const missed = seen && !right(guess) && guess !== ""
      const [mine, real] = missed ? parting(guess, truth) : []
      cell.classList.toggle("covered", !seen)
      form.dataset["verdict"] = found
      ask.hidden = seen
      verdict.textContent = missed ? words.parted(guess.slice(...mine!), truth.slice(...real!)) : found !== "none" ? words[found] : seen ? words.looked : ""
      yours.hidden = !seen || !guess || found === "same"
      mark(yours.firstElementChild!, guess, mine)
      mark(shown, truth, real)
    },
  }
}

/** Write `text`, with the part [from, to) marked. */
function mark(element: Element, text: string, [from, to]: Part | [] = []): void {
  if (from === undefined) return element.replaceChildren(text)
  const marked = document.createElement("mark")
  marked.textContent = text.slice(from, to)
  element.replaceChildren(text.slice(0, from), marked, text.slice(to))
}

/** The line at the end of the page: how many, how many right, and a way back to the first. */
function tally(): HTMLElement {
  const line = document.createElement("span")
  line.className = "predictions"
  line.innerHTML = `<span></span> <button type="button"></button>`
  const again = line.lastElementChild as HTMLButtonElement
  again.textContent = words.again
  again.addEventListener("click", () => {
    deeds.clear()
    keep()
    for (const { field } of predictions) field.value = ""
    draw()
    predictions[0]!.field.focus()
  })
  const main = document.querySelector("[role=main]")!
  const note = main.querySelector(".verified-note")
  if (note) note.prepend(line) // beside it, a browser would compute the style of the whole article anew
  else main.append(line)
  return line
}

// Storage may be forbidden, full, or hold anything: then a guess lives as long as the page, and nothing breaks.

function recall(): unknown {
  try {
    return JSON.parse(localStorage.getItem(STORE)!)
  } catch {
    return null
  }
}

function deed(key: string): Deed | undefined {
  const kept = (remembered as Record<string, Partial<Deed>> | null)?.[key]
  return typeof kept?.guess === "string" && typeof kept.seen === "boolean" ? { guess: kept.guess, seen: kept.seen } : undefined
}

function keep(): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(Object.fromEntries(deeds)))
  } catch {}
}

function hash(text: string): string {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0
  return sum.toString(36)
}

/** The key itself, or for the second of two equal cells one beside it. */
function unused(key: string): string {
  while (keys.has(key)) key += "'"
  keys.add(key)
  return key
}
