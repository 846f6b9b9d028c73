/* What is pressed and slid: each makes its element, draws itself with the explorable, and only calls `it.set`.

     const eta = slider(it, { key: "eta", label: "η", log: true, text: v => `η = ${number(v)}` })
     eta.band(() => [{ to: 0.5, classes: "c0", name: "..." }, ...])       coloured regimes under the track
     eta.landmarks(() => [{ at: 0.5, label: "1/L", name: "..." }])        labelled buttons that go there
     const row = eta.row("above", 104); row.place([{ at: 0.5, element }])   your own elements, joined to their place
     it.stage.append(eta.root, choice(it, {...}), toggle(it, {...}), numberField(it, {...}), player(it, {...}))

   Keys on a slider: arrows 1/50 of the span, Shift five times as far, Alt a quarter; Home and End. */

import { put, write } from "./change.ts"
import { common, number } from "./messages.ts"
import { stillness, type Explorable } from "./mount.ts"
import { direction } from "./scene.ts"
import { linear, logarithmic } from "./scales.ts"
import type { State, Table } from "./state.ts"

/** The keys of a table whose values are of type V. */
type Key<T extends Table, V> = { [K in keyof T]: State<T>[K] extends V ? K : never }[keyof T] & string

const set = <T extends Table>(it: Explorable<T>, key: keyof T, value: unknown) =>
  it.set({ [key]: value } as Partial<State<T>>)

/** A new element. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, classes: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.className = classes
  made.textContent = text
  return made
}

/** A plain button. */
export function button(text: string, classes: string, press: () => void): HTMLButtonElement {
  const made = make("button", classes, text)
  made.type = "button"
  made.addEventListener("click", press)
  return made
}

/** What is judged: a name, in the colour of its `classes`, and why. */
export function verdict() {
  const [root, name, why] = [make("p", "verdict"), make("strong", ""), make("span", "")]
  root.append(name, why)
  return {
    root,
    say(judged: string, classes: string, reason: string): void {
      put(name, { class: `name ${classes}` })
      write(name, judged)
      write(why, reason)
    },
  }
}

// ---- Slider

export interface Slider {
  root: HTMLElement
  /** Where a value stands along the slider, in px from its left. */
  px(value: number): number
  band(parts: () => readonly { to: number; classes: string; name: string }[]): void
  landmarks(marks: () => readonly Landmark[]): void
  /** A row above or below, for elements of the width `gap` px or less, each joined by a line to its place on the slider. */
  row(side: "above" | "below", gap: number): { root: HTMLElement; place(items: readonly { at: number; element: HTMLElement }[]): void }
}

export interface Landmark {
  at: number
  /** In mathematics, short: "1/L". */
  label: string
  /** The whole of it: "1/L = 0.5, the best rate". */
  name: string
}

const THUMB = 24 // px, as in explorables.css
const LINE = 14 // px, the height of the lines between a row and the slider, too
const FINE = 1000 // positions of the input

export function slider<T extends Table>(it: Explorable<T, any>, options: {
  key: Key<T, number>
  label: string
  /** The value for people: "η = 0.21". */
  text: (value: number) => string
  log?: boolean
}): Slider {
  const { key, log } = options
  const { min, max, whole } = it.table[key] as { min: number; max: number; whole?: boolean }
  const along = (log ? logarithmic() : linear()).domain([min, max]).range([0, 1])
  const root = make("div", "slider")
  const name = make("label", "slider-name")
  const value = make("span", "slider-value")
  const input = make("input", "slider-input")
  const track = make("div", "slider-track")
  const rail = make("div", "slider-rail")
  input.type = "range"
  input.min = "0"
  input.max = String(FINE)
  input.id = `${it.name}-${key}`
  name.htmlFor = input.id
  value.setAttribute("aria-hidden", "true") // the slider says it; an <output> would be a second voice
  name.append(make("span", "", options.label), value)
  rail.append(track, input)
  root.append(name, rail)

  const ask = (part: number) => {
    const inside = Math.min(1, Math.max(0, part))
    // Three digits are enough for a hand; the ends stay exact.
    const wanted = inside === 0 ? min : inside === 1 ? max : Number(along.invert(inside).toPrecision(3))
    set(it, key, wanted)
  }
  const now = () => it.state[key] as number
  let release = () => {}
  input.addEventListener("input", () => ask(Number(input.value) / FINE))
  input.addEventListener("pointerdown", () => (release = it.hold()))
  for (const end of ["pointerup", "pointercancel", "change"]) input.addEventListener(end, () => release())
  input.addEventListener("keydown", event => {
    const steps = direction(event)
    const part = steps[0] + steps[1]
    if (event.ctrlKey || event.metaKey || (!part && event.key !== "Home" && event.key !== "End")) return
    event.preventDefault()
    if (event.key === "Home") ask(0)
    else if (event.key === "End") ask(1)
    else if (whole) set(it, key, now() + Math.sign(part) * Math.max(1, Math.round(Math.abs(part) * (max - min))))
    else ask(along(now()) + part)
  })

  let width = 0
  new ResizeObserver(() => {
    width = rail.clientWidth
    it.redraw()
  }).observe(rail)
  const px = (at: number) => THUMB / 2 + along(at) * ((width || rail.clientWidth) - THUMB)

  it.draws(() => {
    input.value = String(Math.round(along(now()) * FINE))
    put(input, { "aria-valuetext": options.text(now()) })
    write(value, options.text(now()))
  })

  const row: Slider["row"] = (side, gap) => {
    const made = joined(side, px, () => width || rail.clientWidth, gap)
    if (side === "above") rail.before(made.root)
    else root.append(made.root)
    return made
  }
  return {
    root, px, row,
    band(parts) {
      const band = make("div", "slider-band")
      track.append(band)
      const drawn: HTMLElement[] = []
      it.draws(() => {
        const wanted = parts()
        while (drawn.length > wanted.length) drawn.pop()!.remove()
        let from = 0
        wanted.forEach(({ to, classes, name }, i) => {
          const part = drawn[i] ??= band.appendChild(make("span", ""))
          put(part, { class: classes, title: name, style: `width: ${(along(to) - from) * 100}%` })
          from = along(to)
        })
      })
    },
    landmarks(marks) {
      const place = row("below", 48)
      place.root.classList.add("landmarks")
      let shown: readonly Landmark[] = []
      const seats: { element: HTMLElement; name: HTMLElement; value: HTMLElement }[] = [] // a button that is pressed must stay the same
      const seat = (i: number) => {
        const [element, name, value] = [button("", "landmark", () => set(it, key, shown[i]!.at)), make("span", ""), make("small", "")]
        element.append(name, " ", value)
        return { element, name, value }
      }
      it.draws(() => {
        shown = marks().filter(({ at }) => at >= min && at <= max)
        place.place(shown.map(({ at, label, name: title }, i) => {
          const { element, name, value } = seats[i] ??= seat(i)
          put(element, { title })
          write(name, label)
          write(value, number(at))
          element.classList.toggle("here", Math.abs(now() / at - 1) < 1e-4)
          return { at, element }
        }))
      })
    },
  }
}

