/* The drunkard's walk: Hubble's nebulae beside the loss of the lines through them. Gradient descent, SGD and mini-batch
   from the same start, by the same account of sample gradients, on the same drawn samples; the cloud of gradients at the
   point of one of them; the size of its noise ball, measured and foretold. */

import "./walk/style.css"
import { landscape, trail } from "./shared/paths.ts"
import { conic } from "./shared/geometry.ts"
import { memory, put, write } from "./shared/change.ts"
import { button, make, numberField, player, slider, toggle, verdict } from "./shared/controls.ts"
import { eigenvalues, leastSquares, type Interval, type Pair } from "./shared/functions.ts"
import { number } from "./shared/messages.ts"
import { mount } from "./shared/mount.ts"
import { decade, leap } from "./shared/scales.ts"
import { arrow, direction, dots, handle, label, lights, line, plot, spots, type Plot } from "./shared/scene.ts"
import { messages } from "./walk/messages.ts"
import { draws } from "./walk/random.ts"
import table from "./walk/state.json"
import { theory } from "./walk/theory.ts"
import { BUDGET, height, MOMENTS, pace, tail, wander, type Wander } from "./walk/walks.ts"

interface Nebulae { names: string[]; x: number[]; y: number[] }

const WALKERS = ["gd", "sgd", "batch"] as const
type Who = (typeof WALKERS)[number]
const COLOURS: Record<Who, string> = { gd: "c0", sgd: "c1", batch: "c4" }

type Regime = "converges" | "cycles" | "diverges" | "ball" | "under" | "wild" | "settles" | "tires"

interface Walker extends Wander {
  price: number
  /** The mean over all walks, after each step. */
  expected: Float64Array
  regime: Regime
  colour: string
  /** The mean height over the tail: of this walk, of all walks, and of a walk without end. */
  measured: number
  mean: number
  floor: number
}

const PLANE: readonly [Interval, Interval] = [[-0.75, 1.25], [-0.85, 1.05]]
const SKY: readonly [Interval, Interval] = [[-0.12, 2.2], [-0.95, 1.5]]
const LEVELS = [0.01, 0.05, 0.15, 0.3, 0.6, 1, 1.6] // as in the chapter's figures
const RECENT = 120 // steps whose path is drawn; of what lies further back, a spot for every 24 gradients
const SHOWN = [...new Set(Array.from({ length: 240 }, (_, i) => Math.round(BUDGET ** (i / 239))))] // gradients, evenly on the axis
const SMOOTH = SHOWN.filter((spent, i) => i % 3 === 0 || spent === BUDGET) // enough for a mean
const LOWEST = 1e-6
/** Rates are cut to six digits on their way into the state; what is nearer than that is equal. */
const ROUNDING = 1e-5

