/* Brings an explorable to life on its <figure data-explorable="NAME"> after the first paint. An entry file is

     mount("NAME", table, messages, it => {
       ...build the DOM in it.stage with plot() of scene.ts and the controls of controls.ts...
       it.draws(() => ...)                       // draw it.state; called once a frame, only when something changed
       it.follows(() => ...)                     // the same for what stands beside; a frame or two later, if need be
       return { sentence: () => "..." }          // what the one voice says when a movement has ended
     })

   `it.set({eta: 0.2})` is the only way to change the state: the values are checked against the table, everything is
   drawn in the next frame, and once the movement has ended the sentence is spoken and the state goes into the URL.
   Where the state begins: the table, then the options of the directive, then the hash of the page. Until the picture
   stands, and on paper, the reader sees the fallback that is already in the figure. */

import { announce, voice } from "./announce.ts"
import { language, type Bilingual, type Language, type Words } from "./messages.ts"
import { checked, fromHash, fromTexts, initial, intoHash, type State, type Table } from "./state.ts"

/** How long nothing must change until a movement has ended, in ms. */
const STILL = 400

/** How long the drawings of a frame may take before the rest waits for the next, in ms: to lay out and paint what they
    changed takes two or three times as long again. */
const AT_EASE = 1

/** In how many frames all is drawn however long it takes. In each, every third follower: neighbours are alike, and two
    plots cost more than a plot and a text. */
const ROUND = 3

export interface Explorable<T extends Table = Table, W = unknown> {
  readonly name: string
  readonly table: T
  readonly words: W
  readonly language: Language
  /** The element to build in, empty but for the title and the instruction. */
  readonly stage: HTMLElement
  /** What explorables/NAME/data.py gave when the site was built; undefined without one. */
  readonly data: unknown
  readonly state: State<T>
  /** The state as the page has it, before the reader: what a reset goes back to. */
  readonly start: State<T>
  /** The step that the reader points at, in whichever view; null for none. Not part of the state. */
  readonly lit: number | null
  /** Whether some of it is on the screen; what moves by itself moves only then. */
  readonly visible: boolean
  set(change: Partial<State<T>>): void
  light(step: number | null): void
  /** Register a drawing function. All run in the order in which they were registered. */
  draws(draw: () => void): void
  /** Register a drawing function of something beside what the reader moves. It may come two frames after the others, so
      that a slow machine too keeps up with the hand. */
  follows(draw: () => void): void
  /** Draw again in the next frame; `set` and `light` do this by themselves. */
  redraw(): void
  /** A movement begins (a pointer is down, a walk plays); call what it returns when it ends. */
  hold(): () => void
  /** A short hint at what to touch, shown at `anchor` until the picture has been used once. */
  hint(anchor: HTMLElement, text: string): void
}

export interface View<T extends Table> {
  /** What is there now, as one sentence for those who do not see it. */
  sentence(): string
  /** Make a checked state consistent (a start inside the domain of its function); `change` is what was asked for. */
  adapt?(next: State<T>, change: Partial<State<T>>, before: State<T>): State<T>
}

export function mount<T extends Table, W extends Words>(
  name: string, table: T, messages: Bilingual<W>, build: (it: Explorable<T, W>) => View<T>,
): void {
  const figure = document.querySelector<HTMLElement>(`figure[data-explorable="${name}"]`)
  if (!figure) return
  voice()
  // A frame, and then the task after it: the page has been painted.
  requestAnimationFrame(() => setTimeout(() => bring(figure, name, table, messages, build)))
}