/** A row whose elements stand as near as they can to their places, at least `gap` px from each other. */
function joined(side: "above" | "below", px: (at: number) => number, width: () => number, gap: number) {
  const made = make("div", `joined ${side}`)
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  lines.setAttribute("class", "joined-lines")
  lines.setAttribute("aria-hidden", "true")
  const path = lines.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"))
  const seats = make("div", "joined-seats")
  made.append(...(side === "above" ? [seats, lines] : [lines, seats]))
  let placed = ""
  return {
    root: made,
    place(items: readonly { at: number; element: HTMLElement }[]) {
      made.toggleAttribute("hidden", items.length === 0)
      const sorted = [...items].sort((a, b) => a.at - b.at)
      const now = [width(), ...sorted.map(({ at }) => at)].join()
      const seated = sorted.length === seats.childElementCount && sorted.every(({ element }, i) => seats.children[i] === element)
      if (seated && now === placed) return
      placed = now
      const centres = spread(sorted.map(({ at }) => px(at)), gap, width())
      if (!seated) seats.replaceChildren(...sorted.map(({ element }) => element)) // moving one would take its focus
      sorted.forEach(({ element }, i) => (element.style.left = `${centres[i]! - width() / 2}px`))
      // The last 4 px are within the slider's hit area, as far as its track.
      const [slider, seat] = side === "above" ? [LINE + 4, 0] : [-4, LINE]
      path.setAttribute("d", sorted.map(({ at }, i) => `M${px(at).toFixed(1)},${slider}L${centres[i]!.toFixed(1)},${seat}`).join(""))
    },
  }
}

/** Ascending `places`, moved as little as is needed to be `gap` apart and within 0..`width`. */
export function spread(places: readonly number[], gap: number, width: number): number[] {
  const room = Math.min(gap, width / places.length)
  const out = places.map(place => Math.max(room / 2, Math.min(width - room / 2, place)))
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i]!, out[i - 1]! + room)
  let limit = width - room / 2
  for (let i = out.length - 1; i >= 0; i--) {
    out[i] = Math.min(out[i]!, limit)
    limit = out[i]! - room
  }
  return out
}

// ---- Choice, switch, number

let groups = 0 // names of radio groups are the page's

/** One of several, as radio buttons in a row. `options` gives the labels, in the order in which they stand. */
export function choice<T extends Table, K extends Key<T, string>>(it: Explorable<T, any>, { key, label, options, names }: {
  key: K
  label: string
  options: Record<State<T>[K] & string, string>
  /** What a screen reader says where the label is a formula. */
  names?: Record<State<T>[K] & string, string>
}): HTMLElement {
  const root = make("fieldset", "choice")
  root.append(make("legend", "", label))
  const group = `choice-${(groups += 1)}`
  const inputs = Object.entries<string>(options).map(([value, text]) => {
    const option = make("label", "")
    const input = make("input", "")
    input.type = "radio"
    input.name = group
    input.value = value
    const name = (names as Record<string, string> | undefined)?.[value]
    if (name) input.setAttribute("aria-label", name)
    input.addEventListener("change", () => set(it, key, value))
    option.append(input, make("span", "", text))
    root.append(option)
    return input
  })
  it.draws(() => inputs.forEach(input => (input.checked = input.value === it.state[key])))
  return root
}