mount("walk", table, messages, it => {
  const { words } = it
  const { names, x, y } = it.data as Nebulae
  const n = x.length
  const all = x.map((_, i) => i)
  const o = leastSquares(x, y)
  const ideas = theory(o, x)
  const high = height(o)
  const hessian = o.hess([0, 0])
  const [best] = o.minima as [Pair]
  const [mu, L] = eigenvalues(hessian)
  const limits = { gd: 2 / L, safe: 2 / Math.max(...x.map(xi => 2 * (xi * xi + 1))) }

  // What the state means; a walk is walked again only when something that moves it has changed
  let drawn: readonly number[] = []
  let walkers: Record<Who, Walker>
  let k = 0
  let e = 0 // sample gradients spent
  let here: Walker
  let at: Pair
  const again = memory()
  const start = (): Pair => [it.state.w1, it.state.w2]
  const priceOf = (who: Who) => ({ gd: n, sgd: 1, batch: it.state.b })[who]
  const limitOf = (who: Who) => (who === "gd" ? limits.gd : ideas.limit(priceOf(who)))
  it.draws(() => {
    const { eta, decay, seed, who } = it.state
    drawn = again("drawn", [seed], () => draws(seed, BUDGET, n))
    walkers = Object.fromEntries(WALKERS.map(who => {
      const price = priceOf(who)
      return [who, again(who, [...start(), eta, decay, who === "gd" ? "" : seed, price], () => walkerOf(who, price))]
    })) as Record<Who, Walker>
    here = walkers[who]
    const seen = it.lit !== null && it.lit >= 0 ? it.lit : it.state.k
    k = Math.min(seen, MOMENTS.length - 1)
    e = MOMENTS[k]!
    at = pointOf(here, e)
  })
  const walkerOf = (who: Who, price: number): Walker => {
    const { eta, decay } = it.state
    const rates = again("rates", [eta, decay], () => pace(eta, decay))
    const path = wander(o, x, start(), price, who === "gd" ? null : drawn, rates)
    const expected = who === "gd" ? path.heights : ideas.expected(start(), price, rates, Math.floor(BUDGET / price))
    const measured = tail(path.end, path.heights, price)
    const mean = who === "gd" ? measured : tail(null, expected, price)
    const floor = who === "gd" ? 0 : eta < limitOf(who) * (1 - ROUNDING) ? ideas.height(ideas.stationary(eta, price)) : Infinity
    const regime = regimeOf(who, mean, floor)
    return { ...path, price, expected, measured, mean, floor, regime, colour: regime === "diverges" || regime === "wild" || path.end !== null ? "c3" : COLOURS[who] }
  }
  const regimeOf = (who: Who, mean: number, floor: number): Regime => {
    const { eta, decay } = it.state
    if (decay) return who === "gd" ? "converges" : 60 * eta * mu > 0.5 ? "settles" : "tires"
    if (who === "gd" && Math.abs(eta * L - 2) < 2 * ROUNDING) return "cycles"
    if (eta >= limits.gd) return "diverges"
    if (who === "gd") return "converges"
    return floor === Infinity ? "wild" : Math.abs(mean / floor - 1) > 0.1 ? "under" : "ball"
  }
  const stepOf = ({ price, heights }: Walker, spent: number) => Math.min(heights.length - 1, Math.floor(spent / price))
  const pointAt = ({ w1, w2 }: Walker, t: number): Pair => [w1[t]!, w2[t]!]
  const pointOf = (walker: Walker, spent: number) => pointAt(walker, stepOf(walker, spent))
  /** The samples of its next step, and where that leads; null where there is none. */
  const chosen = (): readonly number[] | null => {
    const t = Math.floor(e / here.price)
    if ((t + 1) * here.price > BUDGET || t >= here.heights.length) return null
    return it.state.who === "gd" ? all : drawn.slice(t * here.price, (t + 1) * here.price)
  }
  const next = (): Pair | null => {
    const t = stepOf(here, e) + 1
    return chosen() && t < here.heights.length ? pointAt(here, t) : null
  }
  /** The nebula that the reader points at; `lit` counts moments from 0 up and nebulae from -1 down. */
  const pointed = () => (it.lit !== null && it.lit < 0 ? -1 - it.lit : null)
  const nebulae = { draws: it.draws, follows: it.follows, redraw: it.redraw, hold: it.hold, language: it.language, light: (i: number | null) => it.light(i === null ? null : -1 - i) }
  const marked = () => (pointed() !== null ? [pointed()!] : it.state.who === "gd" ? [] : chosen() ?? [])

  /** The points of its steps from `from` to `to`, counted from now. */
  const part = (walker: Walker, from: number, to: number) => {
    const t = stepOf(walker, e)
    const first = Math.max(0, t + from)
    const past = Math.min(walker.heights.length, t + to + 1)
    return Array.from({ length: past - first }, (_, i) => pointAt(walker, first + i))
  }

  // The plane of all lines; its layers from below
  const plane = plot(it, { name: words.plane, height: width => (width - 46) * 0.95 + 48, x: "w₁", y: "w₂", ticks: [4, 4] })
  plane.root.classList.add("plane")
  for (const name of ["levels", "others", "past", "future", "spots", "cloud", "ball", "pulls", "ends", "now", "step"]) plane.layer(name)
  plane.draws(() => {
    plane.frame(...PLANE)
    landscape(plane, "loss", o, LEVELS, 0)
    const { eta, decay, who, b } = it.state
    const past = part(here, -RECENT, 0)
    for (const one of WALKERS) {
      trail(plane, "past", one, one === who ? past : [], `${here.colour} thin`)
      trail(plane, "future", one, one === who ? part(here, 0, RECENT) : [], `${here.colour} thin faint`)
    }
    if (who === "gd") spots(plane, "spots", "gd", past, here.colour, 2.25)
    const cloud = who === "gd" ? [] : EVERY_24.filter(back => back < e - RECENT * here.price).map(back => pointOf(here, back))
    spots(plane, "cloud", "cloud", cloud, `${here.colour} half`, 1.5)
    // Two standard deviations of the walk without end, as in the chapter's figure.
    const ball = who === "gd" || decay || here.floor === Infinity ? [] : ballOf(eta, b, who)
    trail(plane, "ball", "ball", ball, "ink line dashed")

    // Every line through a drawn nebula lies on its dashes: there its own loss is zero, and that is where it pulls.
    const pulls = marked().slice(0, 8)
    for (let i = 0; i < 8; i++) {
      const nebula = pulls[i]
      const own = (w1: number): Pair => [w1, y[nebula!]! - w1 * x[nebula!]!]
      trail(plane, "pulls", String(i), nebula === undefined ? [] : [own(-9), own(9)], `c1 thin dashed${pulls.length > 1 ? " half" : ""}`)
    }
    dots(plane, "ends", "best", [best], "c2 ring", 8)
    dots(plane, "ends", who, [pointOf(here, BUDGET)], `${here.colour} ring`, 4.5)
    dots(plane, "now", who, [], "", 4)
    const g = o.grad(at)
    const size = Math.hypot(...g)
    const tip: Pair = [at[0] - 0.3 * g[0]! / (size || 1), at[1] - 0.3 * g[1]! / (size || 1)]
    const seen = size > 1e-9
    arrow(plane, "step", "gradient", at, seen ? tip : at, "ink thin")
    label(plane, "step", "gradient", seen ? tip : null, "−∇f", "ink", g[0]! > 0 ? -6 : 6, 4, g[0]! > 0 ? "end" : "start")
    arrow(plane, "step", "step", at, next() ?? at, `${here.colour} line`)
    dots(plane, "step", "now", [at], `${here.colour} dot`, 5.5)
  })
  plane.follows(() => {
    for (const one of WALKERS) {
      const other = walkers[one]
      trail(plane, "others", one, other === here ? [] : part(other, -RECENT, 0), `${other.colour} thin half`)
      if (other === here) continue
      if (one === "gd") spots(plane, "spots", "gd", part(other, -RECENT, 0), `${other.colour} half`, 2.25)
      dots(plane, "ends", one, [pointOf(other, BUDGET)], `${other.colour} ring`, 4.5)
      dots(plane, "now", one, [pointOf(other, e)], `${other.colour} dot`, 4)
    }
  })
  const ballOf = (eta: number, b: number, who: Who) => {
    const [p, q, r] = ideas.stationary(eta, who === "sgd" ? 1 : b)
    const det = p * r - q * q
    return conic([[r / det, -q / det], [-q / det, p / det]], best, 4)[0] ?? []
  }
  lights(plane, () => MOMENTS.map(spent => pointOf(here, spent)))
  const place = ([w1, w2]: Pair) => it.set({ w1: Number(w1.toPrecision(3)), w2: Number(w2.toPrecision(3)) })
  const told = () => words.lever(start(), high(...start()))
  const point = handle(plane, { name: words.start, axis: "both", at: start, move: place, text: told })
  it.hint(point, words.hint)

  // The nebulae, and the lines
  const sky = plot(nebulae, { name: words.data, height: width => (width - 46) * 0.95 + 48, x: "x", y: "y", ticks: [3, 4] })
  sky.root.classList.add("sky")
  const through = ([w1, w2]: Pair): Pair[] => SKY[0].map((x): Pair => [x, w1 * x + w2])
  sky.draws(() => {
    sky.frame(...SKY)
    trail(sky, "lines", "best", through(best), "c2 line")
    trail(sky, "lines", "start", through(start()), "c1 thin dashed")
    for (let i = 0; i < n; i++) {
      const foot: Pair = [x[i]!, at[0] * x[i]! + at[1]]
      line(sky, "residuals", String(i), marked().includes(i) ? [[x[i]!, y[i]!], foot] : [], "c1 line dotted")
    }
    trail(sky, "lines", "now", through(at), `${here.colour} line`)
    dots(sky, "points", "all", all.map((i): Pair => [x[i]!, y[i]!]), "c5 dot", 4)
    dots(sky, "points", "marked", marked().map((i): Pair => [x[i]!, y[i]!]), "c1 dot", 5.5)
  })
  lights(sky, () => all.map((i): Pair => [x[i]!, y[i]!]))
  lever(sky, {
    name: words.levers.w2,
    at: () => [0, it.state.w2],
    move: ([, y]) => place([it.state.w1, y]),
    text: told,
  })
  lever(sky, {
    name: words.levers.w1,
    at: () => {
      const { w1, w2 } = it.state
      const end = 2 * w1 + w2
      const [low, top] = SKY[1]
      const out = end > top ? top : end < low ? low : null
      return out === null ? [2, end] : [Math.max(0.8, (out - w2) / w1), out] // never within the other's reach
    },
    move: ([x, y]) => place([(y - it.state.w2) / Math.max(0.8, Math.min(2, x)), it.state.w2]),
    text: told,
  })

  // The account
  const column = (moments: readonly number[], price: number, heights: Float64Array) => moments
    .filter(spent => spent < heights.length * price)
    .map((spent): Pair => [spent, Math.max(1e-16, heights[Math.floor(spent / price)]!)])
  const account = plot(it, {
    name: words.heights, height: width => Math.max(190, width * 0.6), x: "#∇fᵢ", y: "f(w) − f(w*)", log: "xy", ticks: [5, 4], margin: { left: 44 }, follows: true,
  })
  account.root.classList.add("account")
  account.draws(() => {
    const { who } = it.state
    const columns = WALKERS.map(one => column(SHOWN, walkers[one].price, walkers[one].heights))
    const most = Math.max(1, 1.2 * Math.max(...columns.flat().map(([, y]) => y)))
    const top = Math.min(1e12, decade(most)) // so that another seed mostly leaves it
    account.frame([0.8, 1.25 * BUDGET], [LOWEST, top])
    WALKERS.forEach((one, i) => {
      const walker = walkers[one]
      const mean = one === "gd" ? [] : column(SMOOTH, walker.price, walker.expected)
      trail(account, "walks", one, columns[i]!, `${walker.colour} thin ${one === "gd" ? "" : one === who ? "half" : "faint"}`)
      trail(account, "means", one, mean, `${walker.colour} line dashed`)
    })
    const spent = Math.max(1, e)
    line(account, "now", "e", [[spent, LOWEST], [spent, top]], "c5 thin dashed")
    dots(account, "now", "now", WALKERS.map((one): Pair => {
      const walker = walkers[one]
      return [spent, Math.max(LOWEST / 10, walker.heights[stepOf(walker, e)]!)]
    }).reverse(), "ink dot", 3)
    dots(account, "now", "here", [[spent, here.heights[stepOf(here, e)]!]], `${here.colour} dot`, 5)
  })
  lights(account, () => MOMENTS.map((spent): Pair => [Math.max(1, spent), here.heights[stepOf(here, spent)]!]))

  // The cloud of gradients, and what is drawn from it
  const cloud = plot(nebulae, { name: words.cloud, height: width => (width - 50) * 0.7 + 48, x: "∂fᵢ/∂w₁", y: "∂fᵢ/∂w₂", ticks: [4, 4], margin: { left: 40 }, follows: true })
  const uphill = make("p", "uphill")
  const opposed = (a: Pair, b: Pair) => a[0] * b[0] + a[1] * b[1] < 0
  cloud.draws(() => {
    const gradients = all.map(i => o.sample(i, at))
    const mean = o.grad(at) as Pair
    const most = Math.max(...gradients.map(([a, b]) => Math.max(Math.abs(a), Math.abs(b) / 0.7)))
    const reach = leap(1.08 * most)
    cloud.frame([-reach, reach], [-0.7 * reach, 0.7 * reach])
    trail(cloud, "axes", "x", [[-reach, 0], [reach, 0]], "c5 thin dashed")
    trail(cloud, "axes", "y", [[0, -reach], [0, reach]], "c5 thin dashed")
    // What lies behind the line square to the mean pushes uphill.
    const size = Math.hypot(...mean)
    const far = size > 1e-9 ? 2 * reach / size : 0
    const border: Pair[] = [[-far * mean[1], far * mean[0]], [far * mean[1], -far * mean[0]]]
    trail(cloud, "axes", "border", far ? border : [], "c2 thin dotted")
    dots(cloud, "all", "all", gradients, "c5 dot", 4)
    dots(cloud, "all", "marked", marked().map(i => gradients[i]!), "c1 dot", 5.5)
    const samples = pointed() === null ? chosen() : [pointed()!]
    arrow(cloud, "step", "step", [0, 0], samples ? o.batch(samples, at) : [0, 0], `${pointed() === null ? here.colour : "c1"} line`)
    label(cloud, "step", "mean", mean, "■", "c2", 0, 5, "middle")
    label(cloud, "step", "name", mean, "∇f", "c2", mean[0] < 0 ? -9 : 9, -8, mean[0] < 0 ? "end" : "start")
  })
  it.follows(() => {
    const mean = o.grad(at) as Pair
    write(uphill, words.uphill(all.filter(i => opposed(o.sample(i, at), mean)).length, n))
  })
  lights(cloud, () => all.map(i => o.sample(i, at)))

  // What is told
  const story = () => {
    const i = pointed()
    const g = o.grad(at) as Pair
    if (i !== null) {
      const own = o.sample(i, at)
      return words.nebula({ name: names[i]!, x: x[i]!, y: y[i]!, above: y[i]! - at[0] * x[i]! - at[1], uphill: opposed(own, g) })
    }
    const samples = chosen()
    if (!samples) return here.end === null ? words.over : words.ended(here.end)
    const t = stepOf(here, e)
    const pull = o.batch(samples, at)
    const facts = {
      who: words.who[it.state.who], t: t + 1, names: samples.map(i => names[i]!), b: samples.length,
      inner: pull[0] * g[0] + pull[1] * g[1], from: here.heights[t]!, to: here.heights[t + 1] ?? null,
    }
    if (it.state.who === "gd") return words.whole(facts, e % n, n)
    return samples.length === 1 && it.state.who === "sgd" ? words.single(facts) : words.several(facts)
  }
  const judgement = () => {
    const { eta, decay, who } = it.state
    const { why } = words
    const { measured, mean, floor, price, regime, end } = here
    const limit = limitOf(who)
    const because = {
      converges: () => (decay ? why.slows : why.converges(eta, limits.gd)),
      cycles: () => why.cycles,
      diverges: () => (who === "gd" ? why.diverges : why.away)(eta, limits.gd),
      ball: () => why.ball(measured, floor),
      under: () => why.under(mean, floor),
      wild: () => why.wild(eta, limit, ideas.radius(eta, price)),
      settles: () => why.settles(measured, mean),
      tires: () => why.tires(60 * eta * mu, measured, mean),
    }[regime]()
    const calms = decay && eta > limit ? [why.calms(Math.floor(60 * (eta / limit - 1)) + 1)] : []
    return [because, ...calms, ...(end === null ? [] : [words.ended(end)])].join(words.gap)
  }
  const telling = make("p", "told")
  const judged = verdict()
  it.follows(() => {
    write(telling, story())
    judged.say(words.regimes[here.regime], here.colour, words.after + judgement())
  })

  // The three, side by side
  const cards = make("div", "cards")
  cards.setAttribute("role", "group")
  cards.setAttribute("aria-label", words.follow)
  for (const who of WALKERS) {
    const card = button("", "card", () => it.set({ who }))
    const price = make("small", "")
    card.append(group("head", make("b", "", words.who[who]), price))
    const rows = (["steps", "now", "tail", "floor", "rough"] as const).map(key => {
      const [name, value] = [make("span", "", words.facts[key]), make("span", "value")]
      card.append(group("fact", name, value))
      return [name, value] as const
    })
    cards.append(card)
    it.follows(() => {
      const walker = walkers[who]
      const { eta, decay } = it.state
      const t = stepOf(walker, e)
      put(card, { class: `card ${walker.colour}`, "aria-pressed": String(it.state.who === who) })
      write(price, words.price(walker.price))
      const rough = who === "gd" ? 0 : eta / walker.price * ideas.kicks / 4
      const values = [
        String(t), words.small(walker.heights[t]!), words.small(walker.measured),
        words.small(decay ? walker.mean : walker.regime === "diverges" ? Infinity : walker.floor), decay ? "–" : words.small(rough),
      ]
      write(rows[3]![0], decay ? words.facts.mean : words.facts.floor)
      rows.forEach(([, value], i) => write(value, values[i]!))
    })
  }

  // The knobs
  const rate = slider(it, { key: "eta", label: words.eta, log: true, text: v => `η = ${number(v)}` })
  rate.band(() => {
    const own = limitOf(it.state.who)
    const { max } = table.eta
    return [
      { to: own, classes: COLOURS[it.state.who], name: words.regimes[it.state.who === "gd" ? "converges" : "ball"] },
      { to: limits.gd, classes: "c3 wild", name: words.regimes.wild },
      { to: max, classes: "c3", name: words.regimes.diverges },
    ]
  })
  rate.landmarks(() => [
    { at: limits.safe, label: "2/Lₘₐₓ", name: words.marks.safe },
    { at: 1 / L, label: "1/L", name: words.marks.whole },
    ...[...new Set([1, it.state.b])].map(b => ({ at: ideas.limit(b), label: `b = ${b}`, name: words.marks.own(b) })),
    { at: 2 / L, label: "2/L", name: words.marks.limit },
  ])
  const batch = slider(it, { key: "b", label: words.b, log: true, text: v => `b = ${v}` })
  const play = player(it, { key: "k", last: () => MOMENTS.length - 1, text: () => words.spent(e) })
  const seed = group("seed", numberField(it, { key: "seed", label: words.seed }),
    button(words.another, "another", () => it.set({ seed: (it.state.seed + 1) % (table.seed.max + 1) })))

  it.stage.append(group("board",
    plane.root, sky.root,
    group("controls", play, telling, judged.root, cards,
      group("knobs", rate.root, group("", batch.root, toggle(it, { key: "decay", label: words.decay }), seed))),
    account.root, group("gradients", cloud.root, uphill)))

  return {
    sentence() {
      const { eta, decay, b, seed, who } = it.state
      return [
        words.state(words.at(start()), eta, decay, b, seed, words.spent(e)),
        words.who[who] + words.after + words.regimes[here.regime] + words.after + judgement(), story(),
      ].join(words.gap)
    },
  }
})

const EVERY_24 = Array.from({ length: BUDGET / 24 }, (_, i) => i * 24)

const group = (classes: string, ...parts: HTMLElement[]) => {
  const made = make("div", classes)
  made.append(...parts)
  return made
}

/** A handle that the keys move up and down only, and that says so. */
function lever(sky: Plot, options: { name: string; at: () => Pair; move: (to: Pair) => void; text: () => string }): void {
  const box = handle(sky, { ...options, axis: "both", value: 1 })
  box.addEventListener("keydown", event => {
    const [right, up] = direction(event)
    if (event.ctrlKey || event.metaKey || !(right + up)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const [low, high] = sky.y.domain()
    const [x, y] = options.at()
    options.move([x, Math.min(high, Math.max(low, y + (right + up) * (high - low)))])
  }, { capture: true })
  box.setAttribute("aria-orientation", "vertical")
}