function bring<T extends Table, W extends Words>(
  figure: HTMLElement, name: string, table: T, messages: Bilingual<W>, build: (it: Explorable<T, W>) => View<T>,
): void {
  const words = messages[language()]
  const stage = document.createElement("div")
  stage.className = "explorable-stage"
  stage.innerHTML = `<p class="explorable-title" id="${name}-title"></p><p class="explorable-how" id="${name}-how"></p>`
  stage.children[0]!.textContent = words.title
  stage.children[1]!.textContent = words.how
  stage.setAttribute("role", "group")
  stage.setAttribute("aria-labelledby", `${name}-title`)
  stage.setAttribute("aria-describedby", `${name}-how`)
  const room = document.createElement("div")
  room.className = "explorable-room"
  room.append(stage)

  const start: State<T> = { ...initial(table), ...fromTexts(table, key => figure.getAttribute(`data-${key}`)) }
  const json = figure.querySelector("script[type='application/json']")?.textContent
  const drawings: (() => void)[] = []
  const followers: (() => void)[] = []
  let turn = 0 // which part of the followers is next
  let behind = 0 // how many parts are still to draw
  let due = false // whether all is to be drawn anew, not only what is behind
  let state = start
  let lit: number | null = null
  let visible = true
  let frame = 0
  let hands = 0
  let changed = false
  let still: ReturnType<typeof setTimeout> | undefined
  let hinted: HTMLElement | null = null

  const draw = () => {
    const began = performance.now()
    const parts = Math.min(ROUND, followers.length)
    frame = 0
    if (due) {
      due = false
      for (const drawing of drawings) drawing()
      behind = parts
    }
    for (let first = true; behind && (first || performance.now() - began < AT_EASE); first = false, behind--) {
      for (let i = turn; i < followers.length; i += parts) followers[i]!()
      turn = (turn + 1) % parts
    }
    if (behind) frame ||= requestAnimationFrame(draw)
  }
  const redraw = () => {
    due = true
    if (visible && !frame) frame = requestAnimationFrame(draw)
  }
  const settle = () => {
    clearTimeout(still)
    if (changed && !hands) still = setTimeout(settled, STILL)
  }
  const settled = () => {
    changed = false
    announce(view.sentence())
    history.replaceState(history.state, "", intoHash(name, state, location.hash))
  }

  const it: Explorable<T, W> = {
    name, table, words, language: language(), stage, start,
    data: json ? JSON.parse(json) : undefined,
    get state() { return state },
    get lit() { return lit },
    get visible() { return visible },
    set(change) {
      const clean = checked(table, change)
      const next = { ...state, ...clean }
      state = view.adapt?.(next, clean, state) ?? next
      changed = true
      forgetHint()
      redraw()
      settle()
    },
    light(step) {
      if (step === lit) return
      lit = step
      redraw()
    },
    draws: drawing => drawings.push(drawing),
    follows: drawing => followers.push(drawing),
    redraw,
    hold() {
      hands++
      let held = true
      return () => {
        if (!held) return
        held = false
        hands--
        settle()
      }
    },
    hint(anchor, text) {
      if (remembered(`explorable-used-${name}`)) return
      hinted = document.createElement("span")
      hinted.className = "explorable-hint"
      hinted.setAttribute("aria-hidden", "true") // the instruction says it already
      hinted.textContent = text
      anchor.append(hinted)
    },
  }
  const forgetHint = () => {
    if (!hinted) return
    hinted.remove()
    hinted = null
    remember(`explorable-used-${name}`)
  }

  const view = build(it)
  const linked = fromHash(name, table, location.hash)
  state = view.adapt?.({ ...start, ...linked }, linked, start) ?? { ...start, ...linked }
  figure.prepend(room)
  figure.classList.add("alive") // from here on the fallback is for paper only
  // Asked what is under a pointer, a browser begins above; with every formula further down the page, were it not for this.
  for (let part = figure.closest("section"); part; part = part.parentElement!.closest("section")) part.classList.add("raised")
  for (const drawing of [...drawings, ...followers]) drawing()

  // The page gives the picture its room without asking what is in it, and so is not laid out again with it in each frame.
  const fit = () => (room.style.height = `${stage.getBoundingClientRect().height}px`)
  fit()
  new ResizeObserver(fit).observe(stage)
  new IntersectionObserver(entries => {
    visible = entries.at(-1)!.isIntersecting
    stage.classList.toggle("visible", visible)
    redraw()
  }).observe(stage)
  addEventListener("hashchange", event => {
    // Not location.hash, which a movement that settles meanwhile may have overwritten.
    const linked = fromHash(name, table, new URL(event.newURL).hash)
    if (Object.keys(linked).length) load(linked)
  })
  const load = (change: Partial<State<T>>) => {
    figure.scrollIntoView({ block: "nearest", behavior: stillness() ? "auto" : "smooth" })
    it.set(change)
  }
  if (Object.keys(linked).length) figure.scrollIntoView({ block: "nearest" })
  for (const phrase of document.querySelectorAll<HTMLElement>(`.sets[data-explorable="${name}"]`)) {
    const texts = new URLSearchParams(phrase.dataset["state"])
    asButton(phrase).addEventListener("click", () => load(fromTexts(table, key => texts.get(key))))
  }
}

/** Without JavaScript a phrase is text; now that it does something, it is a button. */
function asButton(phrase: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button")
  button.type = "button"
  for (const { name, value } of phrase.attributes) button.setAttribute(name, value)
  button.append(...phrase.childNodes)
  phrase.replaceWith(button)
  return button
}

/** Whether the reader asked for less motion: then an animation shows its end at once. */
export const stillness = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches

// A browser may forbid storage; then a hint comes back, and nothing breaks.
function remembered(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(key, "1")
  } catch {}
}