/** On or off. */
export function toggle<T extends Table>(it: Explorable<T, any>, { key, label }: { key: Key<T, boolean>; label: string }): HTMLElement {
  const root = make("label", "toggle")
  const input = make("input", "")
  input.type = "checkbox"
  input.addEventListener("change", () => set(it, key, input.checked))
  root.append(input, make("span", "", label))
  it.draws(() => (input.checked = it.state[key] as boolean))
  return root
}

/** A number to type; taken on Enter or when the field is left. What is no number is said and not taken, what is out
    of range is moved into it. `range` narrows the table's (a domain). */
export function numberField<T extends Table>(it: Explorable<T, any>, { key, label, range }: {
  key: Key<T, number>
  label: string
  range?: () => readonly [number, number]
}): HTMLElement {
  const { min, max } = it.table[key] as { min: number; max: number }
  const words = common[it.language]
  const root = make("div", "number-field")
  const name = make("label", "", label)
  const input = make("input", "")
  const fault = make("span", "fault")
  input.type = "text"
  input.inputMode = "decimal"
  input.autocomplete = "off"
  input.id = `${it.name}-${key}-number`
  name.htmlFor = input.id
  fault.id = `${input.id}-fault`
  fault.setAttribute("role", "alert")
  input.setAttribute("aria-describedby", fault.id)
  root.append(name, input, fault)

  const say = (sentence: string, wrong: boolean) => {
    fault.textContent = sentence
    input.setAttribute("aria-invalid", String(wrong))
  }
  let typing = false
  input.addEventListener("input", () => (typing = true))
  input.addEventListener("keydown", event => event.key === "Enter" && take())
  input.addEventListener("blur", () => take())
  const take = () => {
    if (!typing) return
    const typed = Number(input.value.trim().replace("−", "-").replace("，", ",").replace(",", ".") || NaN)
    if (Number.isNaN(typed)) return say(words.notANumber, true)
    typing = false
    const [low, high] = range?.() ?? [min, max]
    say(typed < low || typed > high ? words.outOfRange(number(low), number(high)) : "", false)
    set(it, key, Math.min(high, Math.max(low, typed)))
    show() // at once: what is typed before the next frame stays
  }
  let shown: unknown
  const show = () => {
    shown = it.state[key]
    input.value = number(shown as number, 4)
  }
  it.draws(() => {
    if (it.state[key] === shown) return
    if (typing) say("", false) // moved by another hand: what was typed is out of date
    typing = false
    show()
  })
  return root
}

// ---- Player

/** Play, step, reset and a scrubber for a walk; `key` counts its steps and `last()` is the number of its last one. */
export function player<T extends Table>(it: Explorable<T, any>, { key, last, text, reset }: {
  key: Key<T, number>
  last: () => number
  /** What is said of the step it stands at; by default its number. */
  text?: () => string
  /** What reset does besides going to step 0; by default everything goes back to where the page starts it. */
  reset?: () => void
}): HTMLElement {
  const words = common[it.language]
  const root = make("div", "player")
  const now = () => Math.min(it.state[key] as number, last())
  let release: (() => void) | null = null
  let due = 0

  const pause = () => {
    release?.()
    release = null
    it.redraw()
  }
  const tick = (time: number) => {
    if (!release) return
    if (it.visible && time >= due) {
      due = time + Math.min(350, Math.max(50, 5000 / last()))
      set(it, key, now() + 1)
    }
    if (now() >= last()) pause()
    else if (it.visible) requestAnimationFrame(tick)
    else pause() // out of sight: nothing runs
  }
  const start = () => {
    if (stillness()) return set(it, key, last())
    if (now() >= last()) set(it, key, 0)
    release = it.hold()
    due = 0
    requestAnimationFrame(tick)
  }

  const play = button("", "play", () => (release ? pause() : start()))
  const step = button(words.step, "step", () => {
    pause()
    set(it, key, now() >= last() ? 0 : now() + 1)
  })
  const back = button(words.reset, "reset", () => {
    pause()
    if (reset) reset()
    else it.set(it.start)
  })
  const scrubber = make("input", "scrubber")
  scrubber.type = "range"
  scrubber.min = "0"
  scrubber.setAttribute("aria-label", words.steps)
  scrubber.addEventListener("input", () => {
    pause()
    set(it, key, Number(scrubber.value))
  })
  const count = make("span", "count")
  count.setAttribute("aria-hidden", "true")
  root.append(play, step, back, scrubber, count)
  it.draws(() => {
    write(play, release ? words.pause : words.play)
    play.classList.toggle("playing", release !== null)
    put(scrubber, { max: last(), "aria-valuetext": text?.() ?? words.stepOf(now(), last()) })
    scrubber.value = String(now())
    write(count, text?.() ?? `${now()} / ${last()}`)
  })
  return root
}
